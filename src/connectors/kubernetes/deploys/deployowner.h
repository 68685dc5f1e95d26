#pragma once

#include "base/result.h"
#include "connectors/kubernetes/deploys/weightfields.h"
#include "connectors/kubernetes/watched/objectmeta.h"
#include "rollout/nextdeploy.h"

namespace pilothouse {

/// A Helm release, by its record.
struct HelmRelease
{
    QString nameSpace;
    QString name;

    bool operator==(const HelmRelease &) const = default;
};
/// The release that an object says it belongs to.
[[nodiscard]] std::optional<HelmRelease> releaseOf(const KubeMeta &meta, const QString &nameSpace);

/// What a release's deployed revision says of a traffic object.
struct ReleaseChart
{
    int revision = 0;
    bool serverSide = false; ///< the server applies it (apply_method "ssa", Helm 4)
    AppliedWeights weights;
};

/// Everything by which it can be told what the next deploy makes of the weights of an object.
struct DeployOwner
{
    /// Managers besides Helm that apply the object, by managedFields. What they own of the weights
    /// cannot be told: an owner loses a field to whoever else writes it.
    QStringList appliers;
    std::optional<HelmRelease> release;
    /// nullopt = not read yet; an error = its record cannot be seen.
    std::optional<Result<ReleaseChart>> chart;
    /// What kubectl apply says of them by its annotation; nullopt = it did not make the object.
    std::optional<AppliedWeights> lastApplied;
    WeightFields::Patch patch = WeightFields::Patch::Differences;
};

/// Without what the release's record says.
[[nodiscard]] DeployOwner deployOwner(const KubeMeta &meta, const QString &nameSpace,
                                      const WeightFields &fields);

[[nodiscard]] NextDeploy nextDeploy(const DeployOwner &owner);

} // namespace pilothouse
