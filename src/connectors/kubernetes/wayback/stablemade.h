#pragma once

#include "connectors/kubernetes/deploys/deployowner.h"
#include "rollout/commitfrom.h"

#include <chrono>

namespace pilothouse {

/// The Deployment that makes a track's stable, and the Helm release that it belongs to.
struct StableOwner
{
    HelmRelease release;
    QString deployment;
    /// From the last write of its Pod template until all of its Pods were new; nullopt = not told.
    std::optional<std::chrono::milliseconds> rolledOutIn;

    bool operator==(const StableOwner &) const = default;
};
/// Of the Deployments behind a stable Service of `nameSpace`. nullopt where none belongs to a
/// release, or not all to the same.
[[nodiscard]] std::optional<StableOwner> stableOwner(const QList<KubeDeployment> &behind,
                                                     const QString &nameSpace);

/// What a revision of the release makes of the stable.
struct StableMade
{
    bool isThere = false; ///< it has the Deployment
    CommitId commit;      ///< empty = its image and labels do not tell

    bool operator==(const StableMade &) const = default;
};
/// As the rendered manifest says. Malformed where that Deployment cannot be read.
[[nodiscard]] Result<StableMade> stableIn(const QString &manifest, const StableOwner &owner,
                                          const QString &nameSpace, const CommitFrom &commitFrom);

} // namespace pilothouse
