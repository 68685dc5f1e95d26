#pragma once

#include "migration/lint/rules/lintrule.h"

/// Short words in which the tables of rules are written; included by them alone.
namespace pilothouse::rules {

using Kind = SqlAct::Kind;
using Match = LintRule::Match;
using S = LintSeverity;
using Constraint = SqlConstraint::Kind;

inline constexpr LintRule::Phases none{};
inline constexpr LintRule::Phases expand{LintRule::Expand};
inline constexpr LintRule::Phases migrate{LintRule::Migrate};
inline constexpr LintRule::Phases contract{LintRule::Contract};

[[nodiscard]] inline Match unsafeIf(bool holds)
{
    return holds ? Match::Unsafe : Match::No;
}
[[nodiscard]] inline Match outOfPhaseIf(bool holds)
{
    return holds ? Match::OutOfPhase : Match::No;
}

/// Traffic queues behind it only for as long as its lock_timeout lets it.
[[nodiscard]] inline bool waitsForEver(const LintView &view)
{
    return view.placed().lockTimeout <= 0;
}
/// Of a form whose lock is short: safe with a lock_timeout, and then in its phase alone.
[[nodiscard]] inline Match unsafeWithoutTimeoutIf(const LintView &view, bool holds)
{
    if (!holds)
        return Match::No;
    return waitsForEver(view) ? Match::Unsafe : Match::OutOfPhase;
}

/// The column that ADD COLUMN brings to a table in use; nullptr = it is no such act.
[[nodiscard]] inline const SqlColumn *addedColumn(const LintView &view)
{
    return view.is(Kind::AddColumn) && view.isOnOldTable() ? view.act().column() : nullptr;
}
/// The same of a constraint.
[[nodiscard]] inline const SqlConstraint *addedConstraint(const LintView &view)
{
    return view.is(Kind::AddConstraint) && view.isOnOldTable() ? view.act().constraint() : nullptr;
}
[[nodiscard]] inline const SqlConstraint *addedConstraint(const LintView &view, Constraint kind)
{
    const SqlConstraint *constraint = addedConstraint(view);
    return constraint && constraint->kind == kind ? constraint : nullptr;
}

} // namespace pilothouse::rules
