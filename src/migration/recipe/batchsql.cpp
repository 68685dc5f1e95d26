#include "migration/recipe/batchsql.h"

#include "migration/recipe/sqltext.h"
#include "migration/recipe/stepsql.h"

namespace pilothouse::stepsql {

namespace {

QString keyConstant(const KeyColumn &key, const QString &value)
{
    return sqlText(value) + QStringLiteral("::") + key.type;
}

enum class Pass { Backfill, Sweep };

QString batch(const Change &change, const KeyColumn &key, const QString &cursor,
              const QString &upperBound, int size, Pass pass)
{
    const bool sweep = pass == Pass::Sweep;
    const QString condition
        = sweep ? sqlName(change.column) + QStringLiteral(" IS NULL AND ") : QString();
    QStringList columns{sqlName(key.name)};
    for (const JoinPair &pair : change.derive.join)
        columns << sqlName(pair.target);
    columns.removeDuplicates();
    const QString after
        = cursor.isEmpty()
              ? QString()
              : QStringLiteral("%1 > %2 AND ").arg(sqlName(key.name), keyConstant(key, cursor));
    const QString expected = cursor.isEmpty() ? QStringLiteral("NULL") : sqlText(cursor);

    // QString::arg would see the % of a name or of a value, so the text is put together by hand.
    QString sql;
    sql += QStringLiteral("WITH b AS MATERIALIZED (\n  SELECT ")
           + columns.join(QLatin1String(", "));
    sql += QStringLiteral("\n    FROM ") + sqlName(change.table);
    sql += QStringLiteral("\n   WHERE ") + after + condition + sqlName(key.name)
           + QStringLiteral(" <= ")
           // Shown before the beginning, when there is no bound yet; never sent like this.
           + (upperBound.isEmpty() ? QStringLiteral(":upper_bound") : keyConstant(key, upperBound));
    sql += QStringLiteral("\n   ORDER BY ") + sqlName(key.name) + QStringLiteral(" LIMIT ")
           + QString::number(size) + QStringLiteral(" FOR NO KEY UPDATE),\n");
    sql += QStringLiteral("u AS (\n  UPDATE ") + sqlName(change.table)
           + QStringLiteral(" AS t SET ") + sqlName(change.column) + QStringLiteral(" = s.")
           + sqlName(change.derive.value);
    sql += QStringLiteral("\n    FROM b JOIN ") + sqlName(change.derive.from)
           + QStringLiteral(" AS s ON ") + joinedTo(change, QStringLiteral("b"));
    sql += QStringLiteral("\n   WHERE t.") + sqlName(key.name) + QStringLiteral(" = b.")
           + sqlName(key.name) + QStringLiteral(" AND t.") + sqlName(change.column)
           + QStringLiteral(" IS NULL AND s.") + sqlName(change.derive.value)
           + QStringLiteral(" IS NOT NULL\n  RETURNING 1)\n");
    sql += QStringLiteral("UPDATE pilothouse.backfill AS f\n   SET cursor_pk = coalesce((SELECT ")
           + sqlName(key.name) + QStringLiteral(" FROM b ORDER BY ") + sqlName(key.name)
           + QStringLiteral(" DESC LIMIT 1)::text, f.upper_bound),\n");
    // A sweep meets rows that the backfill has counted already.
    if (!sweep)
        sql += QStringLiteral("       rows_scanned = f.rows_scanned + (SELECT count(*) FROM b),\n");
    sql += QStringLiteral("       rows_written = f.rows_written + (SELECT count(*) FROM u),\n"
                          "       batches = f.batches + 1, batch_size = ")
           + QString::number(size) + QStringLiteral(", heartbeat = clock_timestamp()\n");
    sql += QStringLiteral(" WHERE f.change_id = ") + sqlText(change.name.value)
           + QStringLiteral(" AND f.state = ")
           + sqlText(sweep ? QStringLiteral("sweeping") : QStringLiteral("running"))
           + QStringLiteral(" AND f.runner_pid = pg_backend_pid()"
                            "\n   AND f.cursor_pk IS NOT DISTINCT FROM ")
           + expected;
    sql += QStringLiteral("\nRETURNING to_jsonb(f) AS row, (SELECT count(*) FROM b) AS scanned, "
                          "(SELECT count(*) FROM "
                          "u) AS written");
    return sql;
}

} // namespace

QString backfillBatch(const Change &change, const KeyColumn &key, const QString &cursor,
                      const QString &upperBound, int size)
{
    return batch(change, key, cursor, upperBound, size, Pass::Backfill);
}

QString sweepBatch(const Change &change, const KeyColumn &key, const QString &cursor,
                   const QString &upperBound, int size)
{
    return batch(change, key, cursor, upperBound, size, Pass::Sweep);
}

} // namespace pilothouse::stepsql
