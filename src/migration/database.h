#pragma once

#include "base/reading.h"
#include "migration/steps.h"

#include <QFuture>
#include <QObject>

namespace pilothouse {

/// A session that holds a lock in the way of a statement.
struct Blocker
{
    int pid = 0;
    QString user;
    QString app;
    QString state;                 ///< "idle in transaction", "active"
    QString lockMode;              ///< as pg_locks spells it
    QString query;                 ///< the first 120 characters; may be hidden from us
    QDateTime since;               ///< start of its transaction, UTC; invalid = hidden from us
    bool wraparoundVacuum = false; ///< does not give way

    /// Nothing to cancel there: only ending the session frees its locks.
    [[nodiscard]] bool idle() const { return state.startsWith(QLatin1String("idle")); }

    bool operator==(const Blocker &) const = default;
};

/// What happens around our own statement while it runs.
struct WaitState
{
    QList<Blocker> blockedBy; ///< empty = it is at work
    int queuedBehind = 0;
    std::chrono::milliseconds longestWait{0}; ///< of those queued behind us
    QString phase;        ///< of CREATE INDEX CONCURRENTLY, the server's words; else empty
    double fraction = -1; ///< 0 to 1 of that phase; -1 = the server does not say

    bool operator==(const WaitState &) const = default;
};

/// Who runs what and why: written to `application_name` and to `pilothouse.step`.
struct RunTag
{
    ChangeName change;
    QString step;  ///< "E1", "undo E1"
    QString actor; ///< person at the console
    IntentId intent;
};

/// How one try of one group ended, when that is not an error.
struct TryAnswer
{
    enum class End {
        Done,
        LockTimedOut, ///< nothing changed; may be tried again
        Cancelled,    ///< somebody (maybe we) cancelled the statement; nothing changed
    };
    End end = End::Done;
    std::chrono::milliseconds took{0};
    QString detail; ///< the server's words when not Done
};

struct RunnerLock
{
    bool taken = false;
    QString holder; ///< "pid 4711, pilothouse/…, A. Muster's login" when not taken
};

/// How one batch of backfill or sweep ended.
struct BatchAnswer
{
    enum class End {
        Moved,
        Finished, ///< nothing left up to the upper bound (backfill), or no NULL met (sweep)
        Retry,    ///< lock timeout, deadlock or serialization failure: nothing changed
        Stopped,  ///< the row says paused, or another runner moved the cursor
    };
    End end = End::Moved;
    qint64 scanned = 0; ///< in this batch
    qint64 written = 0;
    BackfillRow row; ///< after it
    std::chrono::milliseconds took{0};
    QString detail;
};

/// The target database of a change. GUI thread; the work is done in threads of its own over two
/// sessions: a worker for what writes, a watcher for what reads and cancels. Calls on one session
/// are answered in order. Answers after destruction are dropped. Errors: Unavailable (no
/// connection), SignedOut (refused login), NotAllowed (missing right, named), TimedOut, Internal
/// (the server's sentence in `detail`). Every session runs with row_security off.
class Database : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    enum class Nulls {
        Leave, ///< Facts::nulls stays empty: cheap enough for every two seconds
        Count, ///< counted exactly within 5 s; else AtLeast 10,001, or Unknown with the cause
    };

    /// "context-production": the service, or host:port/dbname. Never a secret.
    [[nodiscard]] virtual QString place() const = 0;

    [[nodiscard]] virtual QFuture<Result<Reading<Facts>>> facts(const Change &change, Nulls nulls)
        = 0;
    /// Counts to the end, however long it takes, on the worker: ends a sweep.
    [[nodiscard]] virtual QFuture<Result<NullCount>> countNulls(const Change &change) = 0;
    /// Sessions that hold a lock on one of the tables that conflicts with `mode`, oldest first.
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Blocker>>>>
    blockers(const QList<TableName> &tables, LockMode mode) = 0;
    /// About the worker's statement of this moment.
    [[nodiscard]] virtual QFuture<Result<Reading<WaitState>>> waitState() = 0;

    /// One try of one group, with the timeouts of its class; retrying is the caller's decision.
    /// A Long group that builds an index first drops an invalid leftover of that name, and waits
    /// for a build of ours that outlived its console rather than start another.
    [[nodiscard]] virtual QFuture<Result<TryAnswer>> run(const StatementGroup &group,
                                                         const RunTag &tag)
        = 0;
    /// Writes who did a step into `pilothouse.step`; for what run() could not record itself.
    [[nodiscard]] virtual QFuture<Result<void>> record(const RunTag &tag) = 0;

    enum class Means {
        CancelStatement, ///< pg_cancel_backend; does nothing to a session idle in a transaction
        EndSession,      ///< pg_terminate_backend: its transaction is rolled back
    };
    /// NotFound if the session is gone, NotAllowed if this login may not.
    [[nodiscard]] virtual QFuture<Result<void>> cancel(int pid, Means means) = 0;
    /// Cancels the worker's own statement.
    [[nodiscard]] virtual QFuture<Result<void>> cancelOwn() = 0;

    /// One runner per change and database, over all consoles; freed by the server when the session
    /// ends in any way. Never waits. What runs, records or fills is Unavailable without it.
    [[nodiscard]] virtual QFuture<Result<RunnerLock>> takeRunnerLock(const ChangeName &change) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> releaseRunnerLock(const ChangeName &change) = 0;

    /// Begins a backfill (freezes the upper bound) or takes up the one that is there.
    [[nodiscard]] virtual QFuture<Result<BackfillRow>> beginBackfill(const Change &change,
                                                                     const RunTag &tag)
        = 0;
    /// At most `size` rows after the cursor. The cursor commits with the rows.
    [[nodiscard]] virtual QFuture<Result<BatchAnswer>> backfillBatch(const Change &change, int size)
        = 0;
    /// Begins a pass over the rows that are still NULL: a new frozen bound, the cursor at the
    /// start.
    [[nodiscard]] virtual QFuture<Result<BackfillRow>> beginSweep(const Change &change) = 0;
    [[nodiscard]] virtual QFuture<Result<BatchAnswer>> sweepBatch(const Change &change, int size)
        = 0;
    [[nodiscard]] virtual QFuture<Result<BackfillRow>>
    setBackfillState(const Change &change, BackfillRow::State state, const QString &reason) = 0;
    /// Pauses what another session runs: the row says so, and its next batch moves nothing. By the
    /// watcher. Conflict if it neither runs nor sweeps any more: what is verified stays verified.
    [[nodiscard]] virtual QFuture<Result<BackfillRow>> pauseBackfill(const Change &change,
                                                                     const QString &reason)
        = 0;
};

} // namespace pilothouse
