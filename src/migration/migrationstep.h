#pragma once

#include "base/id.h"
#include "base/result.h"
#include "migration/database.h"
#include "migration/recipe/backfill.h"
#include "migration/steps.h"

#include <QSet>

#include <optional>
#include <variant>

namespace pilothouse {

/// At most so many tries of a Short group, with a random wait of `retryFrom` to `retryTo` between
/// them (full jitter); then it stops and nothing has changed.
struct RetryPolicy
{
    int tries = 20;
    std::chrono::milliseconds retryFrom{500};
    std::chrono::milliseconds retryTo{30'000};
    bool operator==(const RetryPolicy &) const = default;
};

/// What the run of one or more steps is doing. A value; see advance().
struct MigrationRun
{
    enum class Doing {
        Idle,
        TakingLock,
        Looking,   ///< reading the facts: is the step done already, or did it work?
        Executing, ///< a group is at the server
        Waiting,   ///< for the next try
        Starting,  ///< begin or take up a backfill or a sweep
        Batching,
        Resting,   ///< between two batches
        Verifying, ///< the sweep ended: counting what is left
        Returning, ///< an answer was lost: the runner lock is taken again, to look what came of it
        Leaving,   ///< giving the runner lock back
        Ended,
    };
    enum class Ending {
        None,
        Done,
        Paused,  ///< at the next batch, as asked
        Stopped, ///< a Short statement never got its lock, or the person cancelled
        Failed,
        Unseen, ///< an answer was lost, and nobody could look what came of it
    };

    Doing doing = Doing::Idle;
    Ending ending = Ending::None;
    AttemptId attempt;       ///< answers of another attempt are dropped
    QList<ChangeStep> steps; ///< to run, in order
    bool undo = false;       ///< run their way back instead
    int step = 0;            ///< index into steps
    int group = 0;
    int tries = 0;         ///< of the current group
    bool executed = false; ///< this step's groups were run: what is seen now must be its effect
    bool pauseAsked = false;
    bool stopAsked = false;
    std::optional<Error> lost; ///< why there was no answer, until it is known what came of it
    int returns = 0;           ///< tries to look since then
    int pass = 0;              ///< sweeps
    qint64 writtenInPass = 0;  ///< a pass that writes nothing but leaves NULLs can never end
    BackfillPace pace;
    BackfillLimits limits;
    RetryPolicy retry;
    BackfillProgress progress;
    std::chrono::milliseconds rest{0}; ///< before the batch under way
    bool held = false;                 ///< the rest is the limit's, not the duty cycle's
    std::optional<std::chrono::milliseconds> nextTryIn;
    Error error; ///< for Stopped, Failed and Unseen: the sentence for the person
};

namespace migrationevent {
struct Start
{
    QList<ChangeStep> steps;
    bool undo = false;
    BackfillLimits limits;
    RetryPolicy retry;
};
struct LockAnswered
{
    RunnerLock lock;
};
struct FactsRead
{
    QSet<StepId> done; ///< by the facts of this moment
    QStringList drift;
    QSet<StepId> recorded; ///< `pilothouse.step` says who did them
};
struct GroupTried
{
    TryAnswer answer;
    double random = 0; ///< 0 to 1, for the jitter: chance stays outside
};
struct RetryDue
{};
struct NullsCounted
{
    NullCount nulls;
};
struct Began
{
    BackfillRow row;
};
struct BatchEnded
{
    BatchAnswer answer;
};
struct RestOver
{};
struct PauseAsked
{};
struct StopAsked
{};
struct LockReleased
{};
/// Any effect that ended in an error.
struct WentWrong
{
    Error error;
};
} // namespace migrationevent

using MigrationEvent
    = std::variant<migrationevent::Start, migrationevent::LockAnswered, migrationevent::FactsRead,
                   migrationevent::GroupTried, migrationevent::RetryDue,
                   migrationevent::NullsCounted, migrationevent::Began, migrationevent::BatchEnded,
                   migrationevent::RestOver, migrationevent::PauseAsked, migrationevent::StopAsked,
                   migrationevent::LockReleased, migrationevent::WentWrong>;

namespace migrationeffect {
struct TakeLock
{
    bool operator==(const TakeLock &) const = default;
};
struct ReadFacts
{
    bool operator==(const ReadFacts &) const = default;
};
struct RunGroup
{
    StepId step = StepId::E1;
    StatementGroup group;
    bool operator==(const RunGroup &) const = default;
};
struct RetryAfter
{
    std::chrono::milliseconds delay{0};
    bool operator==(const RetryAfter &) const = default;
};
struct BeginBackfill
{
    bool operator==(const BeginBackfill &) const = default;
};
struct BeginSweep
{
    bool operator==(const BeginSweep &) const = default;
};
struct RunBatch
{
    enum class Kind { Backfill, Sweep };
    Kind kind = Kind::Backfill;
    int size = 0;
    bool operator==(const RunBatch &) const = default;
};
struct RestFor
{
    std::chrono::milliseconds delay{0};
    bool operator==(const RestFor &) const = default;
};
struct MarkBackfill
{
    BackfillRow::State state = BackfillRow::State::Running;
    QString reason;
    bool operator==(const MarkBackfill &) const = default;
};
struct CountNulls
{
    bool operator==(const CountNulls &) const = default;
};
struct RecordStep
{
    StepId step = StepId::E1;
    bool operator==(const RecordStep &) const = default;
};
struct CancelOwn
{
    bool operator==(const CancelOwn &) const = default;
};
struct ReleaseLock
{
    bool operator==(const ReleaseLock &) const = default;
};
} // namespace migrationeffect

using MigrationEffect
    = std::variant<migrationeffect::TakeLock, migrationeffect::ReadFacts, migrationeffect::RunGroup,
                   migrationeffect::RetryAfter, migrationeffect::BeginBackfill,
                   migrationeffect::BeginSweep, migrationeffect::RunBatch, migrationeffect::RestFor,
                   migrationeffect::MarkBackfill, migrationeffect::CountNulls,
                   migrationeffect::RecordStep, migrationeffect::CancelOwn,
                   migrationeffect::ReleaseLock>;

struct MigrationMove
{
    MigrationRun run;
    QList<MigrationEffect> effects; ///< carried out in this order, each after the one before ended
};

/// The heart of a run: pure. The runner lock is taken first and given back last; under it the
/// facts are read before a step (a done one is passed over) and after it (a step counts as done
/// only when the facts say so). An answer that is lost says nothing: the lock is taken again, which
/// the lost session has until the server has ended it, and the facts tell. Events that do not fit
/// what the run is doing change nothing.
[[nodiscard]] MigrationMove advance(MigrationRun run, const MigrationEvent &event);

} // namespace pilothouse
