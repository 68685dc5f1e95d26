#include "connectors/postgres/tracesquery.h"

#include "base/words.h"
#include "connectors/postgres/jsonread.h"
#include "migration/statementgroup.h"

#include <QJsonDocument>
#include <QMap>
#include <QVariant>

namespace pilothouse {
namespace {

/// The catalog keeps no times of creation: where the server keeps those of commits, the time at
/// which the row was written last stands for it. A build that is under way is no leftover.
constexpr char catalogTraces[] = R"(
WITH clock AS (SELECT current_setting('track_commit_timestamp') = 'on' AS kept),
own AS (SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_class c
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'pilothouse')),
proof AS (SELECT k.conrelid, k.conname, k.xmin, a.attnotnull FROM pg_constraint k
            JOIN pg_attribute a ON a.attrelid = k.conrelid AND k.conkey = ARRAY[a.attnum]
           WHERE k.contype = 'c' AND k.convalidated
             AND pg_get_expr(k.conbin, k.conrelid) = format('(%I IS NOT NULL)', a.attname)),
left_over AS (
  SELECT 'not-valid' AS kind, conrelid AS rel, conname::text AS object, xmin FROM pg_constraint k
   WHERE NOT convalidated AND contype IN ('c', 'f', 'n')
     AND coalesce((to_jsonb(k) ->> 'conenforced')::bool, true)
  UNION ALL
  SELECT 'index', x.indrelid, c.relname::text, x.xmin FROM pg_index x
    JOIN pg_class c ON c.oid = x.indexrelid
   WHERE NOT x.indisvalid AND NOT EXISTS (SELECT 1 FROM pg_stat_progress_create_index p
                                           WHERE p.index_relid = x.indexrelid)
  UNION ALL
  SELECT CASE WHEN attnotnull THEN 'redundant' ELSE 'proved' END, conrelid, conname::text, xmin
    FROM proof
  UNION ALL
  SELECT 'trigger', tgrelid, tgname::text, xmin FROM pg_trigger
   WHERE tgname LIKE 'pilothouse\_%' AND tgparentid = 0
  UNION ALL
  SELECT 'pgroll', a.attrelid, a.attname::text, a.xmin FROM pg_attribute a
    JOIN own ON own.oid = a.attrelid AND own.relkind IN ('r', 'p')
   WHERE a.attname LIKE '\_pgroll\_%' AND NOT a.attisdropped AND a.attnum > 0)
SELECT jsonb_build_object(
 'at', clock_timestamp(),
 'marked', (SELECT jsonb_agg(jsonb_build_object('schema', own.nspname, 'table', own.relname,
     'column', a.attname, 'marker', substring(d.description FROM 'pilothouse:(\{.*\})')))
   FROM pg_description d JOIN own ON own.oid = d.objoid AND d.classoid = 'pg_class'::regclass
   JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum = d.objsubid AND a.attnum > 0
  WHERE d.description LIKE 'pilothouse:%' AND NOT a.attisdropped),
 'leftovers', (SELECT jsonb_agg(jsonb_build_object('kind', l.kind, 'schema', own.nspname,
     'table', own.relname, 'object', l.object,
     'since', CASE WHEN clock.kept THEN pg_xact_commit_timestamp(l.xmin) END)
     ORDER BY l.kind, own.nspname, own.relname, l.object)
   FROM left_over l JOIN own ON own.oid = l.rel CROSS JOIN clock),
 'record', (SELECT has_schema_privilege(n.oid, 'USAGE')
       AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(s.oid, 'SELECT')
   FROM pg_namespace n
   JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'change'
   JOIN pg_class s ON s.relnamespace = n.oid AND s.relname = 'step'
  WHERE n.nspname = 'pilothouse'),
 'keepsRecord', EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'pilothouse'),
 'keepsSnoozes', EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                          WHERE n.nspname = 'pilothouse' AND c.relname = 'snooze'),
 'snoozes', (SELECT has_schema_privilege(n.oid, 'USAGE')
                    AND has_table_privilege(c.oid, 'SELECT') FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = 'pilothouse' AND c.relname = 'snooze'),
 'user', current_user)
)";

constexpr char recordedChanges[] = R"(
SELECT jsonb_build_object('changes', (SELECT jsonb_agg(jsonb_build_object(
   'change', c.change_id, 'owner', c.owner, 'due', c.contract_due, 'path', c.path,
   'steps', (SELECT jsonb_agg(jsonb_build_object('step', s.step) ORDER BY s.id)
               FROM pilothouse.step s WHERE s.change_id = c.change_id)) ORDER BY c.change_id)
   FROM pilothouse.change c))
)";

constexpr char keptSnoozes[] = R"(
SELECT jsonb_build_object('snoozes', (SELECT jsonb_agg(jsonb_build_object(
   'change', change_id, 'until', until, 'reason', reason, 'actor', actor, 'at', at,
   'intent', intent) ORDER BY id) FROM pilothouse.snooze))
)";

