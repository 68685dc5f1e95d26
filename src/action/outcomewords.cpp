#include "action/outcomewords.h"

#include <array>
#include <utility>

namespace pilothouse {

namespace {

const std::array<std::pair<Outcome::Kind, QLatin1String>, 5> keys{{
    {Outcome::Kind::Done, QLatin1String("done")},
    {Outcome::Kind::Failed, QLatin1String("failed")},
    {Outcome::Kind::Refused, QLatin1String("refused")},
    {Outcome::Kind::Conflict, QLatin1String("conflict")},
    {Outcome::Kind::Unknown, QLatin1String("unknown")},
}};

} // namespace

QString outcomeKey(Outcome::Kind kind)
{
    for (const auto &[known, word] : keys) {
        if (known == kind)
            return word;
    }
    return QStringLiteral("unknown");
}

Outcome::Kind outcomeKind(const QString &key)
{
    for (const auto &[kind, word] : keys) {
        if (word == key)
            return kind;
    }
    return Outcome::Kind::Unknown;
}

Record outcomeRecord(const IntentId &id, const QString &subject, const QString &actor,
                     const Outcome &outcome)
{
    Record record;
    record.kind = RecordKind::Outcome;
    record.id = id;
    record.subject = subject;
    record.actor = actor;
    record.body = outcome.body;
    record.body[QLatin1String("outcome")] = outcomeKey(outcome.kind);
    record.body[QLatin1String("text")] = outcome.text;
    return record;
}

Outcome outcomeOf(const Record &record)
{
    Outcome outcome;
    outcome.kind = outcomeKind(record.body[QLatin1String("outcome")].toString());
    outcome.text = record.body[QLatin1String("text")].toString();
    outcome.body = record.body;
    return outcome;
}

Outcome outcomeOf(const Error &error)
{
    Outcome outcome;
    outcome.text = error.message;
    switch (error.kind) {
    case ErrorKind::Conflict:
        outcome.kind = Outcome::Kind::Conflict;
        break;
    case ErrorKind::Refused:
        outcome.kind = Outcome::Kind::Refused;
        break;
    case ErrorKind::TimedOut:
        outcome.kind = Outcome::Kind::Unknown;
        break;
    default:
        outcome.kind = Outcome::Kind::Failed;
    }
    return outcome;
}

bool mayBeDone(const Error &error)
{
    return error.kind == ErrorKind::TimedOut || error.kind == ErrorKind::Unavailable
           || error.kind == ErrorKind::Malformed || error.kind == ErrorKind::Cancelled;
}

} // namespace pilothouse
