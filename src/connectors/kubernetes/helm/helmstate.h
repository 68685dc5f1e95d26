#pragma once

#include "connectors/kubernetes/helm/helmmove.h"

namespace pilothouse {

/// Both versions that a write has to meet: of the release and of its route.
struct HelmVersion
{
    int revision = 0; ///< 0 = the history cannot be seen
    QString route;

    [[nodiscard]] QString text() const;
    /// BadInput for a text that is none.
    [[nodiscard]] static Result<HelmVersion> from(const QString &text);
    bool operator==(const HelmVersion &) const = default;
};

/// Who changed the weight and why, as the description of a revision: "canary.weight 10 -> 50 by
/// mara: all well (pilothouse i7 9f3c2a1…)". It comes back as a WeightChange.
[[nodiscard]] QString describedChange(const QString &value, Weight from,
                                      const WeightRequest &request);

/// What helm itself describes a rollback by; neither generation takes another description.
[[nodiscard]] QString rollbackDescription(int revision);
/// WeightChange::through of a revision that `helm rollback` made.
[[nodiscard]] QString throughRevision(int number);

/// The changes of weight that the history tells, newest first; those of people with helm too.
[[nodiscard]] QList<WeightChange> changesIn(const HelmHistory &history);

/// A write through helm, and the newest revision when it began.
struct HelmWrite
{
    IntentId intent;              ///< empty = the revision will not say whose it is
    std::optional<Weight> weight; ///< nullopt = it is about more than the weight
    int before = 0;               ///< 0 = the history could not be seen
};

/// What became of a write whose helm ended with this error, as release and route tell it
/// afterwards. nullopt = it was done all the same. What helm cannot tell (mayBeDone) is a failure
/// for certain where its revision is a lock and the route has nothing of it.
[[nodiscard]] std::optional<Error> afterFailure(const Error &error, const HelmSight &now,
                                                const HelmWrite &write);

/// What the console shows and decides by. Everything about revisions and what is accepted is the
/// route's; asked is Helm's, or what a console gave the route itself since; a lock and a history
/// that cannot be seen stop promotions; the problem names failed revisions, a lock, and where the
/// two disagree.
[[nodiscard]] TrafficState helmState(const TrafficState &route, const HelmSight &sight,
                                     const QString &value);

} // namespace pilothouse
