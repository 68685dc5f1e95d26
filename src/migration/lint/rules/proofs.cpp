#include "migration/lint/rules/proofs.h"

#include <algorithm>

namespace pilothouse {

const LintCatalog::Constraint *knownConstraint(const LintView &view, const QString &name)
{
    const LintCatalog::Table *table = view.known();
    if (!table)
        return nullptr;
    const auto found = table->constraints.constFind(name);
    return found == table->constraints.constEnd() ? nullptr : &found.value();
}

bool isValidatedBefore(const LintView &view, const QString &name)
{
    return view.isBefore([&](const PlacedAct &each) {
        return each.act.kind == SqlAct::Kind::ValidateConstraint && each.act.name == name
               && each.act.table.mayBe(view.act().table);
    });
}

bool isProvedNotNull(const LintView &view, const QString &column)
{
    if (const auto *known = view.knownColumn(column); known && known->isNotNull)
        return true;
    if (const LintCatalog::Table *table = view.known()) {
        const QMap<QString, LintCatalog::Constraint> &all = table->constraints;
        for (auto each = all.cbegin(); each != all.cend(); ++each) {
            const SqlConstraint &said = each->said;
            if (said.provesNotNull == column && !said.notEnforced
                && (each->isValidated || isValidatedBefore(view, each.key())))
                return true;
        }
    }
    return anyAddedBefore(view, [&](const PlacedAct &, const SqlConstraint &constraint) {
        return constraint.provesNotNull == column && !constraint.notEnforced
               && (!constraint.notValid || isValidatedBefore(view, constraint.name));
    });
}

} // namespace pilothouse
