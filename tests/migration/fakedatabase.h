#pragma once

#include "migration/database.h"

#include <QPromise>

#include <functional>
#include <memory>
#include <vector>

namespace pilothouse {

/// A database that answers what a test says. Every answer is ready at once but the ones held back.
class FakeDatabase final : public Database
{
    Q_OBJECT

public:
    using Database::Database;

    Facts now;                  ///< what facts() reads
    std::optional<Error> error; ///< of everything, while set
    QList<Blocker> holders;     ///< what blockers() finds
    QStringList said;           ///< what was asked for, in order: "lock", "run E1", "batch" …
    /// What one group does to the facts; the answer of the try.
    std::function<TryAnswer::End(const StatementGroup &, const RunTag &)> onRun;
    /// What one batch does.
    std::function<BatchAnswer(int size)> onBatch;
    std::chrono::milliseconds receivedAt{1'000'000};
    bool waits = false; ///< statements wait for a lock until `letGo`
    bool hangs = false; ///< no answer ever comes, also not of what is asked meanwhile

    /// Whoever was in the way is gone: what waited goes on.
    void letGo();

    QString place() const override { return QStringLiteral("context-production"); }
    QFuture<Result<Reading<Facts>>> facts(const Change &change, Nulls nulls) override;
    QFuture<Result<NullCount>> countNulls(const Change &change) override;
    QFuture<Result<Reading<QList<Blocker>>>> blockers(const QList<TableName> &tables,
                                                      LockMode mode) override;
    QFuture<Result<Reading<WaitState>>> waitState() override;
    QFuture<Result<TryAnswer>> run(const StatementGroup &group, const RunTag &tag) override;
    QFuture<Result<void>> record(const RunTag &tag) override;
    QFuture<Result<void>> cancel(int pid, Means means) override;
    QFuture<Result<void>> cancelOwn() override;
    QFuture<Result<RunnerLock>> takeRunnerLock(const ChangeName &change) override;
    QFuture<Result<void>> releaseRunnerLock(const ChangeName &change) override;
    QFuture<Result<BackfillRow>> beginBackfill(const Change &change, const RunTag &tag) override;
    QFuture<Result<BatchAnswer>> backfillBatch(const Change &change, int size) override;
    QFuture<Result<BackfillRow>> beginSweep(const Change &change) override;
    QFuture<Result<BatchAnswer>> sweepBatch(const Change &change, int size) override;
    QFuture<Result<BackfillRow>> setBackfillState(const Change &change, BackfillRow::State state,
                                                  const QString &reason) override;
    QFuture<Result<BackfillRow>> pauseBackfill(const Change &change,
                                               const QString &reason) override;

private:
    template <typename T>
    QFuture<Result<T>> answer(const QString &word, const T &value);
    BackfillRow &row();
    [[nodiscard]] Result<TryAnswer> tried(const StatementGroup &group, const RunTag &tag);

    struct Waiting
    {
        QPromise<Result<TryAnswer>> promise;
        StatementGroup group;
        RunTag tag;
    };
    std::vector<Waiting> m_waiting;
    std::vector<std::shared_ptr<void>> m_unanswered; ///< promises
};

} // namespace pilothouse
