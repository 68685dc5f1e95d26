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
