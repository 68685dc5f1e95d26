#pragma once

#include "migration/change.h"
#include "migration/lint/lintfile.h"
#include "migration/lint/locks.h"

#include <QFlags>

namespace pilothouse {

/// What a file is linted for.
struct LintSettings
{
    ChangePhase phase = ChangePhase::Expand;
    int server = 150000; ///< server_version_num
    LintFile::Wrapped wrapped = LintFile::Wrapped::No;
    const LintCatalog *catalog = nullptr; ///< nullptr = the file alone; outlives the lint
};

/// An act where a rule looks at it.
struct LintView
{
    const LintFile &file;
    qsizetype at; ///< its number
    const LintSettings &settings;

    [[nodiscard]] const PlacedAct &placed() const { return file.acts()[at]; }
    [[nodiscard]] const SqlAct &act() const { return placed().act; }
    [[nodiscard]] bool is(SqlAct::Kind kind) const { return act().kind == kind; }
    /// The table is there before the file is: with rows, and with others at work.
    [[nodiscard]] bool isOnOldTable() const
    {
        return !act().table.isEmpty() && !act().isTemporary && !file.isMadeBefore(at, act().table);
    }
    /// nullptr = nothing is known of it.
    [[nodiscard]] const LintCatalog::Table *known() const
    {
        return settings.catalog ? settings.catalog->table(act().table) : nullptr;
    }
    [[nodiscard]] const LintCatalog::Column *knownColumn(const QString &name) const;
    [[nodiscard]] const ActLocks &locks() const { return placed().locks; }

    /// Whether any act behind this one, or before it, is such a one.
    template <typename Is>
    [[nodiscard]] bool isBehind(const Is &is) const
    {
        for (qsizetype i = at + 1; i < file.acts().size(); ++i) {
            if (is(file.acts()[i]))
                return true;
        }
        return false;
    }
    template <typename Is>
    [[nodiscard]] bool isBefore(const Is &is) const
    {
        for (qsizetype i = 0; i < at; ++i) {
            if (is(file.acts()[i]))
                return true;
        }
        return false;
    }
    template <typename Is>
    [[nodiscard]] bool isAnywhere(const Is &is) const
    {
        return isBefore(is) || isBehind(is);
    }
};

enum class LintSeverity { Block, Warn, Inform };

/// A rule as a value. `why` and `instead` are translated, and take {table}, {name}, {column},
/// {other}, {value}, {type} and {function} from the act.
struct LintRule
{
    enum Phase { Expand = 1, Migrate = 2, Contract = 4 };
    Q_DECLARE_FLAGS(Phases, Phase)

    enum class Match {
        No,
        OutOfPhase, ///< safe as it is written: against the rule outside of `phases` alone
        Unsafe,     ///< against it anywhere
    };

    const char *id;
    LintSeverity severity;
    Phases phases;       ///< in which what it speaks of has its place; none = in no one
    const char *form;    ///< "CREATE INDEX on a table in use"
    const char *why;     ///< what happens
    const char *instead; ///< what to write
    /// nullptr = no statement shows it: whoever runs the statements looks for it.
    Match (*match)(const LintView &view);
};
Q_DECLARE_OPERATORS_FOR_FLAGS(LintRule::Phases)

/// The rules, a family a table. IX, CN, CO, TB and TX, as the catalogue of rules numbers them.
[[nodiscard]] const QList<LintRule> &indexRules();
[[nodiscard]] const QList<LintRule> &constraintRules();
[[nodiscard]] const QList<LintRule> &columnRules();
[[nodiscard]] const QList<LintRule> &tableRules();
[[nodiscard]] const QList<LintRule> &transactionRules();

/// All of them, in that order.
[[nodiscard]] const QList<LintRule> &lintRules();
[[nodiscard]] const LintRule *lintRule(const QString &id);

} // namespace pilothouse
