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
/// alone knows stands as it says, unless it names no track and is not known to be ours. What is old
/// stands as the other one tells it, or as "last known". What one of them knows to be ours is ours.
[[nodiscard]] QList<Alert> joinedAlerts(const ToldAlerts &told, const ManagedAlerts &managed);

/// Whom an alert is about, as one track sees it.
enum class AlertOf {
    ThisTrack, ///< its label "track" says so, or it names none and is ours
    AnotherTrack,
    NoTrack, ///< it names none, and nobody says that it is of this workspace
};
[[nodiscard]] AlertOf whoseAlert(const Alert &alert, const QString &track);

/// As the source knows by its matchers.
[[nodiscard]] QList<Alert> markedOurs(QList<Alert> alerts, const AlertSource &source);

/// Each name as often as it fires.
[[nodiscard]] QStringList firingNames(const QList<Alert> &alerts);

} // namespace pilothouse
