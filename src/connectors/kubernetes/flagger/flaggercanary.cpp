#include "connectors/kubernetes/flagger/flaggercanary.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// The kind of gate that each waiting phase waits for.
QString gateTypeOf(const QString &phase)
{
    if (phase == QLatin1String("Waiting"))
        return QStringLiteral("confirm-rollout");
    if (phase == QLatin1String("WaitingTrafficIncrease"))
        return QStringLiteral("confirm-traffic-increase");
    if (phase == QLatin1String("WaitingPromotion"))
        return QStringLiteral("confirm-promotion");
    return {};
}

void decodeChecks(const JsonReader &analysis, FlaggerCanary &canary)
{
    canary.threshold = int(analysis.integerOr("threshold", 0));
    canary.maxWeight = int(analysis.integerOr("maxWeight", 0));
    canary.iterations = int(analysis.integerOr("iterations", 0));
    for (const JsonReader &weight : analysis.itemsIfAny("stepWeights"))
        canary.maxWeight = std::max(canary.maxWeight, int(weight.asNumber()));
    for (const JsonReader &hook : analysis.itemsIfAny("webhooks"))
        canary.gates.append({hook.stringOr("name"), hook.stringOr("type"), hook.stringOr("url")});
}

const FlaggerGate *gateOfType(const FlaggerCanary &canary, const QString &type)
{
    const auto found = std::find_if(canary.gates.cbegin(), canary.gates.cend(),
                                    [&type](const FlaggerGate &gate) { return gate.type == type; });
    return found == canary.gates.cend() ? nullptr : &*found;
}

QString gateWords(const FlaggerGate &gate)
{
    return Words::tr("the gate “%1” (%2)").arg(gate.name, gate.type);
}

void addCanaryProblems(const FlaggerCanary &canary, QStringList &problems)
{
    if (canary.phase == QLatin1String("Failed"))
        problems << Words::tr("Failed, and the stable has the traffic: %1").arg(canary.message);
    if (canary.suspended)
        problems << Words::tr("suspended: Flagger does nothing until spec.suspend is taken back");
    if (canary.skipAnalysis && canary.isInFlight())
        problems << Words::tr("spec.skipAnalysis: it is promoted without a check");
    if (!canary.isInFlight() || canary.failedChecks == 0)
        return;
    // flagger#1801: while it waits for a gate the threshold is not looked at.
    if (canary.isWaiting() && canary.threshold > 0 && canary.failedChecks >= canary.threshold)
        problems << Words::tr(
                        "%1 failed checks, over the threshold of %2; it does not go back while "
                        "it waits for a gate")
                        .arg(canary.failedChecks)
                        .arg(canary.threshold);
    else
        problems << Words::tr("%1 of %2 failed checks: at %2 it goes back by itself")
                        .arg(canary.failedChecks)
                        .arg(canary.threshold);
}

} // namespace

bool FlaggerCanary::isInFlight() const
{
    static const QStringList quiet{QString(),
                                   QStringLiteral("Initializing"),
                                   QStringLiteral("Initialized"),
                                   QStringLiteral("Succeeded"),
                                   QStringLiteral("Failed"),
                                   QStringLiteral("Terminating"),
                                   QStringLiteral("Terminated")};
    return !quiet.contains(phase);
}

std::optional<FlaggerGate> FlaggerCanary::awaited() const
{
    const QString type = gateTypeOf(phase);
    const FlaggerGate *gate = type.isEmpty() ? nullptr : gateOfType(*this, type);
    return gate ? std::optional(*gate) : std::nullopt;
}

Result<FlaggerCanary> decodeCanary(const QJsonObject &object)
{
    const auto root = objectReader("Canary", object);
    if (!root)
        return fail(root.error());
    FlaggerCanary canary;
    canary.meta = decodeMeta(root->child("metadata"));
    const JsonReader spec = root->child("spec");
    canary.target = spec.child("targetRef").string("name");
    canary.service = canary.target;
    if (const auto service = spec.find("service"))
        canary.service = service->stringOr("name", canary.target);
    canary.skipAnalysis = spec.flag("skipAnalysis");
    canary.suspended = spec.flag("suspend");
    if (const auto analysis = spec.find("analysis"))
        decodeChecks(*analysis, canary);
    if (const auto status = root->find("status")) {
        canary.phase = status->stringOr("phase");
        canary.weight = std::clamp(int(status->integerOr("canaryWeight", 0)), 0, 100);
        canary.failedChecks = int(status->integerOr("failedChecks", 0));
        canary.iteration = int(status->integerOr("iterations", 0));
        for (const JsonReader &condition : status->itemsIfAny("conditions")) {
            if (condition.string("type") == QLatin1String("Promoted"))
                canary.message = condition.stringOr("message");
        }
    }
    return root->finish(canary);
}

