#include "release/compare/changedifference.h"

#include "base/words.h"

namespace pilothouse {

ChangeDifference changeDifference(const ChangedFile &file, const QByteArray &before,
                                  const QByteArray &after)
{
    ChangeDifference change;
    change.path = file.path;
    change.how = file.how;
    const QString own = file.path.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, -2);
    change.name = ChangeName(own);
    // The newer one last: its name and column stand.
    const auto read = [&](const QByteArray &content, std::optional<bool> &ready) {
        change.problem.clear();
        if (content.isEmpty())
            return;
        const Result<Change> known = readChange(content, file.path, {});
        if (!known) {
            change.problem = known.error().message;
            return;
        }
        ready = known->contractReady;
        change.name = known->name;
        change.column = known->column;
    };
    read(before, change.readyBefore);
    read(after, change.readyAfter);
    return change;
}

QString changeWords(const ChangeDifference &change)
{
    if (change.how == ChangedFile::How::Removed)
        return Words::tr("its file is gone");
    if (!change.problem.isEmpty())
        return Words::tr("its file cannot be read");
    const bool fills = change.readyAfter.value_or(false);
    if (change.how == ChangedFile::How::Added)
        return fills ? Words::tr("new, and the code fills %1").arg(change.column)
                     : Words::tr("new, the code does not fill %1 yet").arg(change.column);
    if (fills != change.readyBefore.value_or(false))
        return fills ? Words::tr("the code now fills %1").arg(change.column)
                     : Words::tr("the code no longer fills %1").arg(change.column);
    return Words::tr("edited");
}

} // namespace pilothouse
