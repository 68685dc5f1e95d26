#include "pipeline/act/fakecontrol.h"

#include "base/future.h"
#include "pipeline/act/runorder.h"

#include <QPromise>

#include <memory>
#include <utility>

namespace pilothouse {

template <typename T>
QFuture<Result<T>> FakeControl::answer(const QString &question, const T &value)
{
    asked.append(question);
    return ready<T>(readError ? Result<T>(fail(*readError)) : Result<T>(value));
}

void FakeControl::release(Held &held)
{
    for (const auto &give : std::exchange(held, {}))
        give();
}

template <typename T>
QFuture<Result<T>> FakeControl::later(const Result<T> &result, Held &held)
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    held.append([promise, result] {
        promise->addResult(result);
        promise->finish();
    });
    return promise->future();
}

PlannedCall FakeControl::plan(const RunOrder &order) const
{
    PlannedCall call;
    call.summary = QStringLiteral("POST %1 %2").arg(verbOf(order), subjectOf(order));
    call.exact = call.summary;
    if (const auto *dispatch = std::get_if<DispatchWorkflow>(&order)) {
        for (const DispatchValue &each : dispatch->inputs)
            call.exact += QStringLiteral("\n%1=%2").arg(each.key, each.value);
    }
    return call;
}

QFuture<Result<TakenOrder>> FakeControl::send(const RunOrder &order)
{
    sent.append(order);
    return ready<TakenOrder>(onSend ? onSend(order) : Result<TakenOrder>(TakenOrder{}));
}

QFuture<Result<Reading<Run>>> FakeControl::run(const RunId &run)
{
    if (!runs.contains(run) && !readError)
        return ready<Reading<Run>>(fail(ErrorKind::NotFound, QStringLiteral("no such run")));
    Reading<Run> reading;
    reading.value = runs.value(run);
    reading.source = systemName();
    reading.serverAt = m_clock.now();
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return answer(QStringLiteral("run %1").arg(run.value), reading);
}

QFuture<Result<QList<PendingEnvironment>>> FakeControl::waiting(const RunId &run)
{
    return answer(QStringLiteral("waiting %1").arg(run.value), pending.value(run));
}

QFuture<Result<QList<GivenReview>>> FakeControl::reviews(const RunId &run)
{
    return answer(QStringLiteral("reviews %1").arg(run.value), given.value(run));
}

QFuture<Result<QList<ConcurrencyBlock>>> FakeControl::blocks(const RunId &run)
{
    asked.append(QStringLiteral("blocks %1").arg(run.value));
    using Blocks = QList<ConcurrencyBlock>;
    const auto said = blocksError ? Result<Blocks>(fail(*blocksError)) : Result<Blocks>(ahead);
    return holdBlocks ? later(said, m_blocks) : ready<Blocks>(said);
}

QFuture<Result<QList<Run>>> FakeControl::active()
{
    return answer(QStringLiteral("active"), goingOn);
}

QFuture<Result<QList<Run>>> FakeControl::dispatched(const QString &workflowPath,
                                                    const QDateTime &since, const QString &login)
{
    QList<Run> found;
    for (const Run &run : std::as_const(started)) {
        if (run.workflowPath == workflowPath && run.createdAt >= since
            && (login.isEmpty() || run.actor == login))
            found.append(run);
    }
    if (holdDispatched)
        return later(Result<QList<Run>>(found), m_dispatched);
    return answer(QStringLiteral("dispatched ") + workflowPath, found);
}

QFuture<Result<RunAccess>> FakeControl::access()
{
    return answer(QStringLiteral("access"), mayAct);
}

} // namespace pilothouse
