#pragma once

#include "connectors/kubernetes/helm/helmhistory.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

/// How a weight is brought about.
///
/// A promote is always `helm upgrade`, and undoes itself if it fails.
///
/// A rollback of the traffic (weight 0) is, in this order:
/// 1. `helm rollback N`, where a good revision N with weight 0 differs from the deployed one in
///    nothing but the weight (the one that brought the candidate, as a rule). It moves the traffic
///    alone, as an upgrade to 0 would, in less than half of its time: it needs neither the chart
///    nor its repository and renders nothing. Nor does a lock stop it that a deploy left on top.
/// 2. `helm upgrade` with the value 0, where the history has no such revision any more. It waits
///    for nothing: a candidate that is never ready is the usual reason for going back.
/// 3. A patch of the route itself, where helm would refuse (a lock, a history that cannot be seen),
///    failed, or did what it could and the route shows nothing of it; and at once where Helm 3
///    would send nothing, since its value is 0 already and somebody moved the route besides it. It
///    is the fastest of the three and still the last choice: the value in Helm's record stays, so
///    that the next deploy can give the candidate its traffic again, and with Helm 4 meets a
///    conflict over the fields.
/// Where the server applies a release (Helm 4), 1 and 2 take over the fields that others own.
/// A rollback to another chart or image is not one of traffic: those are HelmControl's own actions.
struct HelmMove
{
    enum class Means { Upgrade, Rollback, Route };

    Means means = Means::Upgrade;
    int revision = 0;        ///< Rollback: to this one
    HelmValue weight;        ///< Upgrade
    QString chartVersion;    ///< Upgrade: the deployed one
    bool serverSide = false; ///< the release is applied by the server: fields can be in conflict
    QString because;         ///< Route: why not through Helm, a sentence

    bool operator==(const HelmMove &) const = default;
};

/// What can be known before a move.
struct HelmSight
{
    Result<HelmHistory> history;
    HelmLock lock;
    Weight onRoute; ///< as the route's spec says
};

/// How `wanted` would be brought about. A rollback always has a way; a promote is Conflict while
/// somebody deploys, Refused while a lock is left behind, and the history's error where it cannot
/// be seen.
[[nodiscard]] Result<HelmMove> moveFor(const HelmSight &sight, Weight wanted);

/// The weight that Helm was asked for: of the newest revision, but not of one that failed. nullopt
/// = its values do not say.
[[nodiscard]] std::optional<Weight> askedWeight(const HelmHistory &history);

} // namespace pilothouse
