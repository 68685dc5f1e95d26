#include "connectors/postgres/factsquery.h"

#include "base/words.h"
#include "connectors/postgres/jsonread.h"
#include "connectors/postgres/runnerlock.h"
#include "connectors/postgres/servererror.h"
#include "migration/recipe/sqltext.h"
#include "migration/recipe/stepsql.h"

#include <QJsonDocument>
#include <QVariant>

namespace pilothouse {

namespace {

QString textList(const QStringList &texts)
{
    QStringList quoted;
    for (const QString &text : texts)
        quoted << sqlText(text);
    return quoted.join(QStringLiteral(", "));
}

/// Puts values in place of @name; QString::arg would stumble over what a value contains.
QString fill(const char *templ, const QList<std::pair<QString, QString>> &values)
{
    QString sql;
    const QString source = QLatin1String(templ);
    qsizetype from = 0;
    while (from < source.size()) {
        const qsizetype at = source.indexOf(QLatin1Char('@'), from);
        if (at < 0)
            break;
        sql += source.mid(from, at - from);
        from = at + 1;
        for (const auto &[name, value] : values) {
            if (QStringView(source).mid(at + 1).startsWith(name)) {
                sql += value;
                from = at + 1 + name.size();
                break;
            }
        }
    }
    return sql + source.mid(from);
}

QString recordQuery(const Change &change)
{
    static const char *const text = R"(
SELECT jsonb_build_object(
 'plan', (SELECT plan_hash FROM pilothouse.change WHERE change_id = @{id}),
 'steps', (SELECT jsonb_agg(jsonb_build_object('step', step, 'actor', actor, 'session', session,
     'at', at, 'intent', intent) ORDER BY id) FROM pilothouse.step WHERE change_id = @{id}),
 'writers', (SELECT jsonb_agg(to_jsonb(w) ORDER BY w.last DESC) FROM (
     SELECT app, op, coalesce(sum(transactions) FILTER (WHERE hour = date_trunc('hour', now())),
            0) AS transactions, max(last_at) AS last FROM pilothouse.writer_seen
      WHERE change_id = @{id} GROUP BY app, op ORDER BY last DESC LIMIT 50) w),
 'backfill', (SELECT to_jsonb(b) FROM pilothouse.backfill b WHERE change_id = @{id}),
 'alive', EXISTS (SELECT 1 FROM pg_locks l JOIN pilothouse.backfill b ON b.change_id = @{id}
     WHERE l.pid = b.runner_pid AND b.state IN ('running', 'sweeping') AND @{lock}))
)";
    return fill(text, {{QStringLiteral("{id}"), sqlText(change.name.value)},
                       {QStringLiteral("{lock}"), isRunnerLock(change.name)}});
}

/// What the record holds comes with the catalog, as a value of it, or is a question of its own.
enum class Record { Within, Apart };

/// The record as a value of a statement that must also do where its tables are not there: they are
/// named in a text that the server reads as SQL only then. XML would escape what is in it.
QString recordWithin(const Change &change)
{
    const QString text = QStringLiteral("SELECT encode(convert_to((") + recordQuery(change)
                         + QStringLiteral(")::text, 'UTF8'), 'base64') AS d");
    return QStringLiteral("convert_from(decode(substring(query_to_xml(") + sqlText(text)
           + QStringLiteral(", false, true, '')::text FROM '<d>(.*)</d>'), 'base64'), "
                            "'UTF8')::jsonb");
}

QString catalogQuery(const Change &change, Record record)
{
    QStringList sourceColumns{change.derive.value};
    QStringList targetColumns;
    for (const JoinPair &pair : change.derive.join) {
        sourceColumns << pair.source;
        targetColumns << pair.target;
    }
    sourceColumns.removeDuplicates();
    targetColumns.removeDuplicates();
    static const char *const text = R"(
WITH r AS (SELECT to_regclass(@{table}) AS oid),
s AS (SELECT to_regclass(@{source}) AS oid),
a AS (SELECT att.*, format_type(att.atttypid, att.atttypmod) AS typ FROM r
      JOIN pg_attribute att ON att.attrelid = r.oid AND att.attname = @{column}
       AND NOT att.attisdropped),
nn AS (SELECT con.convalidated FROM r JOIN a ON true JOIN pg_constraint con
        ON con.conrelid = r.oid AND con.contype = 'n' AND con.conkey = array[a.attnum]),
k AS (SELECT con.oid, con.conname, con.convalidated, con.contype = 'c'
             AND pg_get_expr(con.conbin, con.conrelid)
                 = format('(%I IS NOT NULL)', @{column}::text) AS proves
      FROM r JOIN pg_constraint con ON con.conrelid = r.oid),
i AS (SELECT ix.*, c.relam FROM pg_index ix JOIN pg_class c ON c.oid = ix.indexrelid
      WHERE ix.indexrelid = to_regclass(@{index})),
t AS (SELECT tg.tgenabled FROM r JOIN pg_trigger tg ON tg.tgrelid = r.oid
       AND tg.tgname = @{trigger}),
kept AS (SELECT count(*) = @{recordCount} AS whole FROM pg_class c JOIN pg_namespace n
           ON n.oid = c.relnamespace
          WHERE n.nspname = 'pilothouse' AND c.relname IN (@{recordTables}))
SELECT jsonb_build_object(
 'server', jsonb_build_object(
   'version', current_setting('server_version_num')::int,
   'text', split_part(current_setting('server_version'), ' ', 1),
   'database', current_database(), 'user', session_user, 'standby', pg_is_in_recovery(),
   'seesOthers', pg_has_role(current_user, 'pg_monitor', 'USAGE'),
   'bypasses', (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user)),
 'at', clock_timestamp(),
 'table', (SELECT jsonb_build_object(
   'rows', c.reltuples::bigint, 'heap', pg_relation_size(c.oid),
   'total', pg_total_relation_size(c.oid),
   'owner', pg_has_role(current_user, c.relowner, 'USAGE'),
   'update', has_table_privilege(c.oid, 'UPDATE'), 'hides', row_security_active(c.oid),
   'analyzed', (SELECT greatest(st.last_analyze, st.last_autoanalyze)
                  FROM pg_stat_all_tables st WHERE st.relid = c.oid),
   'stats', c.reltuples = 0 OR EXISTS (SELECT 1 FROM pg_stats ps JOIN pg_namespace n
      ON n.nspname = ps.schemaname WHERE n.oid = c.relnamespace AND ps.tablename = c.relname
      AND ps.attname = @{column}),
   'key', (SELECT jsonb_build_object('name', ka.attname,
                                     'type', format_type(ka.atttypid, ka.atttypmod))
             FROM pg_index ki JOIN pg_attribute ka
               ON ka.attrelid = ki.indrelid AND ka.attnum = ki.indkey[0]
            WHERE ki.indrelid = c.oid AND ki.indisprimary AND ki.indnkeyatts = 1))
   FROM r JOIN pg_class c ON c.oid = r.oid),
 'source', coalesce((SELECT count(*) FROM s JOIN pg_attribute att ON att.attrelid = s.oid
     AND NOT att.attisdropped AND att.attname IN (@{sourceColumns})) = @{sourceCount}
   AND (SELECT count(*) FROM r JOIN pg_attribute att ON att.attrelid = r.oid
     AND NOT att.attisdropped AND att.attname IN (@{targetColumns})) = @{targetCount}
   AND (SELECT has_table_privilege(s.oid, 'SELECT') FROM s), false),
 'column', (SELECT jsonb_build_object('type', a.typ,
     'matches', CASE WHEN @{type} LIKE '%(%' THEN replace(a.typ, ' ', '') = @{typeName}
                     ELSE a.atttypid = to_regtype(@{type}) AND a.atttypmod = -1 END,
     'notNull', a.attnotnull AND NOT EXISTS (SELECT 1 FROM nn WHERE NOT convalidated),
     'comment', col_description(a.attrelid, a.attnum)) FROM a),
 'guard', (SELECT jsonb_build_object('definition', pg_get_constraintdef(k.oid),
     'validated', k.convalidated, 'proves', k.proves) FROM k WHERE k.conname = @{guard}),
 'otherProof', (SELECT k.conname FROM k WHERE k.proves AND k.convalidated
     AND k.conname <> @{guard} LIMIT 1),
 'index', (SELECT jsonb_build_object('definition', pg_get_indexdef(i.indexrelid),
     'valid', i.indisvalid AND i.indisready AND i.indislive,
     'matches', i.indrelid = r.oid AND i.indnatts = 1 AND i.indpred IS NULL
        AND i.indexprs IS NULL AND i.indkey[0] = (SELECT attnum FROM a)
        AND i.relam = (SELECT oid FROM pg_am WHERE amname = 'btree'),
     'building', EXISTS (SELECT 1 FROM pg_stat_progress_create_index p
        WHERE p.index_relid = i.indexrelid)) FROM r JOIN i ON true),
 'trigger', (SELECT tgenabled IN ('O', 'A') FROM t),
 'record', (SELECT whole FROM kept),
 'recorded', (SELECT CASE WHEN whole THEN @{recorded} END FROM kept))
)";
    const QStringList records = stepsql::recordTables();
    const QString index = change.index.isEmpty()
                              ? QStringLiteral("NULL")
                              : sqlText(sqlName(TableName{change.table.schema, change.index}));
    return fill(text,
                {{QStringLiteral("{table}"), sqlText(sqlName(change.table))},
                 {QStringLiteral("{source}"), sqlText(sqlName(change.derive.from))},
                 {QStringLiteral("{column}"), sqlText(change.column)},
                 {QStringLiteral("{index}"), index},
                 {QStringLiteral("{trigger}"), sqlText(stepsql::triggerName(change))},
                 {QStringLiteral("{sourceColumns}"), textList(sourceColumns)},
                 {QStringLiteral("{sourceCount}"), QString::number(sourceColumns.size())},
                 {QStringLiteral("{targetColumns}"), textList(targetColumns)},
                 {QStringLiteral("{targetCount}"), QString::number(targetColumns.size())},
                 {QStringLiteral("{type}"), sqlText(change.type)},
                 {QStringLiteral("{typeName}"),
                  // format_type() spells out what people write short.
                  QStringLiteral("replace(replace(%1, 'varchar', 'charactervarying'), "
                                 "'decimal', 'numeric')")
                      .arg(sqlText(QString(change.type).remove(QLatin1Char(' '))))},
                 {QStringLiteral("{guard}"), sqlText(stepsql::guardName(change))},
                 {QStringLiteral("{recorded}"),
                  record == Record::Within ? recordWithin(change) : QStringLiteral("NULL::jsonb")},
                 {QStringLiteral("{recordTables}"), textList(records)},
                 {QStringLiteral("{recordCount}"), QString::number(records.size())}});
}

