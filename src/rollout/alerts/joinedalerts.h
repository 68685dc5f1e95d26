#pragma once

#include "rollout/alerts/alertsource.h"

#include <optional>

namespace pilothouse {

/// What Alertmanager said last.
struct ManagedAlerts
{
    /// After so long without an answer, what it silenced counts again, and what it alone knows
    /// counts no more.
    static constexpr std::chrono::milliseconds trusted{60'000};

    QList<Alert> alerts;
    bool isOld = false; ///< said longer ago than `trusted`
    AlertSource::Scope scope = AlertSource::Scope::Workspace;
};

/// What the metrics server said last.
struct ToldAlerts
{
    QList<Alert> alerts;
    bool isOld = false; ///< said longer ago than ManagedAlerts::trusted
};

/// The same alert: of one name, and one has all labels of the other (Prometheus adds labels to what
/// it sends on).
[[nodiscard]] bool isSameAlert(const Alert &a, const Alert &b);

/// What the metrics server and Alertmanager tell, each alert once. What both know stands as the
/// metrics server tells it, but silenced or inhibited where Alertmanager says so. What Alertmanager
/// alone knows stands as it says; where others share it, only with a label "track". What is old
/// stands as the other one tells it, or as "last known".
[[nodiscard]] QList<Alert> joinedAlerts(const ToldAlerts &told, const ManagedAlerts &managed);

/// Those of one track: by an alert without a label "track" all tracks are meant.
[[nodiscard]] QList<Alert> alertsOfTrack(const QList<Alert> &alerts, const QString &track);

/// Each name as often as it fires.
[[nodiscard]] QStringList firingNames(const QList<Alert> &alerts);

} // namespace pilothouse
