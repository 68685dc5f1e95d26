#include "migration/fakedatabase.h"

#include "base/future.h"

#include <utility>

namespace pilothouse {

template <typename T>
QFuture<Result<T>> FakeDatabase::answer(const QString &word, const T &value)
{
    if (!word.isEmpty())
        said << word;
    if (hangs) {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        m_unanswered.push_back(promise);
        return promise->future();
    }
    if (error)
        return ready<T>(fail(*error));
    return ready<T>(value);
}

BackfillRow &FakeDatabase::row()
{
    if (!now.backfill)
        now.backfill = BackfillRow();
    return *now.backfill;
}

QFuture<Result<Reading<Facts>>> FakeDatabase::facts(const Change &, Nulls nulls)
{
    Reading<Facts> reading;
    reading.value = now;
    if (nulls == Nulls::Leave)
        reading.value.nulls.reset();
    reading.factAt = now.at;
    reading.serverAt = now.at;
    reading.receivedSinceBoot = receivedAt;
    return answer(nulls == Nulls::Leave ? QStringLiteral("facts") : QStringLiteral("count"),
                  reading);
}

QFuture<Result<NullCount>> FakeDatabase::countNulls(const Change &)
{
    return answer(QStringLiteral("verify"), now.nulls.value_or(NullCount()));
}

QFuture<Result<Reading<QList<Blocker>>>> FakeDatabase::blockers(const QList<TableName> &, LockMode)
{
    Reading<QList<Blocker>> reading;
    reading.value = holders;
    return answer(QString(), reading);
}

QFuture<Result<Reading<WaitState>>> FakeDatabase::waitState()
{
    Reading<WaitState> reading;
    reading.value.blockedBy = holders;
    return answer(QString(), reading);
}

QFuture<Result<TryAnswer>> FakeDatabase::run(const StatementGroup &group, const RunTag &tag)
{
    said << QStringLiteral("run ") + tag.step;
    if (!waits)
        return ready<TryAnswer>(tried(group, tag));
    m_waiting.push_back({{}, group, tag});
    m_waiting.back().promise.start();
    return m_waiting.back().promise.future();
}

Result<TryAnswer> FakeDatabase::tried(const StatementGroup &group, const RunTag &tag)
{
    if (error)
        return fail(*error);
    TryAnswer done;
    if (onRun)
        done.end = onRun(group, tag);
    return done;
}

void FakeDatabase::letGo()
{
    waits = false;
    holders.clear();
    for (Waiting &each : std::exchange(m_waiting, {})) {
        each.promise.addResult(tried(each.group, each.tag));
        each.promise.finish();
    }
}

QFuture<Result<void>> FakeDatabase::record(const RunTag &tag)
{
    said << QStringLiteral("record ") + tag.step;
    return error ? ready<void>(fail(*error)) : ready<void>({});
}

QFuture<Result<void>> FakeDatabase::cancel(int pid, Means means)
{
    said << QStringLiteral("%1 %2")
                .arg(means == Means::EndSession ? QStringLiteral("end") : QStringLiteral("cancel"))
                .arg(pid);
    return error ? ready<void>(fail(*error)) : ready<void>({});
}

QFuture<Result<void>> FakeDatabase::cancelOwn()
{
    said << QStringLiteral("cancel own");
    return ready<void>({});
}

QFuture<Result<RunnerLock>> FakeDatabase::takeRunnerLock(const ChangeName &)
{
    return answer(QStringLiteral("lock"), RunnerLock{true, {}});
}

QFuture<Result<void>> FakeDatabase::releaseRunnerLock(const ChangeName &)
{
    said << QStringLiteral("unlock");
    return ready<void>({});
}

QFuture<Result<BackfillRow>> FakeDatabase::beginBackfill(const Change &, const RunTag &)
{
    row().state = BackfillRow::State::Running;
    return answer(QStringLiteral("begin"), row());
}

QFuture<Result<BatchAnswer>> FakeDatabase::backfillBatch(const Change &, int size)
{
    return answer(QStringLiteral("batch"), onBatch ? onBatch(size) : BatchAnswer());
}

QFuture<Result<BackfillRow>> FakeDatabase::beginSweep(const Change &)
{
    row().state = BackfillRow::State::Sweeping;
    row().pass += 1;
    return answer(QStringLiteral("sweep"), row());
}

QFuture<Result<BatchAnswer>> FakeDatabase::sweepBatch(const Change &, int)
{
    BatchAnswer finished;
    finished.end = BatchAnswer::End::Finished;
    return answer(QStringLiteral("sweepbatch"), finished);
}

QFuture<Result<BackfillRow>>
FakeDatabase::setBackfillState(const Change &, BackfillRow::State state, const QString &reason)
{
    row().state = state;
    row().pausedReason = reason;
    if (state == BackfillRow::State::Verified)
        row().finishedAt = now.at;
    return answer(QStringLiteral("mark"), row());
}

QFuture<Result<BackfillRow>> FakeDatabase::pauseBackfill(const Change &, const QString &reason)
{
    said << QStringLiteral("pause");
    if (error)
        return ready<BackfillRow>(fail(*error));
    const bool runs = now.backfill
                      && (now.backfill->state == BackfillRow::State::Running
                          || now.backfill->state == BackfillRow::State::Sweeping);
    if (!runs)
        return ready<BackfillRow>(fail(ErrorKind::Conflict, QStringLiteral("not running")));
    row().state = BackfillRow::State::Paused;
    row().pausedReason = reason;
    row().runnerAlive = false;
    return ready<BackfillRow>(row());
}

} // namespace pilothouse
