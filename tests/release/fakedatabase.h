#pragma once

#include "base/clock.h"
#include "migration/database.h"

namespace pilothouse {

/// A database of which only the facts are asked: everything else is Refused.
class StillDatabase final : public Database
{
    Q_OBJECT

public:
    explicit StillDatabase(Clock &clock);

    Facts now;
    std::optional<Error> lost; ///< facts cannot be asked

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

private:
    Clock &m_clock;
};

} // namespace pilothouse
