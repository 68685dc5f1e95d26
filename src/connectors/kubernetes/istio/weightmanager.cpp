#include "connectors/kubernetes/istio/weightmanager.h"

#include "base/words.h"

namespace pilothouse {
namespace {

using Kind = WeightManager::Kind;

std::optional<WeightManager> byOwner(const KubeMeta &meta)
{
    for (const KubeOwner &owner : meta.owners) {
        const QString sign = QStringLiteral("ownerReference %1/%2").arg(owner.kind, owner.name);
        if (owner.kind == QLatin1String("Canary"))
            return WeightManager{Kind::Flagger, owner.name, sign};
        if (owner.kind == QLatin1String("Rollout"))
            return WeightManager{Kind::ArgoRollouts, owner.name, sign};
    }
    return std::nullopt;
}

std::optional<WeightManager> byFieldManager(const KubeMeta &meta)
{
    struct Known
    {
        const char *manager;
        Kind kind;
    };
    static constexpr Known known[] = {{"flagger", Kind::Flagger},
                                      {"rollouts-controller", Kind::ArgoRollouts},
                                      {"argo-rollouts", Kind::ArgoRollouts},
                                      {"argocd-controller", Kind::ArgoCd},
                                      {"argocd-application-controller", Kind::ArgoCd},
                                      {"kustomize-controller", Kind::Flux},
                                      {"helm-controller", Kind::Flux},
                                      {"helm", Kind::Helm}};
    for (const Known &each : known) {
        const QLatin1String manager(each.manager);
        if (meta.managers.contains(manager))
            return WeightManager{each.kind, {}, QStringLiteral("field manager ") + manager};
    }
    return std::nullopt;
}

std::optional<WeightManager> byMark(const KubeMeta &meta)
{
    const auto marked = [](const Labels &marks, const char *key, Kind kind) {
        const QString value = marks.value(QLatin1String(key));
        return value.isEmpty()
                   ? std::nullopt
                   : std::optional(WeightManager{
                       kind, value, QStringLiteral("%1: %2").arg(QLatin1String(key), value)});
    };
    if (const auto found = marked(meta.annotations, "argocd.argoproj.io/tracking-id", Kind::ArgoCd))
        return found;
    if (const auto found = marked(meta.labels, "argocd.argoproj.io/instance", Kind::ArgoCd))
        return found;
    if (const auto found = marked(meta.labels, "kustomize.toolkit.fluxcd.io/name", Kind::Flux))
        return found;
    return marked(meta.annotations, "meta.helm.sh/release-name", Kind::Helm);
}

} // namespace

WeightManager weightManager(const KubeMeta &meta)
{
    if (const auto owner = byOwner(meta))
        return *owner;
    const auto manager = byFieldManager(meta);
    const auto mark = byMark(meta);
    const bool atOnce
        = manager && (manager->kind == Kind::Flagger || manager->kind == Kind::ArgoRollouts);
    // A mark names its object; a mere deployer's field manager does not.
    if (mark && !atOnce)
        return *mark;
    if (manager)
        return *manager;
    return {Kind::Nobody, {}, meta.writer.manager};
}

QString managerWord(Kind kind)
{
    switch (kind) {
    case Kind::Flagger:
        return QStringLiteral("Flagger");
    case Kind::ArgoRollouts:
        return QStringLiteral("Argo Rollouts");
    case Kind::Helm:
        return QStringLiteral("Helm");
    case Kind::ArgoCd:
        return QStringLiteral("Argo CD");
    case Kind::Flux:
        return QStringLiteral("Flux");
    case Kind::Nobody:
        break;
    }
    return Words::tr("nobody");
}

QString insteadOfWriting(const WeightManager &manager, const QString &object)
{
    const QString by = Words::tr("%1 is managed by %2 (%3)")
                           .arg(object, managerWord(manager.kind), manager.sign);
    switch (manager.kind) {
    case Kind::Flagger:
        return Words::tr("%1, which rewrites its weights at once. Use a track of kind “flagger”.")
            .arg(by);
    case Kind::ArgoRollouts:
        return Words::tr("%1, which rewrites its weights at once. Use a track of kind "
                         "“argo-rollout”.")
            .arg(by);
    case Kind::Helm:
        return Words::tr("%1. Change the weight in the chart's values: the next upgrade would undo "
                         "it here.")
            .arg(by);
    case Kind::ArgoCd:
    case Kind::Flux:
        return Words::tr(
                   "%1. Commit the weight to the repository it follows: a change here would be "
                   "undone.")
            .arg(by);
    case Kind::Nobody:
        break;
    }
    return Words::tr(
               "This console reads Istio's weights and does not write them. Use “kubectl edit "
               "virtualservice %1”, or put the traffic behind an HTTPRoute.")
        .arg(object);
}

} // namespace pilothouse
