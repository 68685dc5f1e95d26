#pragma once

#include "connectors/kubernetes/deploys/appliedweights.h"
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
[[nodiscard]] std::optional<HelmRelease> releaseOf(const KubeMeta &object,
                                                   const QString &nameSpace);

/// What the deployed revision of a release says of a traffic object.
struct ReleaseChart
{
    int revision = 0;
    bool serverSide = false; ///< the server applies it (Helm 4)
    AppliedWeights weights;
    QString pending; ///< "pending-upgrade": a newer revision is being made; empty = none is

    bool operator==(const ReleaseChart &) const = default;
};

/// Everything by which it can be told what the next deploy makes of the weights of an object.
///
/// managedFields alone do not tell it: an owner loses a field to whoever else writes it, and the
/// rules of a route are one field.
struct DeployOwner
{
    QStringList appliers; ///< besides Helm, that apply the object by the server
    std::optional<HelmRelease> release;
    /// nullopt = not read yet; an error = its record cannot be seen.
    std::optional<Result<ReleaseChart>> chart;
    /// What kubectl apply has noted on the object; nullopt = it was never applied so.
    std::optional<Result<AppliedWeights>> lastApplied;
    WeightFields::Type type = WeightFields::Type::Custom;
};

/// As the object itself tells it: without the release's chart.
[[nodiscard]] DeployOwner deployOwner(const KubeMeta &object, const QString &nameSpace,
                                      const WeightFields &fields);

[[nodiscard]] NextDeploy nextDeploy(const DeployOwner &owner);

} // namespace pilothouse