QString flaggerProgress(const FlaggerCanary &canary)
{
    QStringList words{canary.phase.isEmpty() ? Words::tr("Flagger has not looked at it yet")
                                             : canary.phase};
    if (canary.isInFlight() && canary.iterations > 0)
        words << Words::tr("round %1 of %2").arg(canary.iteration).arg(canary.iterations);
    if (canary.isInFlight() && canary.threshold > 0)
        words << Words::tr("%1 of %2 failed checks").arg(canary.failedChecks).arg(canary.threshold);
    if (const auto gate = canary.awaited())
        words << Words::tr("waits for %1").arg(gateWords(*gate));
    else if (canary.isWaiting())
        words << Words::tr("waits for a gate that it does not name");
    return words.join(QStringLiteral(" · "));
}

QString insteadOfMoving(const FlaggerCanary &canary)
{
    const QString itself = Words::tr("Flagger moves the weight by itself and has no promote.");
    if (const auto gate = canary.awaited())
        return Words::tr("%1 It waits for %2: open that where it is kept (%3), and close it again "
                         "afterwards, or the next release goes through it too.")
            .arg(itself, gateWords(*gate), gate->url);
    QStringList words{itself};
    if (canary.isInFlight()) {
        if (canary.maxWeight > 0)
            words << Words::tr("It goes on to %1 % and then promotes.").arg(canary.maxWeight);
        if (const FlaggerGate *back = gateOfType(canary, QStringLiteral("rollback")))
            words << Words::tr("To go back open %1 (%2).").arg(gateWords(*back), back->url);
        else
            words << Words::tr(
                         "To go back set the Deployment %1 to the version before: there is no "
                         "rollback gate.")
                         .arg(canary.target);
        words << Words::tr("To stop it set spec.suspend; spec.skipAnalysis ships it now without a "
                           "check.");
    } else {
        words << Words::tr("A change of the Deployment %1 starts it.").arg(canary.target);
    }
    return words.join(QLatin1Char(' '));
}

FlaggerWorld::FlaggerWorld(FlaggerNames names)
    : BackendsWorld(names.nameSpace), m_names(std::move(names)),
      m_canaries(guardedStore<FlaggerCanary>(decodeCanary, m_names.canary))
{
    add({QStringLiteral("apis/flagger.app/v1beta1"), m_names.nameSpace, QStringLiteral("canaries")},
        m_canaries);
}

const KubeMeta *FlaggerWorld::guarded() const
{
    return canary() ? &canary()->meta : nullptr;
}

Result<TrafficState> FlaggerWorld::state() const
{
    if (const auto error = m_canaries.whyUnreadable(m_names.canary))
        return fail(*error);
    const FlaggerCanary *now = canary();
    if (!now)
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no Canary “%1” in this namespace. Check “control” in "
                              "pilothouse.yaml, and whether Flagger is installed.")
                        .arg(m_names.canary));
    TrafficState state;
    QStringList problems;
    tellMeta(now->meta, state, problems);
    addCanaryProblems(*now, problems);
    state.progress = flaggerProgress(*now);
    state.promoteOff = insteadOfMoving(*now);
    state.asked = Weight{now->isInFlight() ? now->weight : 0};
    // Flagger tells the weight that it has written to the mesh, not one that it wants.
    state.accepted = state.asked;
    RevisionState stable
        = revisionBehind(backends(), m_names.commitFrom, now->service + QLatin1String("-primary"));
    const RevisionState candidate
        = revisionBehind(backends(), m_names.commitFrom, now->service + QLatin1String("-canary"));
    demandPods(stable, problems);
    state.stable = stable;
    if (now->isInFlight())
        state.candidate = candidate;
    problems << unreadable();
    state.problem = problems.join(QStringLiteral("; "));
    return state;
}

} // namespace pilothouse
