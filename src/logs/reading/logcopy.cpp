#include "logs/reading/logcopy.h"

#include "base/words.h"
#include "logs/logline.h"

#include <QPromise>
#include <QRegularExpression>
#include <QSaveFile>
#include <QThreadPool>

#include <memory>

namespace pilothouse {
namespace {

constexpr qint64 exportPiece = 1 << 20;
constexpr qint64 stampReach = 64;

Result<void> writeLog(const LogText &text, const QString &path)
{
    QSaveFile out(path);
    const auto failed = [&] {
        return fail(ErrorKind::Unavailable,
                    Words::tr("“%1” cannot be written. Check its rights and free space.").arg(path),
                    out.errorString());
    };
    if (!out.open(QIODevice::WriteOnly))
        return failed();
    QByteArray piece(exportPiece, Qt::Uninitialized);
    for (qint64 at = 0; at < text.index.size();) {
        const qint64 read
            = text.file->read(at, piece.data(), std::min(exportPiece, text.index.size() - at));
        if (read <= 0)
            return fail(ErrorKind::Unavailable,
                        Words::tr("The log became shorter while it was exported. Open it again."));
        if (out.write(piece.constData(), read) != read)
            return failed();
        at += read;
    }
    if (text.open && out.write(*text.open) != text.open->size())
        return failed();
    if (!out.commit())
        return failed();
    return {};
}

/// The first line from `line` to before `end` that has a stamp, and its time; -1 if none has.
std::pair<qint64, QDateTime> stampedLine(const LogText &text, qint64 line, qint64 end)
{
    for (; line < end; ++line) {
        QDateTime at;
        if (stampLength(text.line(line, stampReach), &at) > 0)
            return {line, at};
    }
    return {-1, {}};
}

} // namespace

QString copiedLines(const LogText &text, qint64 first, const std::function<qint64(qint64)> &next,
                    CopyForm form)
{
    QString out;
    bool coloured = false;
    for (qint64 number = first; number >= 0; number = next(number)) {
        if (number != first)
            out += QLatin1Char('\n');
        const QByteArray bytes = text.line(number, form.longest);
        const qsizetype stamp = stampLength(bytes);
        if (form.has(CopyForm::Times))
            out += QString::fromLatin1(bytes.left(stamp));
        if (form.has(CopyForm::Colours)) {
            out += QString::fromUtf8(bytes.mid(stamp));
            coloured = coloured || bytes.contains('\x1b');
        } else {
            out += readLine(bytes).text;
        }
        const qint64 length = text.length(number);
        const qint64 end = number < text.index.endedLines() ? 1 : 0;
        if (length - end > form.longest)
            out += Words::tr(" [%1 bytes more: export the log]").arg(length - end - form.longest);
    }
    if (coloured)
        out += QStringLiteral("\x1b[0m");
    return out;
}

QString linkToLine(const QString &place, const QString &title, qint64 line)
{
    if (!place.isEmpty())
        return QStringLiteral("%1#L%2").arg(place).arg(line + 1);
    return Words::tr("LOG %1 · line %2").arg(title).arg(line + 1);
}

QFuture<Result<void>> exportLog(const LogText &text, const QString &path)
{
    auto promise = std::make_shared<QPromise<Result<void>>>();
    QFuture<Result<void>> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, text, path] {
        promise->addResult(writeLog(text, path));
        promise->finish();
    });
    return future;
}

qint64 lineAtTime(const LogText &text, const QDateTime &time)
{
    qint64 low = 0;
    qint64 high = text.lineCount();
    qint64 found = -1;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        const auto [line, at] = stampedLine(text, middle, high);
        if (line < 0) {
            high = middle;
        } else if (at < time) {
            low = line + 1;
        } else {
            found = line;
            high = middle;
        }
    }
    return found;
}

Result<qint64> lineMeantBy(const LogText &text, const QString &words)
{
    static const QRegularExpression number(QStringLiteral("^[Ll]?(\\d[\\d, ]*)$"));
    static const QRegularExpression clock(QStringLiteral(
        "^(?:(\\d{4}-\\d\\d-\\d\\d)[ T])?(\\d?\\d):(\\d\\d)(?::(\\d\\d)(?:\\.\\d+)?)?$"));
    const QString said = words.trimmed();
    if (const auto match = number.match(said); match.hasMatch()) {
        QString digits = match.captured(1);
        const qint64 line = digits.remove(QLatin1Char(',')).remove(QLatin1Char(' ')).toLongLong();
        return line >= 1 && line <= text.lineCount() ? line - 1 : -1;
    }
    const auto match = clock.match(said);
    const QTime time(match.captured(2).toInt(), match.captured(3).toInt(),
                     match.captured(4).toInt());
    if (!match.hasMatch() || !time.isValid())
        return fail(ErrorKind::BadInput,
                    Words::tr("Give a line (12408) or a time (14:33:51, 2026-11-24 14:33)."));
    const auto [first, begin] = stampedLine(text, 0, text.lineCount());
    if (first < 0)
        return -1;
    const bool dated = !match.captured(1).isEmpty();
    const QDate date
        = dated ? QDate::fromString(match.captured(1), Qt::ISODate) : begin.toLocalTime().date();
    QDateTime meant(date, time);
    // Without a date, a time before the begin is one of the day after: a log past midnight.
    if (!dated && meant.secsTo(begin) > 0 && lineAtTime(text, meant.addDays(1)) >= 0)
        meant = meant.addDays(1);
    return lineAtTime(text, meant);
}

} // namespace pilothouse
