#include "migration/recipe/stepsql.h"

#include "migration/recipe/sqltext.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {

namespace stepsql {

namespace {

/// "conversations_organization_id" of change conversations-organization-id: one word in SQL.
QString stem(const Change &change)
{
    QString name = change.name.value;
    return name.replace(QLatin1Char('-'), QLatin1Char('_'));
}

QString changeId(const Change &change)
{
    return sqlText(change.name.value);
}

QString function(const Change &change)
{
    return sqlName(TableName{QStringLiteral("pilothouse"), functionName(change)});
}

QString alterTable(const Change &change)
{
    return QStringLiteral("ALTER TABLE ") + sqlName(change.table);
}

} // namespace

QString joinedTo(const Change &change, const QString &target)
{
    QStringList terms;
    for (const JoinPair &pair : change.derive.join)
        terms << QStringLiteral("s.%1 = %2.%3")
                     .arg(sqlName(pair.source), target, sqlName(pair.target));
    return terms.join(QStringLiteral(" AND "));
}

QString planHash(const Change &change)
{
    QStringList parts{
        QStringLiteral("required-column"), change.table.text(), change.column, change.type,
        change.derive.from.text(),         change.derive.value, change.index};
    for (const JoinPair &pair : change.derive.join)
        parts << pair.source << pair.target;
    const QByteArray canonical = parts.join(QChar(QChar::LineFeed)).toUtf8();
    return QString::fromLatin1(
        QCryptographicHash::hash(canonical, QCryptographicHash::Sha256).toHex());
}

QString guardName(const Change &change)
{
    return objectName(stem(change), QStringLiteral("_nn"));
}

QString triggerName(const Change &change)
{
    return objectName(QStringLiteral("pilothouse_") + stem(change), QStringLiteral("_sync"));
}

QString functionName(const Change &change)
{
    return objectName(stem(change), QStringLiteral("_sync"));
}

QStringList recordTables()
{
    return {QStringLiteral("change"), QStringLiteral("step"), QStringLiteral("backfill"),
            QStringLiteral("writer_seen")};
}

QStringList recordSchema()
{
    return {
        QStringLiteral("CREATE SCHEMA IF NOT EXISTS pilothouse"),
        QStringLiteral(
            "CREATE TABLE IF NOT EXISTS pilothouse.change (\n"
            "  change_id text PRIMARY KEY, plan_hash text NOT NULL, owner text NOT NULL,\n"
            "  contract_due date NOT NULL, path text NOT NULL,\n"
            "  first_seen timestamptz NOT NULL DEFAULT clock_timestamp())"),
        QStringLiteral("CREATE TABLE IF NOT EXISTS pilothouse.step (\n"
                       "  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
                       "  change_id text NOT NULL, step text NOT NULL, actor text NOT NULL,\n"
                       "  session text NOT NULL DEFAULT session_user, intent text NOT NULL,\n"
                       "  at timestamptz NOT NULL DEFAULT clock_timestamp())"),
        QStringLiteral(
            "CREATE TABLE IF NOT EXISTS pilothouse.backfill (\n"
            "  change_id text PRIMARY KEY, upper_bound text, cursor_pk text,\n"
            "  batch_size int NOT NULL DEFAULT 0, rows_total bigint NOT NULL DEFAULT 0,\n"
            "  rows_scanned bigint NOT NULL DEFAULT 0, rows_written bigint NOT NULL DEFAULT 0,\n"
            "  batches bigint NOT NULL DEFAULT 0, pass int NOT NULL DEFAULT 1,\n"
            "  state text NOT NULL DEFAULT 'running' CHECK (state IN\n"
            "    ('running', 'paused', 'sweeping', 'verified', 'failed')),\n"
            "  runner_pid int, paused_reason text NOT NULL DEFAULT '',\n"
            "  started_at timestamptz NOT NULL DEFAULT clock_timestamp(),\n"
            "  heartbeat timestamptz, finished_at timestamptz)"),
        QStringLiteral("CREATE TABLE IF NOT EXISTS pilothouse.writer_seen (\n"
                       "  change_id text NOT NULL, app text NOT NULL, op text NOT NULL,\n"
                       "  hour timestamptz NOT NULL, pid int NOT NULL,\n"
                       "  transactions bigint NOT NULL DEFAULT 1, last_at timestamptz NOT NULL,\n"
                       "  PRIMARY KEY (change_id, app, op, hour, pid))"),
    };
}

QString addColumn(const Change &change)
{
    return alterTable(change) + QStringLiteral(" ADD COLUMN ") + sqlName(change.column)
           + QLatin1Char(' ') + change.type;
}

QString markColumn(const Change &change)
{
    const QJsonObject marker{
        {QStringLiteral("change"), change.name.value},
        {QStringLiteral("phase"), QStringLiteral("expand")},
        {QStringLiteral("contract_due"), change.contractDue.toString(Qt::ISODate)}};
    const QByteArray json = QJsonDocument(marker).toJson(QJsonDocument::Compact);
    return QStringLiteral("COMMENT ON COLUMN ") + sqlName(change.table) + QLatin1Char('.')
           + sqlName(change.column) + QStringLiteral(" IS ")
           + sqlText(QStringLiteral("pilothouse:") + QString::fromUtf8(json));
}

QString unmarkColumn(const Change &change)
{
    return QStringLiteral("COMMENT ON COLUMN ") + sqlName(change.table) + QLatin1Char('.')
           + sqlName(change.column) + QStringLiteral(" IS NULL");
}

QString registerChange(const Change &change)
{
    const QStringList values{changeId(change), sqlText(planHash(change)), sqlText(change.owner),
                             sqlText(change.contractDue.toString(Qt::ISODate)),
                             sqlText(change.path)};
    return QStringLiteral("INSERT INTO pilothouse.change (change_id, plan_hash, owner, "
                          "contract_due, path)\nVALUES (")
           + values.join(QStringLiteral(", "))
           + QStringLiteral(")\nON CONFLICT (change_id) DO UPDATE SET plan_hash = "
                            "excluded.plan_hash, owner = excluded.owner,\n  contract_due = "
                            "excluded.contract_due, path = excluded.path");
}

QStringList forgetChange(const Change &change)
{
    const QString where = QStringLiteral(" WHERE change_id = ") + changeId(change);
    return {QStringLiteral("DELETE FROM pilothouse.backfill") + where,
            QStringLiteral("DELETE FROM pilothouse.change") + where};
}

QString dropColumn(const Change &change)
{
    return alterTable(change) + QStringLiteral(" DROP COLUMN ") + sqlName(change.column);
}

QStringList createSync(const Change &change)
{
    const QString column = sqlName(change.column);
    QString body;
    body += QStringLiteral("CREATE OR REPLACE FUNCTION ") + function(change)
            + QStringLiteral("() RETURNS trigger\n"
                             "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, "
                             "pg_temp AS $sync$\nBEGIN\n  IF NEW.");
    body += column + QStringLiteral(" IS NULL THEN\n    SELECT s.") + sqlName(change.derive.value)
            + QStringLiteral(" INTO NEW.") + column + QStringLiteral("\n      FROM ")
            + sqlName(change.derive.from) + QStringLiteral(" AS s WHERE ")
            + joinedTo(change, QStringLiteral("NEW")) + QStringLiteral(";\n");
    body += QStringLiteral(
                "    INSERT INTO pilothouse.writer_seen AS w (change_id, app, op, hour, pid, "
                "last_at)\n    VALUES (")
            + changeId(change)
            + QStringLiteral(
                ", coalesce(nullif(current_setting('application_name', true), ''), '?'),\n"
                "            TG_OP, date_trunc('hour', now()), pg_backend_pid(), now())\n"
                "    ON CONFLICT (change_id, app, op, hour, pid) DO UPDATE\n"
                "      SET transactions = w.transactions + 1, last_at = excluded.last_at\n"
                "      WHERE w.last_at <> excluded.last_at;\n"
                "  END IF;\n  RETURN NEW;\nEND\n$sync$");
    return {body,
            QStringLiteral("REVOKE ALL ON FUNCTION ") + function(change)
                + QStringLiteral("() FROM PUBLIC"),
            QStringLiteral("CREATE TRIGGER ") + sqlName(triggerName(change))
                + QStringLiteral("\n  BEFORE INSERT OR UPDATE ON ") + sqlName(change.table)
                + QStringLiteral("\n  FOR EACH ROW EXECUTE FUNCTION ") + function(change)
                + QStringLiteral("()")};
}

QStringList dropSync(const Change &change)
{
    return {QStringLiteral("DROP TRIGGER ") + sqlName(triggerName(change)) + QStringLiteral(" ON ")
                + sqlName(change.table),
            QStringLiteral("DROP FUNCTION ") + function(change) + QStringLiteral("()")};
}

QString buildIndex(const Change &change)
{
    return QStringLiteral("CREATE INDEX CONCURRENTLY ") + sqlName(change.index)
           + QStringLiteral(" ON ") + sqlName(change.table) + QStringLiteral(" (")
           + sqlName(change.column) + QLatin1Char(')');
}

QString dropIndex(const Change &change)
{
    return QStringLiteral("DROP INDEX CONCURRENTLY ")
           + sqlName(TableName{change.table.schema, change.index});
}

QString analyze(const Change &change)
{
    return QStringLiteral("ANALYZE ") + sqlName(change.table) + QStringLiteral(" (")
           + sqlName(change.column) + QLatin1Char(')');
}

QString addGuard(const Change &change)
{
    return alterTable(change) + QStringLiteral(" ADD CONSTRAINT ") + sqlName(guardName(change))
           + QStringLiteral(" CHECK (") + sqlName(change.column)
           + QStringLiteral(" IS NOT NULL) NOT VALID");
}

QString validateGuard(const Change &change)
{
    return alterTable(change) + QStringLiteral(" VALIDATE CONSTRAINT ")
           + sqlName(guardName(change));
}

QString dropGuard(const Change &change)
{
    return alterTable(change) + QStringLiteral(" DROP CONSTRAINT ") + sqlName(guardName(change));
}

QString setNotNull(const Change &change)
{
    return alterTable(change) + QStringLiteral(" ALTER COLUMN ") + sqlName(change.column)
           + QStringLiteral(" SET NOT NULL");
}

QString dropNotNull(const Change &change)
{
    return alterTable(change) + QStringLiteral(" ALTER COLUMN ") + sqlName(change.column)
           + QStringLiteral(" DROP NOT NULL");
}

} // namespace stepsql
} // namespace pilothouse
