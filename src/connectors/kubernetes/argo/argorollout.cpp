#include "connectors/kubernetes/argo/argorollout.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr char revisionAnnotation[] = "rollout.argoproj.io/revision";

ArgoStep decodeStep(const JsonReader &step)
{
    using Kind = ArgoStep::Kind;
    ArgoStep read;
    if (step.has("setWeight")) {
        read.kind = Kind::SetWeight;
        read.weight = int(step.integer("setWeight"));
        if (read.weight < 0 || read.weight > 100)
            step.complain(Words::tr("a setWeight of 0 to 100"));
        return read;
    }
    if (const auto pause = step.find("pause")) {
        read.kind = Kind::Pause;
        // A number is seconds; text has a unit.
        if (const auto duration = pause->find("duration"))
            read.duration = duration->value().isString()
                                ? duration->asString()
                                : QStringLiteral("%1s").arg(duration->value().toInteger());
        return read;
    }
    for (const auto &[key, kind] :
         {std::pair("analysis", Kind::Analysis), std::pair("experiment", Kind::Experiment),
          std::pair("setCanaryScale", Kind::Scale),
          std::pair("setHeaderRoute", Kind::HeaderRoute)}) {
        if (step.has(key)) {
            read.kind = kind;
            return read;
        }
    }
    read.name = step.value().toObject().keys().value(0);
    return read;
}

void decodeStrategy(const JsonReader &spec, ArgoRollout &rollout)
{
    const auto strategy = spec.find("strategy");
    if (!strategy)
        return;
    if (strategy->has("blueGreen"))
        rollout.strategy = ArgoRollout::Strategy::BlueGreen;
    const auto canary = strategy->find("canary");
    if (!canary)
        return;
    if (canary->has("trafficRouting"))
        rollout.sharing = ArgoRollout::Sharing::Routed;
    rollout.dynamicStableScale = canary->flag("dynamicStableScale");
    for (const JsonReader &step : canary->itemsIfAny("steps"))
        rollout.steps.append(decodeStep(step));
}

void decodeSpec(const JsonReader &spec, ArgoRollout &rollout)
{
    rollout.replicas = int(spec.integerOr("replicas", 1));
    rollout.paused = spec.flag("paused");
    if (const auto window = spec.find("rollbackWindow"))
        rollout.rollbackWindow = int(window->integerOr("revisions", 0));
    if (const auto workload = spec.find("workloadRef"))
        rollout.workload = workload->stringOr("kind", QStringLiteral("Deployment"))
                           + QLatin1Char('/') + workload->string("name");
    decodeStrategy(spec, rollout);
}

void decodeAnalysis(const JsonReader &canary, const char *key, ArgoAnalysis::Role role,
                    ArgoRollout &rollout)
{
    const auto run = canary.find(key);
    if (run)
        rollout.analyses.append(
            {role, run->stringOr("name"), run->stringOr("status"), run->stringOr("message")});
}

/// A string by its definition; stand-ins have been seen to write a number.
QString generationText(const JsonReader &status)
{
    const auto observed = status.find("observedGeneration");
    if (!observed)
        return {};
    return observed->value().isString() ? observed->asString()
                                        : QString::number(observed->value().toInteger(-1));
}

void decodeStatus(const JsonReader &status, ArgoRollout &rollout)
{
    rollout.isCurrent = generationText(status) == QString::number(rollout.meta.generation);
    if (rollout.isCurrent) {
        rollout.phase = status.stringOr("phase");
        rollout.message = status.stringOr("message");
    }
    if (status.has("currentStepIndex"))
        rollout.stepIndex = int(status.integer("currentStepIndex"));
    for (const JsonReader &condition : status.itemsIfAny("pauseConditions"))
        rollout.pauseReasons << condition.string("reason");
    rollout.controllerPause = status.flag("controllerPause");
    rollout.aborted = status.flag("abort");
    rollout.stableHash = status.stringOr("stableRS");
    rollout.currentHash = status.stringOr("currentPodHash");
    const auto canary = status.find("canary");
    if (!canary)
        return;
    if (const auto weights = canary->find("weights")) {
        rollout.actualWeight = int(weights->child("canary").integerOr("weight", 0));
        rollout.unverified = weights->has("verified") && !weights->flag("verified");
    }
    decodeAnalysis(*canary, "currentStepAnalysisRunStatus", ArgoAnalysis::Role::Step, rollout);
    decodeAnalysis(*canary, "currentBackgroundAnalysisRunStatus", ArgoAnalysis::Role::Background,
                   rollout);
}

} // namespace

