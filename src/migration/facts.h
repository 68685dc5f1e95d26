#pragma once

#include "migration/change.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace pilothouse {

/// The session that reads and writes, as the server describes it.
struct ServerFacts
{
    int version = 0;     ///< server_version_num: 150014
    QString versionText; ///< "15.14"
    QString database;
    QString user; ///< session_user
    bool standby = false;
    bool seesOthers
        = false; ///< pg_monitor: else other people's queries are hidden from "in the way"
    bool bypassesRowSecurity = false;

    bool operator==(const ServerFacts &) const = default;
};

/// How many rows still have no value. Only Exact with 0 rows lets CONTRACT begin; the lasting proof
/// is the validated constraint.
struct NullCount
{
    enum class Kind {
        Exact,
        AtLeast, ///< counting stopped at a bound or at its time limit; `rows` were found until then
        Unknown, ///< not counted; never to be shown as 0
    };
    Kind kind = Kind::Unknown;
    qint64 rows = 0;
    QDateTime at; ///< when counted, the server's clock, UTC
    QString why;  ///< for Unknown

    bool operator==(const NullCount &) const = default;
};

/// Somebody who wrote a row without the column; the sync trigger saw it and filled the column in.
struct OldWriter
{
    QString app; ///< application_name: "context-worker/4be81c0"
    QString op;  ///< "INSERT" or "UPDATE"; only INSERT stands against CONTRACT
    qint64 transactionsThisHour = 0;
    QDateTime lastAt; ///< the server's clock, UTC

    bool operator==(const OldWriter &) const = default;
};

/// A step as the database itself remembers it: who ran it from which console, and when. A claim:
/// what holds is what the catalog shows.
struct StepRecord
{
    StepId step = StepId::E1;
    QString actor;   ///< person at the console
    QString session; ///< database login
    QDateTime at;    ///< the server's clock, UTC
    IntentId intent;

    bool operator==(const StepRecord &) const = default;
};

/// The row of `pilothouse.backfill`. The cursor moves in the transaction that writes the rows, so
/// it is exact after any kind of death.
struct BackfillRow
{
    enum class State { Running, Paused, Sweeping, Verified, Failed };
    State state = State::Running;
    QString cursor;     ///< key of the last row done, as text; empty = none yet
    QString upperBound; ///< frozen at the start
    qint64 rowsScanned = 0;
    qint64 rowsWritten = 0;
    qint64 rowsTotal = 0; ///< estimate taken at the start
    qint64 batches = 0;
    int pass = 1; ///< 1 = the backfill itself; from 2 on the sweeps
    int batchSize = 0;
    int runnerPid = 0;        ///< 0 = nobody
    bool runnerAlive = false; ///< that backend is there and holds the runner lock
    QString pausedReason;
    QDateTime startedAt;
    QDateTime heartbeat;
    QDateTime finishedAt; ///< when Verified

    bool operator==(const BackfillRow &) const = default;
};

/// A single-column key that batches walk along.
struct KeyColumn
{
    QString name;
    QString type; ///< as format_type spells it
    bool operator==(const KeyColumn &) const = default;
};

struct TableFacts
{
    qint64 rowEstimate = -1; ///< reltuples; -1 = never analyzed
    qint64 heapBytes = 0;
    qint64 totalBytes = 0;
    std::optional<KeyColumn> key; ///< nullopt: no primary key of one column, so no backfill
    bool isOwner = false;         ///< may alter it
    bool mayUpdate = false;
    bool rowSecurityActive = false; ///< for us: counts would be false, so they are refused

    bool operator==(const TableFacts &) const = default;
};

struct ColumnFacts
{
    QString type;             ///< as format_type spells it
    bool typeMatches = false; ///< the type that the change file asks for
    bool notNull = false;     ///< attnotnull and no not-valid not-null constraint (they lie on 18)
    QString comment;          ///< our marker or somebody's own

    bool operator==(const ColumnFacts &) const = default;
};

struct GuardFacts
{
    QString definition; ///< pg_get_constraintdef
    bool validated = false;
    bool provesNotNull = false; ///< it is CHECK (column IS NOT NULL) and nothing else

    bool operator==(const GuardFacts &) const = default;
};

struct IndexFacts
{
    QString definition;
    bool valid = false;    ///< indisvalid and indisready and indislive
    bool matches = false;  ///< a plain btree on just this column, no predicate
    bool building = false; ///< a backend is at work on it right now

    bool operator==(const IndexFacts &) const = default;
};

/// What the live database says about one change: catalog first, then what schema `pilothouse`
/// remembers. Absent things are nullopt. Everything that is derived from it is a pure function.
struct Facts
{
    ServerFacts server;
    QDateTime at; ///< the server's clock, UTC
    std::optional<TableFacts> table;
    bool sourceTable = false; ///< Derivation::from is there and readable, with its columns
    std::optional<ColumnFacts> column;
    std::optional<GuardFacts> guard;
    std::optional<IndexFacts> index;
    QString otherNotNullProof;    ///< a validated CHECK of another name that proves the same
    bool trigger = false;         ///< the sync trigger is there and enabled
    bool triggerDisabled = false; ///< it is there and does nothing
    bool columnAnalyzed = false;  ///< the column has statistics at least as new as the backfill
    bool recordKept = false;      ///< schema `pilothouse` is there
    QString recordedPlanHash;     ///< empty = EXPAND was not run from a console
    QList<StepRecord> steps;      ///< oldest first
    QList<OldWriter> oldWriters;  ///< newest first
    std::optional<BackfillRow> backfill;
    std::optional<NullCount> nulls; ///< nullopt: not asked for, or there is no column

    bool operator==(const Facts &) const = default;
};

/// Where a change stands in one database.
enum class ChangeState {
    Planned,   ///< nothing done
    Expanding, ///< the column is there, the trigger not yet
    Expanded,  ///< old and new code both work
    Migrating, ///< values are being filled in
    Paused,
    Migrated,     ///< no NULL left when last swept; index and statistics may still be to come
    Contracting,  ///< between the guard and NOT NULL
    Contracted,   ///< NOT NULL holds; only the trigger is left
    Cleaned,      ///< nothing left to do
    TableMissing, ///< there is no such table in this database
};

[[nodiscard]] ChangeState stateOf(const Change &change, const Facts &facts);

/// The phase that the page marks as current.
[[nodiscard]] ChangePhase phaseOf(const Change &change, const Facts &facts);

/// EXPAND is done: code that writes the column may get traffic.
[[nodiscard]] bool expandDone(const Facts &facts);

/// Where file and database contradict each other, as sentences; empty = nothing. DRIFT is never
/// counted as done and never repaired silently.
[[nodiscard]] QStringList driftOf(const Change &change, const Facts &facts);

/// The newest old INSERT; nullopt = none was ever seen (or no trigger looks).
[[nodiscard]] std::optional<OldWriter> lastOldInsert(const Facts &facts);

/// "expand", "MIGRATE 62 %" … one word or two for lists; needs no context.
[[nodiscard]] QString stateWords(const Change &change, const Facts &facts);

} // namespace pilothouse
