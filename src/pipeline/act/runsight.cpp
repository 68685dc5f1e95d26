#include "pipeline/act/runsight.h"

#include "base/chaining.h"
#include "base/words.h"
#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

namespace {

using SeenKind = SeenOrder::Kind;

QString endWord(RunStatus status)
{
    switch (status) {
    case RunStatus::Succeeded:
        return Words::tr("succeeded");
    case RunStatus::Failed:
        return Words::tr("failed");
    case RunStatus::TimedOut:
        return Words::tr("timed out");
    case RunStatus::Skipped:
        return Words::tr("skipped");
    default:
        return Words::tr("ended");
    }
}

SeenOrder seenAttempt(const RunId &run, int attempt, const RunSight &sight)
{
    if (!sight.run || sight.run->attempt <= attempt)
        return {SeenKind::NotYet,
                Words::tr("run %1 still has attempt %2").arg(run.value).arg(attempt), run};
    return {SeenKind::Done,
            Words::tr("run %1 has attempt %2").arg(run.value).arg(sight.run->attempt), run};
}

SeenOrder seenEnd(const CancelRun &order, const RunSight &sight)
{
    if (!sight.run || !hasEnded(sight.run->status))
        return {SeenKind::NotYet,
                (sight.run ? Words::tr("%1 has not ended").arg(runWords(*sight.run))
                           : Words::tr("it does not show")),
                order.run};
    if (sight.run->status == RunStatus::Cancelled)
        return {SeenKind::Done, Words::tr("%1 is cancelled").arg(runWords(*sight.run)), order.run};
    return {SeenKind::Done,
            Words::tr("%1 has ended: %2").arg(runWords(*sight.run)).arg(endWord(sight.run->status)),
            order.run};
}

SeenOrder seenReview(const ReviewEnvironments &order, const BeforeOrder &before,
                     const RunSight &sight)
{
    QStringList names;
    for (const PendingEnvironment &each : order.environments)
        names.append(each.name);
    const QString joined = names.join(QStringLiteral(", "));
    if (reviewsLike(order, sight.reviews) > before.reviews)
        return {SeenKind::Done,
                order.state == ReviewState::Approved ? Words::tr("%1 is approved").arg(joined)
                                                     : Words::tr("%1 is rejected").arg(joined),
                order.run};
    const bool waits = std::any_of(
        sight.waiting.begin(), sight.waiting.end(), [&](const PendingEnvironment &pending) {
            return std::any_of(order.environments.begin(), order.environments.end(),
                               [&](const PendingEnvironment &own) { return own.id == pending.id; });
        });
    if (waits)
        return {SeenKind::NotYet, Words::tr("%1 still waits").arg(joined), order.run};
    return {SeenKind::Otherwise,
            Words::tr("%1 no longer waits, and this decision is not shown: somebody else decided")
                .arg(joined),
            order.run};
}

SeenOrder seenDispatch(const DispatchWorkflow &order, const BeforeOrder &before,
                       const RunSight &sight)
{
    const QString file = order.workflowPath.section(QLatin1Char('/'), -1);
    if (before.told != RunId()) {
        if (!sight.run)
            return {SeenKind::NotYet, Words::tr("run %1 does not show yet").arg(before.told.value),
                    before.told};
        return {SeenKind::Done, Words::tr("run %1 of %2 began").arg(before.told.value).arg(file),
                before.told};
    }
    QList<RunId> fresh;
    for (const Run &run : sight.dispatched) {
        if (!before.known.contains(run.id))
            fresh.append(run.id);
    }
    if (fresh.isEmpty())
        return {SeenKind::NotYet, Words::tr("no new run of %1 shows").arg(file), {}};
    if (fresh.size() == 1)
        return {SeenKind::Done, Words::tr("run %1 of %2 began").arg(fresh.first().value).arg(file),
                fresh.first()};
    QStringList ids;
    for (const RunId &run : std::as_const(fresh))
        ids.append(QString::number(run.value));
    return {SeenKind::Otherwise,
            Words::tr("several runs of %1 began since: %2. Which is yours cannot be told")
                .arg(file, ids.join(QStringLiteral(", "))),
            {}};
}

QFuture<Result<RunSight>> lookAtRun(RunControl &control, const RunId &run, QObject *context)
{
    return converted<RunSight>(control.run(run), context,
                               [](const Result<Reading<Run>> &read) -> Result<RunSight> {
                                   RunSight sight;
                                   if (read)
                                       sight.run = read->value;
                                   else if (read.error().kind != ErrorKind::NotFound)
                                       return fail(read.error());
                                   return sight;
                               });
}

QFuture<Result<RunSight>> lookAtReviews(RunControl &control, const RunId &run, QObject *context)
{
    return askNext<RunSight>(
        control.waiting(run), context,
        [&control, run, context](const Result<QList<PendingEnvironment>> &waiting) {
            if (!waiting)
                return ready<RunSight>(fail(waiting.error()));
            return converted<RunSight>(
                control.reviews(run), context,
                [waiting](const Result<QList<GivenReview>> &given) -> Result<RunSight> {
                    if (!given)
                        return fail(given.error());
                    RunSight sight;
                    sight.waiting = *waiting;
                    sight.reviews = *given;
                    return sight;
                });
        });
}

QFuture<Result<RunSight>> lookForDispatched(RunControl &control, const DispatchWorkflow &order,
                                            const BeforeOrder &before, QObject *context)
{
    return converted<RunSight>(control.dispatched(order.workflowPath, before.since, before.login),
                               context, [](const Result<QList<Run>> &runs) -> Result<RunSight> {
                                   if (!runs)
                                       return fail(runs.error());
                                   RunSight sight;
                                   sight.dispatched = *runs;
                                   return sight;
                               });
}

} // namespace

qsizetype reviewsLike(const ReviewEnvironments &order, const QList<GivenReview> &given)
{
    return std::count_if(given.begin(), given.end(), [&](const GivenReview &review) {
        return review.state == order.state
               && std::all_of(order.environments.begin(), order.environments.end(),
                              [&](const PendingEnvironment &each) {
                                  return review.environments.contains(each.name);
                              });
    });
}

SeenOrder seen(const RunOrder &order, const BeforeOrder &before, const RunSight &sight)
{
    if (const auto *rerun = std::get_if<RerunFailedJobs>(&order))
        return seenAttempt(rerun->run, rerun->attempt, sight);
    if (const auto *job = std::get_if<RerunJob>(&order))
        return seenAttempt(job->run, job->attempt, sight);
    if (const auto *cancel = std::get_if<CancelRun>(&order))
        return seenEnd(*cancel, sight);
    if (const auto *review = std::get_if<ReviewEnvironments>(&order))
        return seenReview(*review, before, sight);
    return seenDispatch(std::get<DispatchWorkflow>(order), before, sight);
}

QFuture<Result<RunSight>> lookFor(RunControl &control, const RunOrder &order,
                                  const BeforeOrder &before, QObject *context)
{
    if (std::holds_alternative<ReviewEnvironments>(order))
        return lookAtReviews(control, runOf(order), context);
    const auto *dispatch = std::get_if<DispatchWorkflow>(&order);
    if (dispatch && before.told == RunId())
        return lookForDispatched(control, *dispatch, before, context);
    return lookAtRun(control, dispatch ? before.told : runOf(order), context);
}

} // namespace pilothouse
