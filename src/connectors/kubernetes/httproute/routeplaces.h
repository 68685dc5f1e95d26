#pragma once

#include "connectors/kubernetes/deploys/appliedweights.h"
#include "connectors/kubernetes/httproute/routeworld.h"
#include "connectors/kubernetes/watched/objectwrite.h"

namespace pilothouse {

/// A rule of a route in which both backends stand, and where.
struct RoutePlace
{
    int rule = 0;
    int stable = 0;
    int candidate = 0;
    int stableWeight = 0;
    int candidateWeight = 0;
    int otherWeight = 0; ///< of backends that are neither

    [[nodiscard]] int sum() const { return stableWeight + candidateWeight + otherWeight; }
    /// Of the candidate: weight / sum, rounded, but 0 and 100 only for none and all of it. 0 if the
    /// sum is 0.
    [[nodiscard]] Weight share() const;
};

/// All rules that share traffic out between the two. A weight is written to each of them: a
/// rollback must leave nothing behind.
[[nodiscard]] QList<RoutePlace> placesOf(const KubeRoute &route, const RouteNames &names);
/// The largest share of the candidate; 0 for no places.
[[nodiscard]] Weight shareOf(const QList<RoutePlace> &places);
/// A rule besides that leads to the candidate, such as one for a header.
[[nodiscard]] bool isReachableBesides(const KubeRoute &route, const QList<RoutePlace> &places,
                                      const RouteNames &names);

/// A write that is valid only for the state it was made from: tests both backend names, then sets
/// the weights, and `changes` as our annotation. NotFound if no rule has both backends.
[[nodiscard]] Result<ObjectWrite> weightPatch(const KubeRoute &route, const RouteNames &names,
                                              Weight candidate, const QString &changes);

/// How somebody else would apply the weights of such a route.
[[nodiscard]] WeightFields routeFields(const QString &nameSpace, const RouteNames &names);

/// The sentence for a route in which no rule has both backends.
[[nodiscard]] Error noPlace(const RouteNames &names);

} // namespace pilothouse
