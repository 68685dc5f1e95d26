#pragma once

#include "journal/journal.h"

#include <QPromise>

#include <utility>
#include <vector>

namespace pilothouse {

/// A journal in memory for controllers under test. Answers are ready at once; hashes are not kept.
class MemoryJournal final : public Journal
{
    Q_OBJECT

public:
    using Journal::Journal;

    [[nodiscard]] QFuture<Result<Record>> append(const Record &record) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> newest(int limit) override;
    [[nodiscard]] QFuture<Result<QList<Record>>> orphans() override;
    [[nodiscard]] QFuture<Result<ChainState>> verify() override;

    /// From now on every call fails with this; a default Error lets it work again.
    void failWith(const std::optional<Error> &error) { m_error = error; }
    /// From now on records of this kind are taken, but their answers wait for `answer`: a slow
    /// disk.
    void hold(RecordKind kind) { m_holding = kind; }
    void answer();
    /// An intent of a process that is gone.
    void addOrphan(const Record &intent);
    /// Oldest first.
    [[nodiscard]] const QList<Record> &records() const { return m_records; }
    /// Of this kind, oldest first.
    [[nodiscard]] QList<Record> records(RecordKind kind) const;
    /// What was told of an intent, oldest first; one, when all is well.
    [[nodiscard]] QList<Record> outcomesOf(const Record &intent) const;
    /// Every record in a line, oldest first, for whoever reads of a failure: "intent promote".
    [[nodiscard]] QStringList lines() const;

private:
    QList<Record> m_records;
    QList<IntentId> m_orphans;
    std::optional<Error> m_error;
    std::optional<RecordKind> m_holding;
    std::vector<std::pair<QPromise<Result<Record>>, Record>> m_held;
};

} // namespace pilothouse
