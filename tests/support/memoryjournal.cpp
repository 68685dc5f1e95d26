#include "support/memoryjournal.h"

#include "base/future.h"

#include <algorithm>

namespace pilothouse {

QFuture<Result<Record>> MemoryJournal::append(const Record &record)
{
    if (m_error)
        return ready<Record>(fail(*m_error));
    Record kept = record;
    kept.seq = m_records.size() + 1;
    if (!kept.at.isValid())
        kept.at = QDateTime::currentDateTimeUtc();
    m_records.append(kept);
    if (kept.kind == RecordKind::Outcome)
        m_orphans.removeAll(kept.id);
    Q_EMIT appended(kept);
    if (m_holding != kept.kind)
        return ready<Record>(kept);
    QPromise<Result<Record>> promise;
    promise.start();
    QFuture<Result<Record>> answer = promise.future();
    m_held.emplace_back(std::move(promise), kept);
    return answer;
}

void MemoryJournal::answer()
{
    m_holding.reset();
    for (auto &[promise, record] : std::exchange(m_held, {})) {
        promise.addResult(Result<Record>(record));
        promise.finish();
    }
}

QFuture<Result<QList<Record>>> MemoryJournal::newest(int limit)
{
    if (m_error)
        return ready<QList<Record>>(fail(*m_error));
    QList<Record> records = m_records;
    std::reverse(records.begin(), records.end());
    return ready<QList<Record>>(records.mid(0, limit));
}

QFuture<Result<QList<Record>>> MemoryJournal::orphans()
{
    if (m_error)
        return ready<QList<Record>>(fail(*m_error));
    QList<Record> found;
    for (const Record &record : std::as_const(m_records)) {
        if (record.kind == RecordKind::Intent && m_orphans.contains(record.id))
            found.append(record);
    }
    return ready<QList<Record>>(found);
}

QFuture<Result<ChainState>> MemoryJournal::verify()
{
    if (m_error)
        return ready<ChainState>(fail(*m_error));
    return ready<ChainState>(ChainState{true, 0, m_records.size()});
}

void MemoryJournal::addOrphan(const Record &intent)
{
    Record kept = intent;
    kept.kind = RecordKind::Intent;
    kept.seq = m_records.size() + 1;
    m_records.append(kept);
    m_orphans.append(kept.id);
}

QList<Record> MemoryJournal::records(RecordKind kind) const
{
    QList<Record> found;
    for (const Record &record : m_records) {
        if (record.kind == kind)
            found.append(record);
    }
    return found;
}

QList<Record> MemoryJournal::outcomesOf(const Record &intent) const
{
    QList<Record> outcomes = records(RecordKind::Outcome);
    outcomes.removeIf([&](const Record &each) { return each.id != intent.id; });
    return outcomes;
}

QStringList MemoryJournal::lines() const
{
    const auto text = [](const Record &record, const char *key) {
        return record.body[QLatin1String(key)].toString();
    };
    QStringList lines;
    for (const Record &record : m_records)
        lines.append(record.kind == RecordKind::Intent
                         ? QStringLiteral("intent ") + text(record, "verb")
                         : QStringLiteral("outcome %1: %2")
                               .arg(text(record, "outcome"), text(record, "text")));
    return lines;
}

} // namespace pilothouse
