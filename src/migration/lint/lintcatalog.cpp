#include "migration/lint/lintcatalog.h"

#include <algorithm>

namespace pilothouse {

SqlName LintCatalog::nameOf(const QString &key)
{
    const qsizetype dot = key.indexOf(QLatin1Char('.'));
    return dot < 0 ? SqlName{{}, key} : SqlName{key.left(dot), key.mid(dot + 1)};
}

bool LintCatalog::Table::isProvedNotNull(const QString &column) const
{
    if (columns.value(column).isNotNull)
        return true;
    return std::any_of(constraints.cbegin(), constraints.cend(), [&column](const Constraint &each) {
        return each.isValidated && !each.said.notEnforced && each.said.provesNotNull == column;
    });
}

bool LintCatalog::Table::hasValidCheck() const
{
    return std::any_of(constraints.cbegin(), constraints.cend(), [](const Constraint &each) {
        return each.said.kind == SqlConstraint::Kind::Check && each.isValidated;
    });
}

const LintCatalog::Table *LintCatalog::table(const SqlName &name) const
{
    for (auto each = tables.cbegin(); each != tables.cend(); ++each) {
        if (nameOf(each.key()).mayBe(name))
            return &each.value();
    }
    return nullptr;
}

SqlName LintCatalog::tableOfIndex(const SqlName &index) const
{
    for (auto each = tables.cbegin(); each != tables.cend(); ++each) {
        const SqlName table = nameOf(each.key());
        // An index lies in the schema of its table.
        if (each->indexes.contains(index.name)
            && (index.schema.isEmpty() || index.schema == table.schema))
            return table;
    }
    return {};
}

} // namespace pilothouse
