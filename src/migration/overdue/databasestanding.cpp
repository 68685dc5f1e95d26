#include "migration/overdue/databasestanding.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

namespace {

struct Late
{
    int contracts = 0;
    int leftovers = 0;
    int daysLeft = 0; ///< of the contract that is the latest
};

Late lateIn(const QList<DatabaseStanding> &standings)
{
    Late late;
    for (const DatabaseStanding &standing : standings) {
        for (const OpenContract &contract : standing.contracts) {
            late.contracts += contract.isLate() ? 1 : 0;
            late.daysLeft = std::min(late.daysLeft, contract.daysLeft);
        }
        for (const Leftover &leftover : standing.leftovers)
            late.leftovers += isLate(leftover, standing.at) ? 1 : 0;
    }
    return late;
}

} // namespace

std::optional<int> ageInDays(const Leftover &leftover, const QDateTime &now)
{
    if (!leftover.since.isValid() || !now.isValid())
        return std::nullopt;
    return int(leftover.since.daysTo(now));
}

bool isLate(const Leftover &leftover, const QDateTime &now)
{
    const std::optional<int> age = ageInDays(leftover, now);
    return age && *age > leftoverDays;
}

DatabaseStanding databaseStanding(const QString &database, const QList<FiledChange> &files,
                                  const Result<Traces> &traces, const QStringList &problems)
{
    DatabaseStanding standing;
    standing.database = database;
    standing.unread = problems;
    if (!traces) {
        standing.unread << traces.error().message;
        standing.contracts = openContracts(files, std::nullopt);
        return standing;
    }
    standing.at = traces->at;
    if (!traces->recordHidden.isEmpty())
        standing.unread << traces->recordHidden;
    standing.contracts = openContracts(files, *traces);
    standing.leftovers = leftoversOfNobody(*traces, files, standing.contracts);
    return standing;
}

int lateCount(const QList<DatabaseStanding> &standings)
{
    const Late late = lateIn(standings);
    return late.contracts + late.leftovers;
}

bool isAllRead(const QList<DatabaseStanding> &standings)
{
    return std::all_of(standings.cbegin(), standings.cend(),
                       [](const DatabaseStanding &standing) { return standing.unread.isEmpty(); });
}

QString lateSentence(const QList<DatabaseStanding> &standings)
{
    const Late late = lateIn(standings);
    const QString when = lateWords(late.daysLeft);
    QStringList words;
    if (late.contracts == 1)
        words << Words::tr("1 contract waiting, %1").arg(when);
    else if (late.contracts > 1)
        words << Words::tr("%1 contracts waiting, oldest %2").arg(late.contracts).arg(when);
    if (late.leftovers == 1)
        words << Words::tr("1 thing left half-finished");
    else if (late.leftovers > 1)
        words << Words::tr("%1 things left half-finished").arg(late.leftovers);
    return words.join(QStringLiteral(" · "));
}

} // namespace pilothouse
