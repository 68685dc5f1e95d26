#pragma once

#include "action/actionrunner.h"
#include "rollout/act/bakeclock.h"
#include "rollout/analysis/judge.h"
#include "rollout/plan.h"
#include "rollout/trafficcontrol.h"

#include <QList>

#include <chrono>
#include <optional>
#include <variant>

namespace pilothouse {

/// Where a rollout stands.
enum class Phase {
    Unread,      ///< the traffic was never read
    Idle,        ///< no candidate
    Ready,       ///< a candidate at weight 0
    Baking,      ///< the candidate holds a weight
    Paused,      ///< the same, under a hold: the bake clock stands
    Finishing,   ///< weight 100, the stable is still the old one
    Done,        ///< the candidate seen before is the stable now
    RollingBack, ///< weight 0 was asked, not yet accepted
    RolledBack,  ///< the candidate had traffic and was given 0
    Replaced, ///< another candidate stands behind the traffic: this rollout ended, its weight stays
};

/// What a promote pins. Another digest, commit or Pod template behind the traffic ends the rollout.
struct PinnedCandidate
{
    RevisionName name;
    CommitId commit;
    QString imageDigest;      ///< empty = cannot be told; then only the rest pins
    QString podTemplate = {}; ///< the same

    bool operator==(const PinnedCandidate &) const = default;
};

/// What follows a rollback whose weight is taken.
enum class AfterRollback {
    Hold,   ///< what was rolled back is held
    NoHold, ///< the person wants none
};

/// A change of weight under way: asked, written, not yet accepted.
struct WeightAttempt
{
    enum class Kind { Promote, Back, RollBack };

    AttemptId id;
    Kind kind = Kind::Promote;
    Weight from;
    Weight to;
    WeightRequest request;
    PinnedCandidate target; ///< RollBack: the stable that gets the traffic; else the candidate
    bool written = false;   ///< sent and taken, `accepted` may lag
    bool doubtful = false;  ///< sent, but no answer came: only the world tells whether it was taken
    QString doubt;          ///< doubtful: what came instead of an answer
    bool unanswered = false; ///< RollBack: one of its writes got no answer, and may have been taken
    AfterRollback then = AfterRollback::Hold;
    bool reading = false; ///< RollBack after a conflict: waits for a new version to send again
    int tries = 1;        ///< RollBack: how often it was sent or read again for
    int strayed = 0;      ///< readings after the write that show another weight
    std::chrono::milliseconds began{0}; ///< since boot

    bool operator==(const WeightAttempt &) const = default;
};

/// The whole memory of one rollout. A value; `step()` is the only function that makes a new one.
struct RolloutState
{
    Phase phase = Phase::Unread;
    std::optional<TrafficState> traffic; ///< as read last
    std::chrono::milliseconds now{0};    ///< since boot, of the last event
    std::chrono::milliseconds readAt{0}; ///< since boot, when `traffic` was read
    std::optional<PinnedCandidate> pinned;
    std::optional<int> stage; ///< index of the plan's stage whose weight is accepted (the nearest
                              ///< at or under it); nullopt at weight 0
    std::optional<BakeClock> bake; ///< set while a weight over 0 is accepted
    std::optional<WeightAttempt> attempt;
    qint64 lastAttempt = 0;                ///< number of the newest attempt or judgement
    std::optional<AttemptId> judging;      ///< the judgement whose answer is awaited
    std::chrono::milliseconds judgedAt{0}; ///< when the last judgement was asked for
    QList<CheckResult> results;            ///< of the last judgement of this weight
    QString ended;                         ///< Replaced: why, as a sentence

