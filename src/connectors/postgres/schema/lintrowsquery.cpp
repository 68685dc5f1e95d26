#include "connectors/postgres/schema/lintrowsquery.h"

#include "migration/recipe/sqltext.h"

#include <QVariant>

namespace pilothouse {
namespace {

constexpr char mayReadWriters[] = "SELECT to_regclass('pilothouse.writer_seen') IS NOT NULL "
                                  "AND has_schema_privilege('pilothouse', 'USAGE') "
                                  "AND has_table_privilege('pilothouse.writer_seen', 'SELECT')";

/// The trigger that fills a table names its change in the text of its function.
constexpr char writersQuery[] = R"(
SELECT DISTINCT n.nspname || '.' || c.relname, w.app
  FROM pilothouse.writer_seen w
  JOIN pg_proc p ON position(quote_literal(w.change_id) IN p.prosrc) > 0
  JOIN pg_trigger g ON g.tgfoid = p.oid AND g.tgname LIKE 'pilothouse\_%'
  JOIN pg_class c ON c.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE w.last_at > now() - interval '3 days'
 ORDER BY 1, 2)";

Result<void> lookForNulls(Connection &connection, LintCatalog &catalog,
                          const GuardedColumn &guarded)
{
    for (auto table = catalog.tables.begin(); table != catalog.tables.end(); ++table) {
        const SqlName name = LintCatalog::nameOf(table.key());
        if (!name.mayBe(guarded.table) || !table->columns.contains(guarded.column))
            continue;
        auto answer = connection.query(
            QStringLiteral("SELECT EXISTS (SELECT 1 FROM %1.%2 WHERE %3 IS NULL)")
                .arg(sqlName(name.schema), sqlName(name.name), sqlName(guarded.column)));
        if (!answer && !connection.isOpen())
            return fail(answer.error());
        if (answer && answer->next())
            table->columns[guarded.column].hasNulls = answer->value(0).toBool();
    }
    return {};
}

Result<void> lookForWriters(Connection &connection, LintCatalog &catalog)
{
    auto allowed = connection.query(QLatin1String(mayReadWriters));
    if (!allowed)
        return fail(allowed.error());
    if (!allowed->next() || !allowed->value(0).toBool())
        return {};
    auto rows = connection.query(QLatin1String(writersQuery));
    if (!rows)
        return fail(rows.error());
    while (rows->next()) {
        const auto table = catalog.tables.find(rows->value(0).toString());
        if (table != catalog.tables.end())
            table->oldWriters.append(rows->value(1).toString());
    }
    return {};
}

} // namespace

Result<void> lookAtRows(Connection &connection, LintCatalog &catalog,
                        const QList<GuardedColumn> &guarded)
{
    if (!guarded.isEmpty()) {
        if (auto set = connection.query(QStringLiteral("SET statement_timeout = '2s'")); !set)
            return fail(set.error());
        for (const GuardedColumn &each : guarded) {
            if (auto looked = lookForNulls(connection, catalog, each); !looked)
                return looked;
        }
        if (auto set = connection.query(QStringLiteral("SET statement_timeout = '10s'")); !set)
            return fail(set.error());
    }
    return lookForWriters(connection, catalog);
}

} // namespace pilothouse
