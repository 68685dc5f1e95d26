#pragma once

#include "migration/facts.h"
#include "migration/overdue/traces.h"

namespace pilothouse {

/// A change file's change in one database, as a console knows it now.
struct FiledChange
{
    Change change;
    std::optional<Facts> facts; ///< nullopt: the database did not tell
    /// What stands against its CONTRACT now, in words; empty = nothing does. Only with facts.
    QStringList against;
};

/// A change of one database whose CONTRACT is to come.
struct OpenContract
{
    /// By the risk, not by the date alone.
    enum class Urgency {
        Later,
        Soon,       ///< due within a week
        Ready,      ///< late, and nothing stands against it: do it
        Stuck,      ///< late, and somebody waits for what `against` names
        Regressing, ///< late, and rows without a value appear again: new code forgot the column
        CannotTell, ///< late, and no change file says what it waits for
    };
    /// How it was found; each works without the others.
    enum class Trace { File = 1, Record = 2, Marker = 4 };
    Q_DECLARE_FLAGS(Found, Trace)

    ChangeName change;
    TableName table; ///< empty: the record alone does not name it
    QString column;  ///< likewise
    QString owner;   ///< empty: the marker alone does not name one
    QString stateWords;
    QDate due;
    QDate dueAtExpand; ///< what was promised then, if the file says another day now
    int daysLeft = 0;  ///< to `due`, by the server's date in UTC; negative = late
    Urgency urgency = Urgency::Later;
    QStringList against;
    Found found;

    SnoozeHistory snoozed;
    bool isSilent = false; ///< it is late, and its reminder was put off

    /// To be reminded of.
    [[nodiscard]] bool isLate() const { return daysLeft < 0 && !isSilent; }
    bool operator==(const OpenContract &) const = default;
};
Q_DECLARE_OPERATORS_FOR_FLAGS(OpenContract::Found)

/// "15 Dec 2026"
[[nodiscard]] QString dayWords(const QDate &date);
/// "9 days late", "due today", "due in 5 days".
[[nodiscard]] QString lateWords(int daysLeft);
/// The word of an urgency in files that programs read: "stuck".
[[nodiscard]] QString urgencyWord(OpenContract::Urgency urgency);
/// What it is about and what to do, one sentence: "stuck: c41d77e is not contract-ready".
[[nodiscard]] QString urgencyWords(const OpenContract &contract);

/// Every change of a database that is not over, the latest first: those of the change files, whose
/// facts decide, and those that only the database remembers. Without `traces` those of the files
/// alone, by the date of their facts. Pure.
[[nodiscard]] QList<OpenContract> openContracts(const QList<FiledChange> &files,
                                                const std::optional<Traces> &traces);

/// What of `traces` belongs to none of these changes. Pure.
[[nodiscard]] QList<Leftover> leftoversOfNobody(const Traces &traces,
                                                const QList<FiledChange> &files,
                                                const QList<OpenContract> &open);

} // namespace pilothouse
