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

QString LintCatalog::keyOf(const SqlName &name) const
{
    const QString whole = name.text();
    if (tables.contains(whole))
        return whole;
    if (!name.schema.isEmpty())
        return tables.contains(name.name) ? name.name : QString();
    const QString behindSchema = QLatin1Char('.') + name.name;
    for (auto each = tables.cbegin(); each != tables.cend(); ++each) {
        if (each.key().endsWith(behindSchema) && nameOf(each.key()).name == name.name)
            return each.key();
    }
    return {};
}

const LintCatalog::Table *LintCatalog::table(const SqlName &name) const
{
    const auto found = tables.constFind(keyOf(name));
    return found == tables.constEnd() ? nullptr : &found.value();
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
