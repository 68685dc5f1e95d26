#include "fakedatabase.h"

#include "base/future.h"

namespace pilothouse {

namespace {

template <typename T>
QFuture<Result<T>> refused()
{
    return ready<T>(fail(ErrorKind::Refused, QStringLiteral("only facts are told")));
}

} // namespace

StillDatabase::StillDatabase(Clock &clock) : m_clock(clock) {}

QString StillDatabase::place() const
{
    return QStringLiteral("context-production");
}

QFuture<Result<Reading<Facts>>> StillDatabase::facts(const Change &, Nulls)
{
    if (lost)
        return ready<Reading<Facts>>(fail(*lost));
    Reading<Facts> reading;
    reading.value = now;
    reading.source = QStringLiteral("PostgreSQL");
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return ready<Reading<Facts>>(reading);
}

QFuture<Result<NullCount>> StillDatabase::countNulls(const Change &)
{
    return refused<NullCount>();
}

QFuture<Result<Reading<QList<Blocker>>>> StillDatabase::blockers(const QList<TableName> &, LockMode)
{
    return refused<Reading<QList<Blocker>>>();
}

QFuture<Result<Reading<WaitState>>> StillDatabase::waitState()
{
    return refused<Reading<WaitState>>();
}

QFuture<Result<TryAnswer>> StillDatabase::run(const StatementGroup &, const RunTag &)
{
    return refused<TryAnswer>();
}

QFuture<Result<void>> StillDatabase::record(const RunTag &)
{
    return refused<void>();
}

QFuture<Result<void>> StillDatabase::cancel(int, Means)
{
    return refused<void>();
}

QFuture<Result<void>> StillDatabase::cancelOwn()
{
    return refused<void>();
}

QFuture<Result<RunnerLock>> StillDatabase::takeRunnerLock(const ChangeName &)
{
    return refused<RunnerLock>();
}

QFuture<Result<void>> StillDatabase::releaseRunnerLock(const ChangeName &)
{
    return refused<void>();
}

QFuture<Result<BackfillRow>> StillDatabase::beginBackfill(const Change &, const RunTag &)
{
    return refused<BackfillRow>();
}

QFuture<Result<BatchAnswer>> StillDatabase::backfillBatch(const Change &, int)
{
    return refused<BatchAnswer>();
}

QFuture<Result<BackfillRow>> StillDatabase::beginSweep(const Change &)
{
    return refused<BackfillRow>();
}

QFuture<Result<BatchAnswer>> StillDatabase::sweepBatch(const Change &, int)
{
    return refused<BatchAnswer>();
}

QFuture<Result<BackfillRow>> StillDatabase::setBackfillState(const Change &, BackfillRow::State,
                                                             const QString &)
{
    return refused<BackfillRow>();
}

QFuture<Result<BackfillRow>> StillDatabase::pauseBackfill(const Change &, const QString &)
{
    return refused<BackfillRow>();
}

} // namespace pilothouse