QString stepWords(const ArgoStep &step)
{
    switch (step.kind) {
    case ArgoStep::Kind::SetWeight:
        return Words::tr("setWeight %1").arg(step.weight);
    case ArgoStep::Kind::Pause:
        return step.duration.isEmpty() ? Words::tr("pause until a person promotes")
                                       : Words::tr("pause %1").arg(step.duration);
    case ArgoStep::Kind::Analysis:
        return Words::tr("analysis");
    case ArgoStep::Kind::Experiment:
        return Words::tr("experiment");
    case ArgoStep::Kind::Scale:
        return Words::tr("setCanaryScale");
    case ArgoStep::Kind::HeaderRoute:
        return Words::tr("setHeaderRoute");
    case ArgoStep::Kind::Other:
        break;
    }
    return step.name.isEmpty() ? Words::tr("empty step") : step.name;
}

QString ArgoRollout::workloadDeployment() const
{
    const QLatin1String kind("Deployment/");
    return workload.startsWith(kind) ? workload.mid(kind.size()) : QString();
}

bool ArgoRollout::isResumed() const
{
    const int step = stepIndex.value_or(0);
    return pauseReasons.isEmpty() && controllerPause && !aborted && step < steps.size()
           && steps[step].kind == ArgoStep::Kind::Pause;
}

bool ArgoRollout::isInconclusive() const
{
    return controllerPause
           && std::any_of(pauseReasons.cbegin(), pauseReasons.cend(), [](const QString &reason) {
                  return reason.startsWith(QLatin1String("Inconclusive"));
              });
}

int ArgoRollout::effectiveStep() const
{
    return std::min(stepIndex.value_or(0) + (isResumed() ? 1 : 0), int(steps.size()));
}

int ArgoRollout::weightAt(int step) const
{
    if (step >= steps.size())
        return 100;
    for (int i = step; i >= 0; --i) {
        if (steps[i].kind == ArgoStep::Kind::SetWeight)
            return steps[i].weight;
    }
    return 0;
}

QString ArgoRollout::stepText(int step) const
{
    if (steps.isEmpty())
        return Words::tr("no steps");
    if (step >= steps.size())
        return Words::tr("all %1 steps done").arg(steps.size());
    return Words::tr("step %1 of %2: %3")
        .arg(step + 1)
        .arg(steps.size())
        .arg(stepWords(steps[step]));
}

Result<ArgoRollout> decodeRollout(const QJsonObject &object)
{
    const auto root = objectReader("Rollout", object);
    if (!root)
        return fail(root.error());
    ArgoRollout rollout;
    rollout.meta = decodeMeta(root->child("metadata"));
    decodeSpec(root->child("spec"), rollout);
    if (const auto status = root->find("status"))
        decodeStatus(*status, rollout);
    return root->finish(rollout);
}

Result<ArgoReplicaSet> decodeReplicaSet(const QJsonObject &object)
{
    const auto root = objectReader("ReplicaSet", object);
    if (!root)
        return fail(root.error());
    ArgoReplicaSet set;
    const JsonReader metadata = root->child("metadata");
    set.name = metadata.string("name");
    set.hash = metadata.strings("labels").value(QLatin1String(argoHashLabel));
    set.revision
        = metadata.strings("annotations").value(QLatin1String(revisionAnnotation)).toLongLong();
    for (const JsonReader &owner : metadata.itemsIfAny("ownerReferences")) {
        if (owner.string("kind") == QLatin1String("Rollout"))
            set.owner = owner.string("name");
    }
    const JsonReader spec = root->child("spec");
    set.replicas = int(spec.integerOr("replicas", 1));
    const JsonReader podTemplate = spec.child("template");
    set.pods = decodeTemplate(podTemplate);
    set.podTemplate = podTemplate.value().toObject();
    QJsonObject templateMeta = set.podTemplate.value(QLatin1String("metadata")).toObject();
    QJsonObject labels = templateMeta.value(QLatin1String("labels")).toObject();
    labels.remove(QLatin1String(argoHashLabel));
    templateMeta.insert(QStringLiteral("labels"), labels);
    set.podTemplate.insert(QStringLiteral("metadata"), templateMeta);
    if (const auto status = root->find("status"))
        set.readyReplicas = int(status->integerOr("readyReplicas", 0));
    return root->finish(set);
}

} // namespace pilothouse
