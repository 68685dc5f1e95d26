#include "release/incident/incident.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "rollout/analysis/judge.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

const QString seenEvent = QStringLiteral("alert seen");
const QString damageEvent = QStringLiteral("incident counted");

QString textIn(const Record &record, const char *key)
{
    return record.body[QLatin1String(key)].toString();
}

QDateTime timeIn(const Record &record, const char *key)
{
    return QDateTime::fromString(textIn(record, key), Qt::ISODateWithMs).toUTC();
}

bool isIntent(const Record &record, const char *verb)
{
    return record.kind == RecordKind::Intent && textIn(record, "verb") == QLatin1String(verb);
}

bool isNote(const Record &record, const QString &event, const QString &subject)
{
    return record.kind == RecordKind::Note && record.subject == subject
           && textIn(record, "event") == event;
}

/// What was not well when it was promoted, in the words of its judgement, or fired.
QStringList signsIn(const Record &promotion)
{
    QStringList signs;
    const QJsonArray evidence = promotion.body[QLatin1String("evidence")].toArray();
    for (const QJsonValue &value : evidence) {
        const QString verdict = value[QLatin1String("verdict")].toString();
        if (verdict != verdictWord(Verdict::Pass))
            signs.append(QStringLiteral("%1 %2: %3")
                             .arg(value[QLatin1String("check")].toString(), verdict,
                                  value[QLatin1String("sentence")].toString()));
    }
    return signs;
}

/// Reads the records oldest first and keeps what the next rollback will want to know.
class Reader
{
public:
    explicit Reader(const QList<Record> &records)
    {
        for (const Record &record : records) {
            if (record.kind == RecordKind::Outcome)
                m_outcomes.insert(record.id, record);
        }
        std::for_each(records.crbegin(), records.crend(),
                      [this](const Record &record) { take(record); });
    }

    [[nodiscard]] QList<Incident> newestFirst() const
    {
        return {m_incidents.crbegin(), m_incidents.crend()};
    }

private:
    struct Open
    {
        QString alert;
        QDateTime alertedAt;
        QDateTime seenAt;
        QStringList signs;
        CommitId candidate; ///< whose signs they are
    };

    void take(const Record &record)
    {
        Open &open = m_open[record.subject];
        if (isIntent(record, "promote") && isDone(record)) {
            const CommitId candidate{textIn(record, "targetCommit")};
            if (candidate != open.candidate)
                open.signs.clear();
            open.candidate = candidate;
            for (const QString &sign : signsIn(record)) {
                if (!open.signs.contains(sign))
                    open.signs.append(sign);
            }
        } else if (isNote(record, seenEvent, record.subject)) {
            if (open.alert.isEmpty())
                open = {textIn(record, "alert"), timeIn(record, "alertedAt"), record.at, open.signs,
                        open.candidate};
        } else if (isIntent(record, "roll back") && isDone(record)) {
            m_incidents.append(incident(record, open));
            m_rollbacks.append(record.id);
            open = {};
        } else if (isNote(record, damageEvent, record.subject)) {
            count(record);
        }
    }

    [[nodiscard]] bool isDone(const Record &intent) const
    {
        const auto end = m_outcomes.constFind(intent.id);
        return end != m_outcomes.constEnd() && outcomeOf(*end).kind == Outcome::Kind::Done;
    }

    [[nodiscard]] Incident incident(const Record &rollback, const Open &open) const
    {
        const Record end = m_outcomes.value(rollback.id);
        Incident made;
        made.track = TrackName{rollback.subject};
        made.bad = CommitId{textIn(rollback, "leaving")};
        made.to = CommitId{textIn(rollback, "targetCommit")};
        made.by = rollback.actor;
        made.alert = open.alert;
        made.alertedAt = open.alertedAt;
        made.seenAt = open.seenAt;
        made.confirmedAt = rollback.at;
        made.acceptedAt = end.at;
        made.came = outcomeOf(end).text;
        made.notCounted = Words::tr("nobody counted: the window was closed, or it is not over");
        if (open.candidate == made.bad)
            made.signsPassed = open.signs;
        for (const Incident &earlier : m_incidents) {
            if (earlier.track != made.track && made.alertedAt.isValid()
                && earlier.confirmedAt >= made.alertedAt && earlier.alert.isEmpty())
                made.wrongFirst.append(earlier.track.value);
        }
        return made;
    }

    void count(const Record &note)
    {
        const qsizetype at = m_rollbacks.indexOf(IntentId{textIn(note, "rollback")});
        if (at < 0)
            return;
        const QJsonValue failed = note.body[QLatin1String("failedRequests")];
        if (failed.isDouble())
            m_incidents[at].failedRequests = failed.toDouble();
        m_incidents[at].notCounted = textIn(note, "notCounted");
    }

    QHash<IntentId, Record> m_outcomes;
    QHash<QString, Open> m_open; ///< by track
    QList<Incident> m_incidents; ///< oldest first
    QList<IntentId> m_rollbacks; ///< beside m_incidents
};

Record note(const TrackName &track, const QString &actor, const QJsonObject &body)
{
    Record made;
    made.kind = RecordKind::Note;
    made.subject = track.value;
    made.actor = actor;
    made.body = body;
    return made;
}

std::optional<milliseconds> between(const QDateTime &from, const QDateTime &to)
{
    if (!from.isValid() || !to.isValid())
        return std::nullopt;
    return milliseconds(std::max<qint64>(0, from.msecsTo(to)));
}

} // namespace

std::optional<milliseconds> alertToScreen(const Incident &incident)
{
    return between(incident.alertedAt, incident.seenAt);
}

std::optional<milliseconds> screenToConfirm(const Incident &incident)
{
    return between(incident.seenAt, incident.confirmedAt);
}

milliseconds confirmToAccepted(const Incident &incident)
{
    return between(incident.confirmedAt, incident.acceptedAt).value_or(milliseconds(0));
}

QString requestsWords(double requests)
{
    const qint64 whole = std::llround(requests);
    return whole == 1 ? Words::tr("1 request") : Words::tr("%1 requests").arg(whole);
}

QList<Incident> incidentsOf(const QList<Record> &records)
{
    return Reader(records).newestFirst();
}

Record alertSeenNote(const TrackName &track, const QString &actor, const QString &alert,
                     const QDateTime &alertedAt)
{
    return note(track, actor,
                {{QStringLiteral("event"), seenEvent},
                 {QStringLiteral("alert"), alert},
                 {QStringLiteral("alertedAt"), alertedAt.toUTC().toString(Qt::ISODateWithMs)},
                 {QStringLiteral("text"), Words::tr("saw the alert %1").arg(alert)}});
}

Record damageNote(const TrackName &track, const QString &actor, const IntentId &rollback,
                  const Damage &damage)
{
    QJsonObject body{{QStringLiteral("event"), damageEvent},
                     {QStringLiteral("rollback"), rollback.value},
                     {QStringLiteral("notCounted"), damage.notCounted},
                     {QStringLiteral("text"), Words::tr("it is over; how many requests failed "
                                                        "cannot be told: %1")
                                                  .arg(damage.notCounted)}};
    if (damage.failedRequests) {
        body[QLatin1String("failedRequests")] = *damage.failedRequests;
        const QString counted = requestsWords(*damage.failedRequests);
        const QString text
            = damage.notCounted.isEmpty()
                  ? Words::tr("it is over; %1 failed").arg(counted)
                  : Words::tr("it is over; at least %1 failed: %2").arg(counted, damage.notCounted);
        body[QLatin1String("text")] = text;
    }
    return note(track, actor, body);
}

} // namespace pilothouse