    bool operator==(const RolloutState &) const = default;
};

/// What identifies a revision for pinning and for the target of a rollback.
[[nodiscard]] inline PinnedCandidate pinOf(const RevisionState &revision)
{
    return {revision.name, revision.commit, revision.imageDigest, revision.podTemplate};
}
/// The same code: same commit, and same name and digest where both sides tell one. A restart makes
/// another Pod template of it, and it is still what a rollback leads to.
[[nodiscard]] inline bool sameCode(const PinnedCandidate &a, const PinnedCandidate &b)
{
    const auto agree = [](const QString &x, const QString &y) {
        return x.isEmpty() || y.isEmpty() || x == y;
    };
    return a.commit == b.commit && agree(a.name.value, b.name.value)
           && agree(a.imageDigest, b.imageDigest);
}
/// The same candidate: the same code, by the same Pod template where both sides tell one.
[[nodiscard]] inline bool samePin(const PinnedCandidate &a, const PinnedCandidate &b)
{
    return sameCode(a, b)
           && (a.podTemplate.isEmpty() || b.podTemplate.isEmpty()
               || a.podTemplate == b.podTemplate);
}

// What happens to a rollout.

/// The traffic was read or told by the watch.
struct TrafficRead
{
    TrafficState traffic;
    /// The server's clock now: what the object's own stamps are set against, so that a bake clock
    /// survives a restart. Invalid = not told, counts from now.
    QDateTime at;
};

/// A person confirmed a weight above (Promote) or one stage below (Back) the present one.
struct WeightConfirmed
{
    WeightAttempt::Kind kind = WeightAttempt::Kind::Promote;
    Weight from; ///< as shown when it was confirmed
    Weight to;
    PinnedCandidate candidate;
    QString version; ///< of the traffic object, as shown
    QString actor;
    QString reason;
    IntentId intent;
};

/// A person confirmed that `target` gets the traffic.
struct RollbackConfirmed
{
    PinnedCandidate target;
    CommitId leaving; ///< commit that loses the traffic; goes into the request
    QString actor;
    QString reason;
    IntentId intent;
    AfterRollback then = AfterRollback::Hold;
};

/// What the traffic control said to a SetWeight.
struct WriteAnswered
{
    AttemptId attempt;
    std::optional<TrafficState> traffic; ///< after a write that was taken
    std::optional<Error> error;          ///< Conflict = somebody else wrote first
};

/// A read that was asked for (Observe) failed.
struct ReadFailed
{
    Error error;
};

/// All checks of one judgement were answered.
struct Judged
{
    AttemptId attempt;
    QList<CheckResult> results;
};

/// Time went on.
struct Tick
{};

using RolloutEvent = std::variant<TrafficRead, WeightConfirmed, RollbackConfirmed, WriteAnswered,
                                  ReadFailed, Judged, Tick>;

// What a rollout wants done.

/// Write this weight; answer with WriteAnswered of the same attempt.
struct SetWeight
{
    AttemptId attempt;
    WeightRequest request;
    bool operator==(const SetWeight &) const = default;
};

/// Keep this hold on the traffic object (after a rollback); `since` is for whoever carries it out
/// to fill in. A failure is said, it does not undo the rollback.
struct SetHold
{
    Hold hold;
    QString version;
    bool operator==(const SetHold &) const = default;
};

/// Read the traffic again soon; answer with TrafficRead, or ReadFailed.
struct Observe
{
    bool operator==(const Observe &) const = default;
};

/// Ask the metrics; answer with Judged of the same attempt.
struct Judge
{
    AttemptId attempt;
    bool operator==(const Judge &) const = default;
};

/// An attempt came to its end.
struct Conclude
{
    IntentId intent;
    Outcome::Kind kind = Outcome::Kind::Unknown;
    QString text;
    bool operator==(const Conclude &) const = default;
};

using RolloutEffect = std::variant<SetWeight, SetHold, Observe, Judge, Conclude>;

/// What does not change while a rollout runs.
struct StepRules
{
    Plan plan;
    std::chrono::milliseconds judgeEvery{5'000};
    /// A write that is not accepted after so long ends as Unknown; the object is shown as it is.
    std::chrono::milliseconds acceptWithin{60'000};
    int rollbackTries = 8; ///< how often a rollback is sent, or read again for, before it gives up
    /// Readings after a write that show another weight before it counts as undone by somebody: a
    /// watch may still bring what was true before the write.
    int strayReadings = 3;
    /// After full weight the stable itself changes (http-route: Finishing), or the previous stable
    /// stays and can be given the traffic again (Cloud Run).
    enum class AfterFull {
        StableIsReplaced,
        PreviousStays
    } afterFull
        = AfterFull::StableIsReplaced;
};

struct StepResult
{
    RolloutState state;
    QList<RolloutEffect> effects;
};

/// The heart of a rollout. Pure: no clock, no network. `now` is since boot.
///
/// An answer of an attempt that is not the present one changes nothing. A WeightConfirmed that does
/// not start from the present accepted weight, of the present candidate, at the present version,
/// concludes as Conflict with nothing sent: so a second press cannot skip a stage. A conflict of a
/// promote concludes as Conflict; that of a rollback reads again and sends again as long as its
/// target is the same.
[[nodiscard]] StepResult step(const StepRules &rules, const RolloutState &state,
                              const RolloutEvent &event, std::chrono::milliseconds now);

} // namespace pilothouse
