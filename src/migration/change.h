#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QByteArray>
#include <QDate>
#include <QList>
#include <QStringList>

#include <chrono>
#include <map>
#include <optional>

namespace pilothouse {

/// Name of a change: its file's `name`, also `change_id` in schema `pilothouse`.
using ChangeName = Id<struct ChangeTag, QString>;

/// A table with its schema, unquoted.
struct TableName
{
    QString schema;
    QString name;

    /// "public.conversations", for people.
    [[nodiscard]] QString text() const { return schema + QLatin1Char('.') + name; }
    bool operator==(const TableName &) const = default;
};

enum class ChangePhase { Expand, Migrate, Contract };

/// The shape of a change. One so far; the parser names the known ones when it meets another.
enum class Recipe { RequiredColumn };

/// One equality of a join: a column of the source table and one of the changed table.
struct JoinPair
{
    QString source; ///< column of `Derivation::from`
    QString target; ///< column of the changed table
    bool operator==(const JoinPair &) const = default;
};

/// Where the values of the new column come from. Only plain columns joined by equality: so the same
/// derivation serves the trigger, the backfill and the sweep, and no text of the file reaches SQL
/// other than as a quoted name.
struct Derivation
{
    TableName from;
    QList<JoinPair> join;
    QString value; ///< column of `from`
    bool operator==(const Derivation &) const = default;
};

/// A phase that another program carries out ("alembic", revision "0001_add_org"). The console then
/// only watches the facts and refuses to run the phase's own statements.
struct PhaseTool
{
    QString by; ///< never "console": that is the absence of an entry
    QString revision;
    bool operator==(const PhaseTool &) const = default;
};

/// A change file, checked.
struct Change
{
    ChangeName name;
    QString owner;
    Recipe recipe = Recipe::RequiredColumn;
    TableName table;
    QString column;
    QString type; ///< as written; the server says whether a live column has it
    Derivation derive;
    QStringList databases;      ///< names of the workspace's databases
    bool contractReady = false; ///< this commit's application fills the column
    std::chrono::seconds soak{std::chrono::hours(72)};
    QDate contractDue;
    QString index; ///< empty = none wanted
    std::map<ChangePhase, PhaseTool> tools;
    QString path;    ///< of the file, from the root of the repository
    CommitId commit; ///< at which it was read; empty if read from elsewhere

    bool operator==(const Change &) const = default;
};

/// The steps of recipe required-column, in order. M1 (a helper index over the NULLs) belongs to
/// tables larger than this version takes on; its number stays free.
enum class StepId { E1, E2, E3, M2, M3, M4, M5, C1, C2, C3, C4, C5 };

[[nodiscard]] QList<StepId> allSteps();
/// "E1", as shown and as recorded.
[[nodiscard]] QString stepWord(StepId step);
[[nodiscard]] QStringList stepWords(const QList<StepId> &steps);
[[nodiscard]] std::optional<StepId> stepOfWord(const QString &word);
[[nodiscard]] ChangePhase phaseOfStep(StepId step);

/// The steps that one confirmation runs, in order: M2 with M3, M4 with M5, C1 to C4; the others
/// alone. E3 happens elsewhere and gives an empty list.
[[nodiscard]] QList<StepId> runTogether(StepId step);

/// Reads a change file. Everything wrong is told at once: the error's message is the first problem
/// with file, line and column, its detail all of them, one a line. Also used at a revision's own
/// commit to learn its `contract_ready`. Pure; any thread.
[[nodiscard]] Result<Change> readChange(const QByteArray &content, const QString &path,
                                        const CommitId &commit);

} // namespace pilothouse
