#pragma once

#include "connectors/kubernetes/watched/objectmeta.h"

namespace pilothouse {

/// Who keeps the weights of a VirtualService as they are.
struct WeightManager
{
    enum class Kind { Flagger, ArgoRollouts, Helm, ArgoCd, Flux, Nobody };

    Kind kind = Kind::Nobody;
    QString name; ///< of its object, where one is told: "web", a Helm release
    QString sign; ///< how it is known: "ownerReference Canary/web", "field manager flagger"

    bool operator==(const WeightManager &) const = default;
};

/// By owner, field managers, labels and annotations; what rewrites weights at once goes before what
/// only rewrites them at the next deploy.
[[nodiscard]] WeightManager weightManager(const KubeMeta &meta);

/// "Flagger", "Argo Rollouts" …
[[nodiscard]] QString managerWord(WeightManager::Kind kind);
/// Why a hand-written weight of `object` would not last, and what to do instead.
[[nodiscard]] QString insteadOfWriting(const WeightManager &manager, const QString &object);

} // namespace pilothouse
