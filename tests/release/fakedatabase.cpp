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

FakeDatabase::FakeDatabase(Clock &clock) : m_clock(clock) {}

QString FakeDatabase::place() const
{
    return QStringLiteral("context-production");
}

QFuture<Result<Reading<Facts>>> FakeDatabase::facts(const Change &, Nulls)
{
    Reading<Facts> reading;
    reading.value = now;
    reading.source = QStringLiteral("PostgreSQL");
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return ready<Reading<Facts>>(reading);
}

QFuture<Result<NullCount>> FakeDatabase::countNulls(const Change &)
{
    return refused<NullCount>();
}

QFuture<Result<Reading<QList<Blocker>>>> FakeDatabase::blockers(const QList<TableName> &, LockMode)
{
    return refused<Reading<QList<Blocker>>>();
}

QFuture<Result<Reading<WaitState>>> FakeDatabase::waitState()
{
    return refused<Reading<WaitState>>();
}

QFuture<Result<TryAnswer>> FakeDatabase::run(const StatementGroup &, const RunTag &)
{
    return refused<TryAnswer>();
}

QFuture<Result<void>> FakeDatabase::record(const RunTag &)
{
    return refused<void>();
}

QFuture<Result<void>> FakeDatabase::cancel(int, Means)
{
    return refused<void>();
}

QFuture<Result<void>> FakeDatabase::cancelOwn()
{
    return refused<void>();
}

QFuture<Result<RunnerLock>> FakeDatabase::takeRunnerLock(const ChangeName &)
{
    return refused<RunnerLock>();
}

QFuture<Result<void>> FakeDatabase::releaseRunnerLock(const ChangeName &)
{
    return refused<void>();
}

QFuture<Result<BackfillRow>> FakeDatabase::beginBackfill(const Change &, const RunTag &)
{
    return refused<BackfillRow>();
}

QFuture<Result<BatchAnswer>> FakeDatabase::backfillBatch(const Change &, int)
{
    return refused<BatchAnswer>();
}

QFuture<Result<BackfillRow>> FakeDatabase::beginSweep(const Change &)
{
    return refused<BackfillRow>();
}

QFuture<Result<BatchAnswer>> FakeDatabase::sweepBatch(const Change &, int)
{
    return refused<BatchAnswer>();
}

QFuture<Result<BackfillRow>> FakeDatabase::setBackfillState(const Change &, BackfillRow::State,
                                                            const QString &)
{
    return refused<BackfillRow>();
}

} // namespace pilothouse
