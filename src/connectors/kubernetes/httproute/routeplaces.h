#pragma once

#include "connectors/kubernetes/httproute/routeworld.h"

#include <QJsonArray>

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

/// The operations of a write that is valid only for the state it was made from: `test` of the
/// version and of both backend names, then the weights and our annotation of the changes.
/// NotFound if no rule has both backends.
[[nodiscard]] Result<QJsonArray> weightPatch(const KubeRoute &route, const RouteNames &names,
                                             Weight candidate, const QList<WeightChange> &changes);
[[nodiscard]] QJsonArray holdPatch(const KubeRoute &route, const std::optional<Hold> &hold);

/// The sentence for a route in which no rule has both backends.
[[nodiscard]] Error noPlace(const RouteNames &names);

/// A patch as a person reads it: one operation a line, with `note` for the text of our annotation.
[[nodiscard]] QString shownPatch(const QJsonArray &operations, const QString &note);
/// What kubectl would need of it: without our annotations.
[[nodiscard]] QJsonArray withoutAnnotations(const QJsonArray &operations);

} // namespace pilothouse
