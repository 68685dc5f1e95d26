#include "connectors/kubernetes/argo/argocontrol.h"

#include "base/future.h"
#include "base/whendone.h"
#include "connectors/kubernetes/argo/argoactions.h"
#include "connectors/kubernetes/watched/accessreview.h"

namespace pilothouse {
namespace {

/// Less than from one proof of life to the next.
constexpr std::chrono::milliseconds analysisEvery{4'000};

} // namespace

ArgoControl::ArgoControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                         QObject *parent)
    : WatchedControl(api, clock,
                     {settings.context, settings.names.nameSpace,
                      QStringLiteral("rollouts.argoproj.io"), settings.names.rollout},
                     std::make_unique<ArgoWorld>(settings.names), parent)
{
    connect(this, &TrafficControl::changed, this, [this] {
        readAnalyses();
        askForUndo();
    });
}

/// With each proof of life, until they are over.
void ArgoControl::readAnalyses()
{
    const ArgoRollout *rollout = world().rollout();
    if (!rollout)
        return;
    for (const ArgoAnalysis &run : rollout->analyses) {
        const auto *known = world().analysis(run.name);
        const auto asked = m_analysesAskedAt.constFind(run.name);
        const bool isFresh
            = asked != m_analysesAskedAt.cend() && clock().sinceBoot() - *asked < analysisEvery;
        if (!run.name.isEmpty() && !isFresh && !(known && *known && (*known)->isOver()))
            readAnalysis(run.name);
    }
}

void ArgoControl::readAnalysis(const QString &name)
{
    m_analysesAskedAt.insert(name, clock().sinceBoot());
    const ResourcePath runs{argoRolloutsApi, settings().nameSpace, QStringLiteral("analysisruns")};
    whenDone(
        api().get(runs.object(name), this), this,
        [this, name](const Result<KubernetesApi::Answer> &answer) {
            const Result<ArgoAnalysisRun> run = answer
                                                    ? decodeAnalysisRun(answer->object)
                                                    : Result<ArgoAnalysisRun>(fail(answer.error()));
            if (world().learnAnalysis(name, run))
                tellSoon();
        },
        [] {}); // asked again with the next proof of life
}

/// An undo may write another object than everything else does.
void ArgoControl::askForUndo()
{
    const ArgoRollout *rollout = world().rollout();
    const QString deployment = rollout ? rollout->workloadDeployment() : QString();
    if (deployment.isEmpty() || deployment == m_undoAskedFor)
        return;
    m_undoAskedFor = deployment;
    const auto again = [this] {
        m_undoAskedFor.clear(); // with the next proof of life
    };
    const PatchRight right{
        settings().nameSpace, QStringLiteral("apps"), {QStringLiteral("deployments")}, deployment};
    whenDone(
        mayPatch(api(), this, right), this,
        [this, again](const Result<TrafficAccess> &access) {
            if (!access) {
                again();
                return;
            }
            if (access->why == world().undoRefusal())
                return;
            world().learnUndoRefusal(access->why);
            tellSoon();
        },
        again);
}

WatchedControl::Writes ArgoControl::weightWrites(Weight to) const
{
    const ArgoRollout *rollout = world().rollout();
    if (!rollout)
        return fail(ErrorKind::NotFound, tr("The Rollout was not read yet. Press F5."));
    if (to.percent == 0) {
        if (!rollout->isInFlight())
            return fail(ErrorKind::Refused,
                        tr("Nothing is in flight. Undo to an earlier revision under More."));
        return abortWrites();
    }
    const Result<Weight> next = nextArgoWeight(*rollout);
    if (!next)
        return fail(next.error());
    if (*next != to)
        return fail(ErrorKind::Refused,
                    tr("The Rollout's own steps lead to %1 % next, not to %2 %. Make the plan in "
                       "pilothouse.yaml the same as its steps, or use “Promote one step” under "
                       "More.")
                        .arg(next->percent)
                        .arg(to.percent));
    return promoteOneWrites(*rollout);
}

PlannedCall ArgoControl::planWeight(const WeightRequest &request, const TrafficState &now) const
{
    const Writes writes = weightWrites(request.candidate);
    if (!writes) {
        PlannedCall call;
        call.summary = writes.error().message;
        return call;
    }
    const QString what
        = request.candidate.percent == 0
              ? tr("abort: all traffic to the stable")
              : tr("%1: %2 → %3 %")
                    .arg(world().rollout()->stepText(world().rollout()->effectiveStep()))
                    .arg(now.asked.percent)
                    .arg(request.candidate.percent);
    const QList<PlannedCall> calls = plannedWrites(*writes, request.expectedVersion, place(), what);
    PlannedCall all = calls.first();
    for (const PlannedCall &call : calls.mid(1)) {
        all.exact += QStringLiteral("\n\n") + call.exact;
        all.copyable += QStringLiteral(" && ") + call.copyable;
        all.curl += QStringLiteral(" && ") + call.curl;
    }
    return all;
}

WatchedControl::Writes ArgoControl::notedWeightWrites(const WeightRequest &request) const
{
    Writes writes = weightWrites(request.candidate);
    if (!writes)
        return writes;
    const ArgoRollout &rollout = *world().rollout();
    const Weight from{rollout.aborted ? 0 : rollout.weightAt(rollout.effectiveStep())};
    ObjectWrite note = changeNote(request, from);
    note.need = ObjectWrite::Need::May;
    writes->append(note);
    return writes;
}

QFuture<WatchedControl::Answer> ArgoControl::setWeight(const WeightRequest &request)
{
    return write(request.expectedVersion, [this, request] { return notedWeightWrites(request); });
}

QFuture<Result<DryRun>> ArgoControl::dryRun(const WeightRequest &request)
{
    return trial(request.expectedVersion, [this, request] { return notedWeightWrites(request); });
}

QList<OwnAction> ArgoControl::ownActions(const TrafficState & /*now*/) const
{
    return argoActions(world(), place());
}

WatchedControl::Writes ArgoControl::ownWrites(const QString &id) const
{
    for (const OwnAction &action : argoActions(world(), place())) {
        if (action.id == id && !action.offBecause.isEmpty())
            return fail(ErrorKind::Refused,
                        tr("%1 is off: %2.").arg(action.title, action.offBecause));
    }
    return argoWrites(world(), id);
}

Deed ArgoControl::deedIn(const OwnRequest &request) const
{
    return {clock().now(), request.actor, request.action, request.reason, request.intent};
}

QString ArgoControl::undoneElsewhere(const OwnRequest &request) const
{
    const ArgoRollout *rollout = world().rollout();
    return rollout && request.action.startsWith(argoUndoId) ? rollout->workloadDeployment()
                                                            : QString();
}

WatchedControl::Writes ArgoControl::notedWrites(const OwnRequest &request) const
{
    const Writes writes = ownWrites(request.action);
    const ArgoRollout *now = world().rollout();
    return writes && now ? Writes(noted(*writes, *now, deedsWith(deedIn(request)))) : writes;
}

QFuture<WatchedControl::Answer> ArgoControl::runOwn(const OwnRequest &request)
{
    if (const QString deployment = undoneElsewhere(request); !deployment.isEmpty()) {
        const Writes writes = ownWrites(request.action);
        if (!writes)
            return ready<Reading<TrafficState>>(fail(writes.error()));
        return writeElsewhere(request.expectedVersion,
                              deploymentPath(settings().nameSpace, deployment), writes->first(),
                              deedNote(deedIn(request)));
    }
    return write(request.expectedVersion, [this, request] { return notedWrites(request); });
}

QFuture<Result<DryRun>> ArgoControl::dryRunOwn(const OwnRequest &request)
{
    if (const QString deployment = undoneElsewhere(request); !deployment.isEmpty()) {
        const Writes writes = ownWrites(request.action);
        if (!writes)
            return ready<DryRun>(fail(writes.error()));
        return trialElsewhere(request.expectedVersion,
                              deploymentPath(settings().nameSpace, deployment), writes->first(),
                              deedNote(deedIn(request)), tr("Deployment/%1").arg(deployment));
    }
    return trial(request.expectedVersion, [this, request] { return notedWrites(request); });
}

QFuture<Result<TrafficAccess>> ArgoControl::access()
{
    return mayPatch(api(), this,
                    {settings().nameSpace,
                     QStringLiteral("argoproj.io"),
                     {QStringLiteral("rollouts"), QStringLiteral("rollouts/status")},
                     settings().name});
}

} // namespace pilothouse
