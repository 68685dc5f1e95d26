#pragma once

#include "base/clock.h"
#include "connectors/postgres/postgressettings.h"
#include "migration/database.h"
#include "migration/overdue/traces.h"

#include <QTimer>

#include <map>
#include <memory>

namespace pilothouse {

class LockQueue;
class Passage;
class Session;
struct BackfillMemory;

/// A PostgreSQL database (15 to 18) over Qt SQL's QPSQL: two connections, each with a thread of its
/// own. The worker writes; the watcher reads facts and is the only one that cancels. Connections
/// are made at the first question and made again after a loss; nothing is retried by itself, as
/// only the facts can tell what a lost statement did; what the worker does for a change it does in
/// the session that holds the runner lock of it, or not at all. A statement without a time limit is
/// given up when the watcher sees that the server is not at it. One that stops others is cancelled
/// by the watcher when too many queue behind it, or one for too long: LockTimedOut, or Cancelled in
/// a Long group, with that as its detail.
class PostgresDatabase final : public Database, public TraceSource
{
    Q_OBJECT

public:
    /// `clock` outlives it.
    PostgresDatabase(const PostgresSettings &settings, Clock &clock, QObject *parent = nullptr);
    /// The same at the end of a passage.
    PostgresDatabase(std::unique_ptr<Passage> passage, Clock &clock, QObject *parent = nullptr);
    ~PostgresDatabase() override;

    [[nodiscard]] QString place() const override;
    [[nodiscard]] QFuture<Result<Reading<Facts>>> facts(const Change &change, Nulls nulls) override;
    [[nodiscard]] QFuture<Result<NullCount>> countNulls(const Change &change) override;
    [[nodiscard]] QFuture<Result<Reading<QList<Blocker>>>> blockers(const QList<TableName> &tables,
                                                                    LockMode mode) override;
    [[nodiscard]] QFuture<Result<Reading<WaitState>>> waitState() override;
    [[nodiscard]] QFuture<Result<TryAnswer>> run(const StatementGroup &group,
                                                 const RunTag &tag) override;
    [[nodiscard]] QFuture<Result<void>> record(const RunTag &tag) override;
    [[nodiscard]] QFuture<Result<void>> cancel(int pid, Means means) override;
    [[nodiscard]] QFuture<Result<void>> cancelOwn() override;
    [[nodiscard]] QFuture<Result<RunnerLock>> takeRunnerLock(const ChangeName &change) override;
    [[nodiscard]] QFuture<Result<void>> releaseRunnerLock(const ChangeName &change) override;
    [[nodiscard]] QFuture<Result<BackfillRow>> beginBackfill(const Change &change,
                                                             const RunTag &tag) override;
    [[nodiscard]] QFuture<Result<BatchAnswer>> backfillBatch(const Change &change,
                                                             int size) override;
    [[nodiscard]] QFuture<Result<BackfillRow>> beginSweep(const Change &change) override;
    [[nodiscard]] QFuture<Result<BatchAnswer>> sweepBatch(const Change &change, int size) override;
    [[nodiscard]] QFuture<Result<BackfillRow>> setBackfillState(const Change &change,
                                                                BackfillRow::State state,
                                                                const QString &reason) override;
    [[nodiscard]] QFuture<Result<BackfillRow>> pauseBackfill(const Change &change,
                                                             const QString &reason) override;
    [[nodiscard]] QFuture<Result<Traces>> traces() override;
    [[nodiscard]] QFuture<Result<void>> keep(const QStringList &statements) override;

private:
    PostgresDatabase(const PostgresSettings &settings, std::unique_ptr<Passage> &&passage,
                     Clock &clock, QObject *parent);

    /// Per change; filled and read in the worker's thread only.
    using Memories = std::map<ChangeName, BackfillMemory>;

    void lookAtWorker();
    void lookAtQueue();
    template <typename T>
    [[nodiscard]] QFuture<Result<Reading<T>>> reading(QFuture<Result<T>> answer);

    PostgresSettings m_settings;
    Clock &m_clock;
    std::unique_ptr<Passage> m_passage; ///< nullptr = none is needed
    std::unique_ptr<Session> m_worker;
    std::unique_ptr<Session> m_watcher;
    std::shared_ptr<Memories> m_memories;
    std::shared_ptr<LockQueue> m_queue;
    QTimer m_queueLook;          ///< runs while groups that stop others are out
    int m_groupsOut = 0;         ///< of those
    bool m_queueLookOut = false; ///< one look has not answered yet
    QTimer m_workerLook;
    int m_lookedAt = 0; ///< the worker's long statement at the last look
};

} // namespace pilothouse
