#pragma once

#include "action/plannedcall.h"
#include "pipeline/runsource.h"

#include <QStringList>

#include <variant>

namespace pilothouse {

/// An environment that a run waits for.
struct PendingEnvironment
{
    qint64 id = 0;
    QString name;
    bool mayReview = false; ///< the CI host says that this account may approve or reject
    QStringList reviewers;  ///< people and teams
    QDateTime waitsUntil;   ///< of a wait timer, UTC; invalid = it waits for a person alone
    QDateTime since{};      ///< when it began to wait, UTC; invalid = not told

    bool operator==(const PendingEnvironment &) const = default;
};

enum class ReviewState { Approved, Rejected };

/// A decision about environments that has been given.
struct GivenReview
{
    ReviewState state = ReviewState::Approved;
    QStringList environments;
    QString user;
    QString comment;

    bool operator==(const GivenReview &) const = default;
};

/// Why a run, or a job of it, does not begin: another one has its concurrency group.
struct ConcurrencyBlock
{
    enum class Basis {
        Told,      ///< by the CI host
        WorkedOut, ///< from the workflow files
        NotKnown,  ///< the files leave it open; `by` is who may have the group, or 0
    };

    QString group; ///< "deploy-production"; as the file writes it where only a run can fill it
    RunId by;      ///< who has the group, or stands before it
    QString name;  ///< of that run
    QUrl page;
    QString job = {};  ///< of that run, where one job of it has the group; as it is shown
    QString file = {}; ///< "ci.yml", from which it is worked out
    Basis basis = Basis::Told;

    bool operator==(const ConcurrencyBlock &) const = default;
};

/// What the account that is signed in may do.
struct RunAccess
{
    bool mayWrite = true;
    QString why;   ///< where it may not
    QString login; ///< empty = not told

    bool operator==(const RunAccess &) const = default;
};

struct RerunFailedJobs
{
    RunId run;
    int attempt = 1; ///< the one that was seen
    bool operator==(const RerunFailedJobs &) const = default;
};

struct RerunJob
{
    RunId run;
    int attempt = 1;
    JobId job;
    QString name;
    bool operator==(const RerunJob &) const = default;
};

struct CancelRun
{
    enum class Force {
        No,
        Yes, ///< jobs with `always()` are ended too
    };
    RunId run;
    Force force = Force::No;
    bool operator==(const CancelRun &) const = default;
};

struct ReviewEnvironments
{
    RunId run;
    QList<PendingEnvironment> environments;
    ReviewState state = ReviewState::Approved;
    QString comment;
    bool operator==(const ReviewEnvironments &) const = default;
};

/// One input of a workflow that a person starts.
struct DispatchValue
{
    QString key;
    QString value;
    bool operator==(const DispatchValue &) const = default;
};

struct DispatchWorkflow
{
    QString workflowPath; ///< ".github/workflows/deploy.yml"
    QString ref;          ///< branch or tag
    QList<DispatchValue> inputs;
    bool operator==(const DispatchWorkflow &) const = default;
};

/// One thing that a person asks of the CI host.
using RunOrder
    = std::variant<RerunFailedJobs, RerunJob, CancelRun, ReviewEnvironments, DispatchWorkflow>;

/// The host has taken an order. Taken is not done: the run is looked at until it shows it.
struct TakenOrder
{
    RunId run; ///< the run that a dispatch began, where the host tells it; else 0

    bool operator==(const TakenOrder &) const = default;
};

/// A CI host whose runs can be acted upon. Nothing is ever sent twice: an answer that was lost
/// (TimedOut, Unavailable) is the caller's to settle by looking.
class RunControl
{
public:
    virtual ~RunControl() = default;

    [[nodiscard]] virtual QString systemName() const = 0; ///< "GitHub"
    /// What `send` would send, as text.
    [[nodiscard]] virtual PlannedCall plan(const RunOrder &order) const = 0;
    /// NotAllowed and Conflict with the host's own words in the detail.
    [[nodiscard]] virtual QFuture<Result<TakenOrder>> send(const RunOrder &order) = 0;

    [[nodiscard]] virtual QFuture<Result<Reading<Run>>> run(const RunId &run) = 0;
    /// Empty for a run that waits for nobody.
    [[nodiscard]] virtual QFuture<Result<QList<PendingEnvironment>>> waiting(const RunId &run) = 0;
    /// Oldest first.
    [[nodiscard]] virtual QFuture<Result<QList<GivenReview>>> reviews(const RunId &run) = 0;
    /// Who stands before this run or its jobs; empty = nobody. NotFound = the server does not offer
    /// it.
    [[nodiscard]] virtual QFuture<Result<QList<ConcurrencyBlock>>> blocks(const RunId &run) = 0;
    /// The runs of the repository that have not ended, in no order.
    [[nodiscard]] virtual QFuture<Result<QList<Run>>> active() = 0;
    /// Runs of this workflow that a person of this name started at `since` (UTC) or later, newest
    /// first; an empty name = anybody.
    [[nodiscard]] virtual QFuture<Result<QList<Run>>>
    dispatched(const QString &workflowPath, const QDateTime &since, const QString &login) = 0;
    [[nodiscard]] virtual QFuture<Result<RunAccess>> access() = 0;
};

} // namespace pilothouse
