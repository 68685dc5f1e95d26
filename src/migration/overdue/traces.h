#pragma once

#include "migration/change.h"

#include <QDateTime>
#include <QFuture>

namespace pilothouse {

/// What schema `pilothouse` of a database remembers of a change: a claim, no proof.
struct RecordedChange
{
    ChangeName change;
    QString owner;
    QDate due;
    QString path;      ///< of the change file that was followed
    QStringList steps; ///< "E1", "-E1" for one that was taken back; oldest first

    bool operator==(const RecordedChange &) const = default;
};

/// The comment that EXPAND writes at the column: readable with no right but that to connect, and
/// there even where the record is lost.
struct MarkedColumn
{
    TableName table;
    QString column;
    ChangeName change;
    QDate due;

    bool operator==(const MarkedColumn &) const = default;
};

/// Half-finished work that the catalog shows, whoever began it.
struct Leftover
{
    enum class Kind {
        NotValidConstraint, ///< NOT VALID and never validated: nothing is proved
        InvalidIndex,       ///< a concurrent build that failed: written, never read
        ProvedNotTightened, ///< a validated CHECK proves NOT NULL and the column is nullable
        RedundantCheck,     ///< the same CHECK beside NOT NULL
        SyncTrigger,        ///< a trigger of ours
        PgrollColumn,       ///< a column that pgroll keeps while a migration of its is open
        UnreadableMarker,   ///< a comment that begins as ours and cannot be read
    };
    Kind kind = Kind::NotValidConstraint;
    TableName table;
    QString object; ///< of the constraint, index, trigger or column
    /// When its row of the catalog was written last, UTC; invalid where the server keeps no
    /// times of commits (track_commit_timestamp), which is how it is installed.
    QDateTime since;

    bool operator==(const Leftover &) const = default;
};

/// One putting off of the reminder, as the database keeps it. CONTRACT itself is put off by none.
struct Snooze
{
    ChangeName change;
    QDate until; ///< that day included it is silent
    QString reason;
    QString actor; ///< person at the console
    QDateTime at;  ///< the server's clock, UTC
    IntentId intent;

    bool operator==(const Snooze &) const = default;
};

/// How often and for how long the reminder of a change was put off.
struct SnoozeHistory
{
    int times = 0;
    int days = 0; ///< altogether, each from the day it was asked for
    QDate until;  ///< of the last one
    QString by;
    QString reason;

    /// Silent on this day.
    [[nodiscard]] bool covers(const QDate &day) const { return times > 0 && day <= until; }
    bool operator==(const SnoozeHistory &) const = default;
};

[[nodiscard]] SnoozeHistory historyOf(const ChangeName &change, const QList<Snooze> &snoozes);
/// "snoozed 3 times, 41 days in total"; empty = never.
[[nodiscard]] QString snoozedWords(const SnoozeHistory &history);

/// Everything that one database shows, unasked, of changes that are not over.
struct Traces
{
    QDateTime at; ///< the server's clock, UTC: what is late is late by it
    QList<RecordedChange> recorded;
    /// The record is there, and this login may not read it; empty = it may, or there is none.
    QString recordHidden;
    QList<Snooze> snoozes;     ///< oldest first
    bool keepsSnoozes = false; ///< their table is there
    bool keepsRecord = false;  ///< schema `pilothouse` is there
    QList<MarkedColumn> marked;
    QList<Leftover> leftovers;

    bool operator==(const Traces &) const = default;
};

/// A database that is asked for them, and that keeps who put them off.
class TraceSource
{
public:
    virtual ~TraceSource() = default;

    /// Where it is, for people.
    [[nodiscard]] virtual QString place() const = 0;
    /// Writes nothing. GUI thread.
    [[nodiscard]] virtual QFuture<Result<Traces>> traces() = 0;
    /// Runs these in one transaction, which waits for a lock for a second at most.
    [[nodiscard]] virtual QFuture<Result<void>> keep(const QStringList &statements) = 0;
};

/// By the record alone: EXPAND was done last, and its CONTRACT was not.
[[nodiscard]] bool isOpen(const RecordedChange &recorded);

/// In a few words, for a list: "invalid index t_b".
[[nodiscard]] QString leftoverTitle(const Leftover &leftover);
/// "index t_b of shop.t is invalid: it costs …", and what to do about it. No full stop.
[[nodiscard]] QString leftoverWords(const Leftover &leftover);
[[nodiscard]] QString leftoverTodo(const Leftover &leftover);

/// The word of a kind in files that programs read: "invalid-index".
[[nodiscard]] QString leftoverKindWord(Leftover::Kind kind);

} // namespace pilothouse
