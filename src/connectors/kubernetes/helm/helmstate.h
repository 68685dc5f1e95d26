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

/// What the console shows and decides by. Everything about revisions and what is accepted is the
/// route's; asked is Helm's; a lock and a history that cannot be seen stop promotions; the problem
/// names failed revisions, a lock, and where the two
/// disagree.
[[nodiscard]] TrafficState helmState(const TrafficState &route, const HelmSight &sight,
                                     const QString &value);

} // namespace pilothouse