/// The object in the first value of the first row.
tl::expected<QJsonObject, StatementError> jsonObject(Connection &connection, const QString &sql)
{
    auto query = connection.exec(sql);
    if (!query)
        return tl::unexpected<StatementError>(query.error());
    if (!query->next()) {
        const Error error{
            ErrorKind::Malformed, Words::tr("%1 answered no row.").arg(connection.place()), {}, {}};
        return tl::unexpected<StatementError>(StatementError{{}, {}, error});
    }
    return QJsonDocument::fromJson(query->value(0).toString().toUtf8()).object();
}

Error malformed(const QString &problem)
{
    return {ErrorKind::Malformed,
            Words::tr("The database's answer cannot be read: %1.").arg(problem),
            problem,
            {}};
}

void decodeCatalog(const JsonRead &root, Facts &facts, QDateTime &analyzedAt, bool &hasStatistics)
{
    if (const auto server = root.object("server")) {
        facts.server = {static_cast<int>(server->integer("version")),
                        server->text("text"),
                        server->text("database"),
                        server->text("user"),
                        server->flag("standby"),
                        server->flag("seesOthers"),
                        server->flag("bypasses")};
    }
    facts.at = root.time("at");
    if (const auto table = root.object("table")) {
        TableFacts known;
        known.rowEstimate = table->integer("rows");
        known.heapBytes = table->integer("heap");
        known.totalBytes = table->integer("total");
        known.isOwner = table->flag("owner");
        known.mayUpdate = table->flag("update");
        known.rowSecurityActive = table->flag("hides");
        if (const auto key = table->object("key"))
            known.key = KeyColumn{key->text("name"), key->text("type")};
        facts.table = known;
        analyzedAt = table->time("analyzed");
        hasStatistics = table->flag("stats");
    }
    facts.sourceTable = root.flag("source");
    if (const auto column = root.object("column")) {
        facts.column = ColumnFacts{column->text("type"), column->flag("matches"),
                                   column->flag("notNull"), column->text("comment")};
    }
    if (const auto guard = root.object("guard")) {
        facts.guard = GuardFacts{guard->text("definition"), guard->flag("validated"),
                                 guard->flag("proves")};
    }
    facts.otherNotNullProof = root.text("otherProof");
    if (const auto index = root.object("index")) {
        facts.index = IndexFacts{index->text("definition"), index->flag("valid"),
                                 index->flag("matches"), index->flag("building")};
    }
    facts.trigger = root.flag("trigger");
    facts.triggerDisabled = !root.absent("trigger") && !facts.trigger;
    facts.recordKept = root.flag("record");
}

