#include "connectors/kubernetes/argo/argoworld.h"

#include "base/words.h"
#include "connectors/kubernetes/watched/backends.h"

#include <algorithm>

namespace pilothouse {
namespace {

bool isOfRollout(const QJsonObject &replicaSet, const QString &rollout)
{
    const QJsonArray owners = replicaSet.value(QLatin1String("metadata"))
                                  .toObject()
                                  .value(QLatin1String("ownerReferences"))
                                  .toArray();
    return std::any_of(owners.cbegin(), owners.cend(), [&rollout](const QJsonValue &owner) {
        const QJsonObject reference = owner.toObject();
        return reference.value(QLatin1String("kind")) == QLatin1String("Rollout")
               && reference.value(QLatin1String("name")) == rollout;
    });
}

bool hasHash(const QJsonObject &pod)
{
    return pod.value(QLatin1String("metadata"))
        .toObject()
        .value(QLatin1String("labels"))
        .toObject()
        .contains(QLatin1String(argoHashLabel));
}

/// What the controller has taken over of the weight that is asked.
std::optional<Weight> acceptedOf(const ArgoRollout &rollout, Weight asked,
                                 const RevisionState &candidate)
{
    if (!rollout.isCurrent)
        return std::nullopt;
    if (rollout.sharing == ArgoRollout::Sharing::Routed) {
        if (rollout.unverified)
            return std::nullopt;
        if (!rollout.actualWeight)
            return asked.percent == 0 ? std::optional(asked) : std::nullopt;
        return Weight{std::clamp(*rollout.actualWeight, 0, 100)};
    }
    if (asked.percent == 0)
        return candidate.readyReplicas == 0 || !rollout.aborted ? std::optional(asked)
                                                                : std::nullopt;
    // By ratio the controller leaves a setWeight only when its Pods are there.
    const int step = rollout.effectiveStep();
    const bool under
        = step < rollout.steps.size() && rollout.steps[step].kind != ArgoStep::Kind::SetWeight;
    return under ? std::optional(asked) : std::nullopt;
}

QString ratioWords(const RevisionState &stable, const RevisionState &candidate)
{
    const int all = stable.readyReplicas + candidate.readyReplicas;
    return Words::tr("without traffic routing the weight is a ratio of Pods: %1 of %2, %3 %")
        .arg(candidate.readyReplicas)
        .arg(all)
        .arg(all > 0 ? candidate.readyReplicas * 100 / all : 0);
}

void addArgoProblems(const ArgoRollout &rollout, QStringList &problems)
{
    if (!rollout.isCurrent)
        problems << Words::tr("Argo Rollouts has not looked at generation %1 yet")
                        .arg(rollout.meta.generation);
    if (rollout.strategy == ArgoRollout::Strategy::BlueGreen)
        problems << Words::tr("a blue-green Rollout has no weights");
    if (rollout.aborted)
        problems << Words::tr(
            "aborted: the stable has the traffic. Degraded says here that the new "
            "version is not out, not that users suffer");
    else if (rollout.phase == QLatin1String("Degraded"))
        problems << Words::tr("Degraded: %1").arg(rollout.message);
    if (rollout.isInconclusive())
        problems << Words::tr("an analysis was inconclusive: a person decides");
    if (rollout.unverified)
        problems << Words::tr("the traffic router does not confirm the weight");
}

/// Our hold is an annotation: the controller does not know it.
bool goesOnByItself(const ArgoRollout &rollout)
{
    const int step = rollout.effectiveStep();
    if (!rollout.isInFlight() || rollout.aborted || rollout.paused || step >= rollout.steps.size())
        return false;
    const ArgoStep &at = rollout.steps[step];
    return at.kind != ArgoStep::Kind::Pause || !at.duration.isEmpty();
}

} // namespace

ArgoWorld::ArgoWorld(ArgoNames names)
    : m_names(std::move(names)),
      m_sets(decodeReplicaSet,
             [this](const QJsonObject &set) { return isOfRollout(set, m_names.rollout); }),
      m_pods(decodePod, hasHash),
      m_rollouts(guardedStore<ArgoRollout>(decodeRollout, m_names.rollout))
{
    add({QStringLiteral("apis/apps/v1"), m_names.nameSpace, QStringLiteral("replicasets")}, m_sets);
    add({QStringLiteral("api/v1"), m_names.nameSpace, QStringLiteral("pods")}, m_pods);
    add({argoRolloutsApi, m_names.nameSpace, QStringLiteral("rollouts")}, m_rollouts);
}

const KubeMeta *ArgoWorld::guarded() const
{
    return rollout() ? &rollout()->meta : nullptr;
}

QList<ArgoReplicaSet> ArgoWorld::revisions() const
{
    QList<ArgoReplicaSet> sets = m_sets.all().values();
    std::sort(sets.begin(), sets.end(), [](const ArgoReplicaSet &a, const ArgoReplicaSet &b) {
        return a.revision > b.revision;
    });
    return sets;
}

RevisionState ArgoWorld::revisionOf(const ArgoReplicaSet &set) const
{
    RevisionState revision;
    revision.name = RevisionName(set.hash);
    RunningCode code;
    code.add(m_names.commitFrom, set.pods.image, {}, set.pods.labels);
    PodCount count(revision, code, m_names.commitFrom);
    for (const KubePod &pod : m_pods.all()) {
        const bool ours = pod.make->labels.value(QLatin1String(argoHashLabel)) == set.hash
                          && pod.name.startsWith(set.name + QLatin1Char('-'));
        if (ours && !pod.terminating && !pod.finished)
            count.add(pod);
    }
    revision.wantedReplicas = std::max(set.replicas, int(revision.pods.size()));
    code.tell(revision);
    return revision;
}

std::optional<RevisionState> ArgoWorld::revisionOf(const QString &hash) const
{
    for (const ArgoReplicaSet &set : m_sets.all()) {
        if (set.hash == hash)
            return revisionOf(set);
    }
    return std::nullopt;
}

QString ArgoWorld::progressOf(const ArgoRollout &rollout) const
{
    QStringList words;
    if (rollout.isInFlight())
        words << (rollout.aborted ? Words::tr("aborted")
                                  : rollout.stepText(rollout.effectiveStep()));
    if (!rollout.phase.isEmpty())
        words << rollout.phase;
    for (const QString &reason : rollout.pauseReasons)
        words << reason;
    if (rollout.paused)
        words << Words::tr("spec.paused");
    if (rollout.isResumed())
        words << Words::tr("resumed");
    for (const ArgoAnalysis &run : rollout.analyses) {
        const QString phase = run.role == ArgoAnalysis::Role::Background
                                  ? Words::tr("background analysis %1").arg(run.status)
                                  : Words::tr("analysis %1").arg(run.status);
        QStringList measured;
        if (const auto *known = analysis(run.name); known && *known) {
            for (const ArgoMetric &metric : (*known)->metrics)
                measured << metricWords(metric);
        }
        words << (measured.isEmpty()
                      ? phase
                      : QStringLiteral("%1 (%2)").arg(phase, measured.join(QStringLiteral("; "))));
    }
    return words.join(QStringLiteral(" · "));
}

void ArgoWorld::addAnalysisProblems(const ArgoRollout &rollout, QStringList &problems) const
{
    for (const ArgoAnalysis &run : rollout.analyses) {
        if (run.status == QLatin1String("Failed") || run.status == QLatin1String("Error"))
            problems << Words::tr("analysis run %1 %2: %3").arg(run.name, run.status, run.message);
        const auto *known = analysis(run.name);
        if (!known)
            continue;
        if (*known)
            problems << analysisProblems(**known);
        else
            problems << Words::tr("what analysis run %1 measured cannot be read: %2")
                            .arg(run.name, known->error().message);
    }
}

bool ArgoWorld::learnAnalysis(const QString &name, const Result<ArgoAnalysisRun> &run)
{
    const auto *known = analysis(name);
    const bool isNews = !known || bool(*known) != bool(run)
                        || (run ? **known != *run : known->error().message != run.error().message);
    m_analyses.insert(name, run);
    m_analyses.removeIf([this](const auto &each) {
        const auto names = [&each](const ArgoAnalysis &present) {
            return present.name == each.key();
        };
        const ArgoRollout *now = rollout();
        return !now || std::none_of(now->analyses.cbegin(), now->analyses.cend(), names);
    });
    return isNews;
}

const Result<ArgoAnalysisRun> *ArgoWorld::analysis(const QString &name) const
{
    const auto found = m_analyses.constFind(name);
    return found == m_analyses.cend() ? nullptr : &*found;
}

Result<TrafficState> ArgoWorld::state() const
{
    if (const auto error = m_rollouts.whyUnreadable(m_names.rollout))
        return fail(*error);
    const ArgoRollout *now = rollout();
    if (!now)
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no Rollout “%1” in this namespace. Check “control” in "
                              "pilothouse.yaml, and whether Argo Rollouts is installed.")
                        .arg(m_names.rollout));
    TrafficState state;
    QStringList problems;
    tellMeta(now->meta, state, problems);
    addArgoProblems(*now, problems);
    addAnalysisProblems(*now, problems);
    state.progress = progressOf(*now);
    state.stable = revisionOf(now->stableHash.isEmpty() ? now->currentHash : now->stableHash);
    if (state.stable) {
        // It must carry everything after an abort; with fewer Pods that is not instant.
        state.stable->wantedReplicas = std::max(state.stable->wantedReplicas, now->replicas);
        demandPods(*state.stable, problems);
    } else {
        problems << Words::tr("the ReplicaSet of the stable is not there");
    }
    state.accepted = now->isCurrent ? std::optional(Weight{0}) : std::nullopt;
    if (now->isInFlight() && now->strategy == ArgoRollout::Strategy::Canary) {
        RevisionState awaited;
        awaited.name = RevisionName(now->currentHash);
        const RevisionState candidate = revisionOf(now->currentHash).value_or(awaited);
        state.candidate = candidate;
        state.asked = Weight{now->aborted ? 0 : now->weightAt(now->effectiveStep())};
        state.accepted = acceptedOf(*now, state.asked, candidate);
        if (now->sharing == ArgoRollout::Sharing::ByRatio && state.stable
            && state.asked.percent > 0)
            problems << ratioWords(*state.stable, candidate);
        const auto done = now->steps.mid(0, now->effectiveStep());
        if (state.asked.percent == 0 && !now->aborted
            && std::any_of(done.cbegin(), done.cend(), [](const ArgoStep &step) {
                   return step.kind == ArgoStep::Kind::HeaderRoute;
               }))
            state.reachable.append(candidate);
        if (const auto next = nextArgoWeight(*now))
            state.next = *next;
        else
            state.promoteOff = next.error().message;
    }
    if (state.hold && goesOnByItself(*now))
        problems << Words::tr("the hold stops the consoles, but Argo Rollouts goes on by itself "
                              "from %1")
                        .arg(now->stepText(now->effectiveStep()));
    problems << unreadable();
    state.problem = problems.join(QStringLiteral("; "));
    return state;
}

