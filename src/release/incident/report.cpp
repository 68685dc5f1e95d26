#include "release/incident/report.h"

#include "base/words.h"
#include "release/lately.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

/// How much of the journal before the alert belongs to the story.
constexpr int minutesBefore = 30;
constexpr int minutesAfter = 30;

QString stamp(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz 'UTC'"));
}

QString commitWords(const CommitId &commit)
{
    return commit.value.isEmpty() ? Words::tr("an unknown commit") : shortSha(commit);
}

/// Text of a person or a system, so that nothing in it is taken for Markdown.
QString escaped(const QString &text)
{
    QString out;
    for (const QChar each : text) {
        if (QStringLiteral("\\`*_[]<>#|").contains(each))
            out += QLatin1Char('\\');
        out += each == QLatin1Char('\n') ? QLatin1Char(' ') : each;
    }
    return out;
}

QJsonValue timeJson(const QDateTime &at)
{
    return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue::Null;
}

QJsonValue tookJson(const std::optional<milliseconds> &took)
{
    return took ? QJsonValue(qint64(took->count())) : QJsonValue(QJsonValue::Null);
}

} // namespace

QString tookWords(milliseconds took)
{
    if (took < milliseconds(10'000))
        return Words::tr("%1 s").arg(double(took.count()) / 1000.0, 0, 'f', 1);
    const qint64 seconds = took.count() / 1000;
    const QString rest
        = QStringLiteral("%1:%2").arg(seconds / 60 % 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
    if (seconds < 3600)
        return rest;
    return QStringLiteral("%1:%2:%3")
        .arg(seconds / 3600)
        .arg(seconds / 60 % 60, 2, 10, QLatin1Char('0'))
        .arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString failedWords(const Incident &incident)
{
    if (!incident.failedRequests)
        return Words::tr("failed requests not counted");
    const QString counted = requestsWords(*incident.failedRequests);
    return incident.notCounted.isEmpty() ? Words::tr("%1 failed").arg(counted)
                                         : Words::tr("at least %1 failed").arg(counted);
}

QString scoreWords(const Incident &incident)
{
    QStringList words;
    if (const auto took = alertToScreen(incident))
        words << Words::tr("alert → screen %1").arg(tookWords(*took));
    if (const auto took = screenToConfirm(incident))
        words << Words::tr("screen → confirm %1").arg(tookWords(*took));
    words << Words::tr("confirm → weight 0 %1").arg(tookWords(confirmToAccepted(incident)));
    words << failedWords(incident);
    return words.join(QStringLiteral(" · "));
}

QStringList missesOf(const Incident &incident)
{
    QStringList misses;
    for (const QString &sign : incident.signsPassed)
        misses << Words::tr("Promoted in spite of %1").arg(sign);
    for (const QString &track : incident.wrongFirst)
        misses << Words::tr("%1 was rolled back first: it had no alert").arg(track);
    return misses;
}

QString incidentMarkdown(const Incident &incident, const QList<Record> &records)
{
    QString text = Words::tr("# %1: %2 rolled back to %3\n\n")
                       .arg(escaped(incident.track.value), commitWords(incident.bad),
                            commitWords(incident.to));
    const auto line = [&text](const QString &name, const QString &value) {
        text += QStringLiteral("- %1: %2\n").arg(name, value);
    };
    line(Words::tr("Alert"), incident.alert.isEmpty()
                                 ? Words::tr("none was seen before it was rolled back")
                                 : Words::tr("%1, true since %2")
                                       .arg(escaped(incident.alert), stamp(incident.alertedAt)));
    if (incident.seenAt.isValid())
        line(Words::tr("On a screen"), stamp(incident.seenAt));
    line(Words::tr("Confirmed"),
         Words::tr("%1 by %2").arg(stamp(incident.confirmedAt), escaped(incident.by)));
    line(Words::tr("Weight 0 accepted"), stamp(incident.acceptedAt));
    line(Words::tr("Took"), scoreWords(incident));
    if (!incident.notCounted.isEmpty())
        line(Words::tr("About the count"), escaped(incident.notCounted));
    const QStringList misses = missesOf(incident);
    text += QLatin1Char('\n') + Words::tr("## Passed over before\n\n");
    if (misses.isEmpty())
        text += Words::tr("Nothing that the journal knows of.\n");
    for (const QString &miss : misses)
        text += QStringLiteral("- %1\n").arg(escaped(miss));
    text += QLatin1Char('\n') + Words::tr("## What was written down\n\n");
    const QDateTime begin
        = (incident.alertedAt.isValid() ? incident.alertedAt : incident.confirmedAt)
              .addSecs(-minutesBefore * 60);
    const QDateTime end = incident.acceptedAt.addSecs(minutesAfter * 60);
    const QList<LatelyLine> lines = linesOf(records);
    for (auto each = lines.crbegin(); each != lines.crend(); ++each) {
        if (each->at >= begin && each->at <= end)
            text += QStringLiteral("- %1 %2: %3\n")
                        .arg(stamp(each->at), escaped(each->who), escaped(each->what));
    }
    return text;
}

QJsonObject incidentJson(const Incident &incident)
{
    return {{QStringLiteral("track"), incident.track.value},
            {QStringLiteral("bad"), incident.bad.value},
            {QStringLiteral("to"), incident.to.value},
            {QStringLiteral("by"), incident.by},
            {QStringLiteral("alert"), incident.alert},
            {QStringLiteral("alertedAt"), timeJson(incident.alertedAt)},
            {QStringLiteral("seenAt"), timeJson(incident.seenAt)},
            {QStringLiteral("confirmedAt"), timeJson(incident.confirmedAt)},
            {QStringLiteral("acceptedAt"), timeJson(incident.acceptedAt)},
            {QStringLiteral("alertToScreenMs"), tookJson(alertToScreen(incident))},
            {QStringLiteral("screenToConfirmMs"), tookJson(screenToConfirm(incident))},
            {QStringLiteral("confirmToAcceptedMs"), tookJson(confirmToAccepted(incident))},
            {QStringLiteral("failedRequests"), incident.failedRequests
                                                   ? QJsonValue(*incident.failedRequests)
                                                   : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("notCounted"), incident.notCounted},
            {QStringLiteral("signsPassed"), QJsonArray::fromStringList(incident.signsPassed)},
            {QStringLiteral("wrongFirst"), QJsonArray::fromStringList(incident.wrongFirst)}};
}

QJsonObject recordJson(const Record &record)
{
    const auto word = [](RecordKind kind) {
        switch (kind) {
        case RecordKind::Intent:
            return QStringLiteral("intent");
        case RecordKind::Outcome:
            return QStringLiteral("outcome");
        case RecordKind::Note:
            break;
        }
        return QStringLiteral("note");
    };
    return {{QStringLiteral("seq"), record.seq},
            {QStringLiteral("at"), record.at.toUTC().toString(Qt::ISODateWithMs)},
            {QStringLiteral("kind"), word(record.kind)},
            {QStringLiteral("id"), record.id.value},
            {QStringLiteral("subject"), record.subject},
            {QStringLiteral("actor"), record.actor},
            {QStringLiteral("body"), record.body},
            {QStringLiteral("previous"), QString::fromLatin1(record.previous.toHex())},
            {QStringLiteral("hash"), QString::fromLatin1(record.hash.toHex())}};
}

} // namespace pilothouse
