#pragma once

#include "action/reason.h"
#include "rollout/step.h"

#include <QDateTime>
#include <QHash>
#include <QStringList>

namespace pilothouse {

/// What a rollback of this track would run now.
struct WayBack
{
    enum class Speed {
        Instant,    ///< what gets the traffic is up now
        NotInstant, ///< it is there but not (wholly) ready, or of another commit by now
        None,       ///< nothing to go back to from here
        Unknown,    ///< the traffic was never read
    };
    Speed speed = Speed::Unknown;
    std::optional<RevisionState> target; ///< what would get the traffic
    QString words; ///< "instant, 3/3 ready", "not instant: 1/3 ready", "none: retired 14:20"

    bool operator==(const WayBack &) const = default;
};

/// "9f3c2a1", or "unknown commit".
[[nodiscard]] QString revisionWord(const RevisionState &revision);
/// "5:00", "0:42".
[[nodiscard]] QString minutes(std::chrono::milliseconds duration);

/// How the metrics server does, as far as a promotion asks.
enum class MetricsHealth { NotSetUp, Waiting, Answering, Lost };

/// Everything that the reasons are computed from. A value, so that the rules are tested by tables.
struct RolloutFacts
{
    RolloutState state;
    Plan plan;
    Limits limits;
    QList<Check> checks;
    std::chrono::milliseconds trafficAge{0};
    QString trafficLost; ///< the watch's error, empty = reads well
    MetricsHealth metrics = MetricsHealth::NotSetUp;
    QString metricsLost;   ///< the error's first sentence
    QStringList firing;    ///< alerts of this track that fire now
    QString alertsUnseen;  ///< why not all alerts are seen; empty = they are
    QString frozenBy;      ///< "weekend, until Mon 08:00"; empty = no freeze
    QString lacksAccess;   ///< TrafficAccess::why where it may not write
    QString underWay;      ///< verb of what runs for this track now; empty = nothing
    bool readOnly = false; ///< the console may not write
    WayBack wayBack;
    QList<Reason> promoteReasons;  ///< from release: schema, gates
    QList<Reason> rollbackReasons; ///< from release: what a rollback would break
};

/// A reason with a key that stays when only its numbers change.
struct KeyedReason
{
    QString key;
    Reason reason;
};

/// Every reason for and against the next promotion, at once.
[[nodiscard]] QList<KeyedReason> promoteReasons(const RolloutFacts &facts);
/// Blocks only where a rollback could do nothing at all: no target, nothing in flight, no right to
/// write, read-only. Never for metrics, age, freeze, verdict or journal.
[[nodiscard]] QList<KeyedReason> rollbackReasons(const RolloutFacts &facts);
/// Back to the previous stage.
[[nodiscard]] QList<KeyedReason> backReasons(const RolloutFacts &facts);
/// To set a hold, or to lift the one that stands.
[[nodiscard]] QList<KeyedReason> holdReasons(const RolloutFacts &facts);
/// What only this traffic control has; one that gives more traffic is held to what a promotion is.
[[nodiscard]] QList<KeyedReason> ownReasons(const RolloutFacts &facts, const OwnAction &action);

[[nodiscard]] Permission permission(const QList<KeyedReason> &reasons);
/// The keys of what is not For, sorted: what a confirmed preview is compared by.
[[nodiscard]] QStringList objections(const QList<KeyedReason> &reasons);

/// What a rollback would run now.
/// `retired` are commits that were given up as a way back, with when. `previous` is the stable
/// before the present one, where the traffic control can still give it the traffic.
[[nodiscard]] WayBack wayBack(const RolloutState &state,
                              const std::optional<RevisionState> &previous,
                              const QHash<CommitId, QDateTime> &retired);

} // namespace pilothouse