Result<Weight> nextArgoWeight(const ArgoRollout &rollout)
{
    const auto refuse = [](const QString &why) {
        return fail(ErrorKind::Refused, why);
    };
    if (rollout.strategy == ArgoRollout::Strategy::BlueGreen)
        return refuse(
            Words::tr("A blue-green Rollout has no weights. Promote it with “kubectl argo "
                      "rollouts promote”."));
    if (!rollout.isInFlight())
        return refuse(Words::tr("Nothing is in flight: the next deploy brings a candidate."));
    if (rollout.aborted)
        return refuse(Words::tr("The Rollout is aborted: no promotion moves it. Retry it, or undo "
                                "to another revision."));
    if (!rollout.isCurrent)
        return refuse(Words::tr("Argo Rollouts has not looked at this version yet. Wait for it, or "
                                "see whether its controller runs."));
    if (rollout.isResumed())
        return refuse(Words::tr("It was resumed: Argo Rollouts is on its way to the next step."));
    const int to = std::min(rollout.effectiveStep() + 1, int(rollout.steps.size()));
    const bool isWeight
        = to == rollout.steps.size() || rollout.steps[to].kind == ArgoStep::Kind::SetWeight;
    if (!isWeight)
        return refuse(
            Words::tr("The next step of the Rollout sets no weight (%1). Use “Promote one "
                      "step” under More.")
                .arg(rollout.stepText(to)));
    const Weight next{rollout.weightAt(to)};
    if (next.percent <= rollout.weightAt(rollout.effectiveStep()))
        return refuse(Words::tr("The next step of the Rollout gives no more traffic (%1). Use "
                                "“Promote one step” under More.")
                          .arg(rollout.stepText(to)));
    return next;
}

} // namespace pilothouse