BackfillRow decodeBackfill(const JsonRead &row)
{
    BackfillRow backfill;
    const QString state = row.text("state");
    static const std::pair<const char *, BackfillRow::State> states[]
        = {{"running", BackfillRow::State::Running},
           {"paused", BackfillRow::State::Paused},
           {"sweeping", BackfillRow::State::Sweeping},
           {"verified", BackfillRow::State::Verified},
           {"failed", BackfillRow::State::Failed}};
    for (const auto &[word, value] : states) {
        if (state == QLatin1String(word))
            backfill.state = value;
    }
    backfill.cursor = row.text("cursor_pk");
    backfill.upperBound = row.text("upper_bound");
    backfill.rowsScanned = row.integer("rows_scanned");
    backfill.rowsWritten = row.integer("rows_written");
    backfill.rowsTotal = row.integer("rows_total");
    backfill.batches = row.integer("batches");
    backfill.pass = static_cast<int>(row.integer("pass"));
    backfill.batchSize = static_cast<int>(row.integer("batch_size"));
    backfill.runnerPid = static_cast<int>(row.integer("runner_pid"));
    backfill.pausedReason = row.text("paused_reason");
    backfill.startedAt = row.time("started_at");
    backfill.heartbeat = row.time("heartbeat");
    backfill.finishedAt = row.time("finished_at");
    return backfill;
}

