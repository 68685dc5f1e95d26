#pragma once

#include "action/reason.h"
#include "rollout/wayback/wayback.h"

#include <QHash>
#include <QStringList>

namespace pilothouse {

/// "9f3c2a1", or "unknown commit".
[[nodiscard]] QString revisionWord(const RevisionState &revision);
/// Why the system itself does not say that a revision could serve now: its own condition, "not said
/// to be ready"; empty = it says so, or its replicas tell.
[[nodiscard]] QString downWords(const RevisionState &revision);
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
    /// The same of each commit that a person may choose (OwnAction::chosen).
    QHash<QString, QList<Reason>> chosenReasons = {};
    /// From release: whether the stable could carry everything alone; nullopt = nobody has asked.
    std::optional<Reason> carry;
};

/// What a freeze asks about a rollout in flight that has a stage to go to; empty = nothing. It is
/// for whoever promotes: a rollback is never told of a freeze.
[[nodiscard]] QString frozenInFlight(const RolloutFacts &facts);

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
/// What the schema says of a chosen commit comes first.
[[nodiscard]] QList<KeyedReason> ownReasons(const RolloutFacts &facts, const OwnAction &action);

[[nodiscard]] Permission permission(const QList<KeyedReason> &reasons);
/// The keys of what is not For, sorted: what a confirmed preview is compared by. What the stable
/// can carry is none of them: it changes with the traffic of each moment.
[[nodiscard]] QStringList objections(const QList<KeyedReason> &reasons);

} // namespace pilothouse
