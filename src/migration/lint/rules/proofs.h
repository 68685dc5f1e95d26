#pragma once

#include "migration/lint/rules/lintrule.h"

namespace pilothouse {

/// A constraint of the act's table that the catalog knows; nullptr = none of that name.
[[nodiscard]] const LintCatalog::Constraint *knownConstraint(const LintView &view,
                                                             const QString &name);

/// Whether `is` holds of any constraint that the file adds to the act's table before it.
template <typename Is>
[[nodiscard]] bool anyAddedBefore(const LintView &view, const Is &is)
{
    return view.isBefore([&](const PlacedAct &each) {
        return each.act.kind == SqlAct::Kind::AddConstraint && each.act.constraint()
               && each.act.table.mayBe(view.act().table) && is(each, *each.act.constraint());
    });
}

/// The file validates the constraint of that name before the act.
[[nodiscard]] bool isValidatedBefore(const LintView &view, const QString &name);

/// Something proves to the server that the column has no NULL when the act comes: the column
/// itself, or a valid CHECK (column IS NOT NULL), in the catalog or in the file.
[[nodiscard]] bool isProvedNotNull(const LintView &view, const QString &column);

} // namespace pilothouse