void decodeRecord(const JsonRead &root, Facts &facts)
{
    facts.recordedPlanHash = root.text("plan");
    for (const JsonRead &step : root.objects("steps")) {
        // What was taken back is recorded under "-E1" and is no claim that E1 is done.
        if (const std::optional<StepId> id = stepOfWord(step.text("step"))) {
            facts.steps.append({*id, step.text("actor"), step.text("session"), step.time("at"),
                                IntentId(step.text("intent"))});
        }
    }
    for (const JsonRead &writer : root.objects("writers")) {
        facts.oldWriters.append({writer.text("app"), writer.text("op"),
                                 writer.integer("transactions"), writer.time("last")});
    }
    if (const auto backfill = root.object("backfill")) {
        facts.backfill = decodeBackfill(*backfill);
        facts.backfill->runnerAlive = root.flag("alive");
    }
}

} // namespace

Result<BackfillRow> readBackfillRow(const QJsonObject &object)
{
    QString problem;
    const BackfillRow row = decodeBackfill(JsonRead(object, QStringLiteral("backfill"), problem));
    if (!problem.isEmpty())
        return fail(malformed(problem));
    return row;
}

Result<Facts> readFacts(Connection &connection, const Change &change)
{
    auto catalog = jsonObject(connection, catalogQuery(change, Record::Within));
    const bool apart = !catalog && catalog.error().sqlState == QLatin1String("0A000");
    if (apart) // a server that was built without XML
        catalog = jsonObject(connection, catalogQuery(change, Record::Apart));
    if (!catalog)
        return fail(catalog.error().error);
    Facts facts;
    QString problem;
    QDateTime analyzedAt;
    bool hasStatistics = false;
    const JsonRead root(*catalog, QStringLiteral("facts"), problem);
    decodeCatalog(root, facts, analyzedAt, hasStatistics);
    if (facts.recordKept && apart) {
        const auto record = jsonObject(connection, recordQuery(change));
        if (!record)
            return fail(record.error().error);
        decodeRecord(JsonRead(*record, QStringLiteral("record"), problem), facts);
    } else if (const auto record = root.object("recorded")) {
        decodeRecord(*record, facts);
    }
    if (!problem.isEmpty())
        return fail(malformed(problem));
    const bool backfilled = !facts.backfill || facts.backfill->finishedAt.isValid();
    const bool sinceBackfill = !facts.backfill || analyzedAt >= facts.backfill->finishedAt;
    facts.columnAnalyzed = hasStatistics && analyzedAt.isValid() && backfilled && sinceBackfill;
    return facts;
}