Result<QJsonObject> answer(Connection &connection, const char *sql)
{
    Result<QSqlQuery> query = connection.query(QLatin1String(sql));
    if (!query)
        return fail(query.error());
    if (!query->next())
        return fail(ErrorKind::Malformed, Words::tr("%1 answered no row.").arg(connection.place()));
    return QJsonDocument::fromJson(query->value(0).toString().toUtf8()).object();
}

QDate dateIn(const QString &text)
{
    return QDate::fromString(text, Qt::ISODate);
}

/// A marked column, or what is left of one.
void takeMarked(const JsonRead &row, Traces &traces)
{
    const TableName table{row.text("schema"), row.text("table")};
    const QJsonObject marker = QJsonDocument::fromJson(row.text("marker").toUtf8()).object();
    const ChangeName change(marker[QLatin1String("change")].toString());
    const QDate due = dateIn(marker[QLatin1String("contract_due")].toString());
    if (change.value.isEmpty() || !due.isValid())
        traces.leftovers.append(
            {Leftover::Kind::UnreadableMarker, table, row.text("column"), QDateTime()});
    else
        traces.marked.append({table, row.text("column"), change, due});
}

Leftover leftoverIn(const JsonRead &row)
{
    using Kind = Leftover::Kind;
    static const QMap<QString, Kind> kinds{{QStringLiteral("not-valid"), Kind::NotValidConstraint},
                                           {QStringLiteral("index"), Kind::InvalidIndex},
                                           {QStringLiteral("proved"), Kind::ProvedNotTightened},
                                           {QStringLiteral("redundant"), Kind::RedundantCheck},
                                           {QStringLiteral("trigger"), Kind::SyncTrigger},
                                           {QStringLiteral("pgroll"), Kind::PgrollColumn}};
    return {kinds.value(row.text("kind")),
            {row.text("schema"), row.text("table")},
            row.text("object"),
            row.time("since")};
}

RecordedChange recordedIn(const JsonRead &row)
{
    RecordedChange recorded;
    recorded.change = ChangeName(row.text("change"));
    recorded.owner = row.text("owner");
    recorded.due = dateIn(row.text("due"));
    recorded.path = row.text("path");
    for (const JsonRead &step : row.objects("steps"))
        recorded.steps << step.text("step");
    return recorded;
}

Snooze snoozeIn(const JsonRead &row)
{
    return {ChangeName(row.text("change")),
            dateIn(row.text("until")),
            row.text("reason"),
            row.text("actor"),
            row.time("at"),
            IntentId(row.text("intent"))};
}

/// What schema `pilothouse` keeps, as far as this login may read it.
Result<void> takeRecord(Connection &connection, const JsonRead &root, Traces &traces,
                        QString &problem)
{
    const bool hidden = (!root.absent("record") && !root.flag("record"))
                        || (!root.absent("snoozes") && !root.flag("snoozes"));
    if (hidden) {
        traces.recordHidden
            = Words::tr("%1 may not read schema pilothouse of %2: grant it SELECT on its tables.")
                  .arg(root.text("user"), connection.place());
    }
    if (root.flag("record")) {
        const Result<QJsonObject> record = answer(connection, recordedChanges);
        if (!record)
            return fail(record.error());
        const JsonRead changes(*record, QStringLiteral("record"), problem);
        for (const JsonRead &row : changes.objects("changes"))
            traces.recorded << recordedIn(row);
    }
    if (root.flag("snoozes")) {
        const Result<QJsonObject> kept = answer(connection, keptSnoozes);
        if (!kept)
            return fail(kept.error());
        const JsonRead snoozes(*kept, QStringLiteral("snoozes"), problem);
        for (const JsonRead &row : snoozes.objects("snoozes"))
            traces.snoozes << snoozeIn(row);
    }
    return {};
}

} // namespace

Result<Traces> readTraces(Connection &connection)
{
    const Result<QJsonObject> catalog = answer(connection, catalogTraces);
    if (!catalog)
        return fail(catalog.error());
    QString problem;
    const JsonRead root(*catalog, QStringLiteral("traces"), problem);
    Traces traces;
    traces.at = root.time("at");
    for (const JsonRead &row : root.objects("leftovers"))
        traces.leftovers << leftoverIn(row);
    for (const JsonRead &row : root.objects("marked"))
        takeMarked(row, traces);
    traces.keepsRecord = root.flag("keepsRecord");
    traces.keepsSnoozes = root.flag("keepsSnoozes");
    if (const auto read = takeRecord(connection, root, traces, problem); !read)
        return fail(read.error());
    if (!problem.isEmpty())
        return fail(ErrorKind::Malformed,
                    Words::tr("The database's answer cannot be read: %1.").arg(problem), problem);
    return traces;
}

Result<void> keepTogether(Connection &connection, const QStringList &statements)
{
    StatementGroup group;
    group.statements = statements;
    for (const QString &statement : wrapped(group)) {
        if (const auto done = connection.query(statement); !done) {
            if (connection.isOpen())
                (void)connection.query(QStringLiteral("ROLLBACK"));
            return fail(done.error());
        }
    }
    return {};
}

} // namespace pilothouse