Result<NullCount> countNullRows(Connection &connection, const Change &change, CountLimit limit)
{
    const QString where = QStringLiteral(" FROM %1 WHERE %2 IS NULL")
                              .arg(sqlName(change.table), sqlName(change.column));
    constexpr int bound = 10'001;
    struct Question
    {
        QString timeout;
        QString sql;
        bool bounded;
    };
    QList<Question> questions{
        {limit == CountLimit::None ? QStringLiteral("0") : QStringLiteral("'5s'"),
         QStringLiteral("SELECT count(*), clock_timestamp()") + where, false}};
    if (limit == CountLimit::FiveSeconds) {
        questions.append(
            {QStringLiteral("'2s'"),
             QStringLiteral("SELECT count(*), clock_timestamp() FROM (SELECT 1%1 LIMIT "
                            "%2) AS part")
                 .arg(where)
                 .arg(bound),
             true});
    }
    NullCount count;
    for (const Question &question : std::as_const(questions)) {
        auto set = connection.query(QStringLiteral("SET statement_timeout = ") + question.timeout);
        if (!set)
            return fail(set.error());
        auto answer
            = connection.exec(question.sql, limit == CountLimit::None ? Connection::Wait::AnyLength
                                                                      : Connection::Wait::Patience);
        if (answer && answer->next()) {
            count.rows = answer->value(0).toLongLong();
            count.at = answer->value(1).toDateTime().toUTC();
            count.kind = question.bounded && count.rows >= bound ? NullCount::Kind::AtLeast
                                                                 : NullCount::Kind::Exact;
            break;
        }
        if (answer)
            return fail(ErrorKind::Malformed, Words::tr("A count answered no row."));
        if (!connection.isOpen())
            return fail(answer.error().error);
        count.why = isCancelled(answer.error().sqlState)
                        ? Words::tr("counting takes longer than 5 s")
                        : answer.error().text.section(QLatin1Char('\n'), 0, 0);
        if (!isCancelled(answer.error().sqlState))
            break;
    }
    auto reset = connection.query(QStringLiteral("SET statement_timeout = '10s'"));
    if (!reset)
        return fail(reset.error());
    return count;
}

} // namespace pilothouse
