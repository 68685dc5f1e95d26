#include "connectors/postgres/backfillrun.h"

#include "base/words.h"
#include "connectors/postgres/factsquery.h"
#include "connectors/postgres/servererror.h"
#include "migration/recipe/batchsql.h"
#include "migration/recipe/sqltext.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QVariant>

namespace pilothouse {

namespace {

Result<KeyColumn> keyOf(Connection &connection, const TableName &table)
{
    Result<QSqlQuery> answer = connection.query(
        QStringLiteral(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_index i JOIN "
            "pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE "
            "i.indisprimary AND i.indnkeyatts = 1 AND i.indrelid = to_regclass(")
        + sqlText(sqlName(table)) + QLatin1Char(')'));
    if (!answer)
        return fail(answer.error());
    if (!answer->next()) {
        return fail(
            ErrorKind::Refused,
            Words::tr("%1 has no primary key of one column to walk along.").arg(table.text()));
    }
    return KeyColumn{answer->value(0).toString(), answer->value(1).toString()};
}

QString lastKey(const Change &change, const KeyColumn &key)
{
    // Qualified: a bare name would sort by the output column, which is a text.
    const QString name = QStringLiteral("k.") + sqlName(key.name);
    return QStringLiteral("(SELECT ") + name + QStringLiteral("::text FROM ")
           + sqlName(change.table) + QStringLiteral(" AS k ORDER BY ") + name
           + QStringLiteral(" DESC LIMIT 1)");
}

QString id(const Change &change)
{
    return sqlText(change.name.value);
}

/// A statement on pilothouse.backfill that returns to_jsonb of the row in its first column.
Result<BackfillRow> rowOf(Connection &connection, const QString &sql)
{
    Result<QSqlQuery> answer = connection.query(sql);
    if (!answer)
        return fail(answer.error());
    if (!answer->next()) {
        return fail(ErrorKind::NotFound,
                    Words::tr("This database remembers no backfill of that change. Run M2."));
    }
    return readBackfillRow(QJsonDocument::fromJson(answer->value(0).toString().toUtf8()).object());
}

QString readRow(const Change &change)
{
    return QStringLiteral("SELECT to_jsonb(f) FROM pilothouse.backfill AS f WHERE f.change_id = ")
           + id(change);
}

QString stateWord(BackfillRow::State state)
{
    switch (state) {
    case BackfillRow::State::Running:
        return QStringLiteral("running");
    case BackfillRow::State::Paused:
        return QStringLiteral("paused");
    case BackfillRow::State::Sweeping:
        return QStringLiteral("sweeping");
    case BackfillRow::State::Verified:
        return QStringLiteral("verified");
    case BackfillRow::State::Failed:
        break;
    }
    return QStringLiteral("failed");
}

/// Runs a batch in its transaction. An unset error means success.
tl::expected<QSqlQuery, StatementError> transaction(Connection &connection, const QString &timeout,
                                                    const QString &sql, Connection::Wait wait)
{
    for (const QString &statement :
         {QStringLiteral("BEGIN"), QStringLiteral("SET LOCAL lock_timeout = '200ms'"),
          QStringLiteral("SET LOCAL statement_timeout = ") + timeout}) {
        if (auto done = connection.exec(statement); !done)
            return done;
    }
    return connection.exec(sql, wait);
}

} // namespace

Result<BackfillRow> beginBackfill(Connection &connection, const Change &change, const RunTag &tag,
                                  BackfillMemory &memory)
{
    const Result<void> named = connection.setApplicationName(
        QStringLiteral("pilothouse/%1/%2").arg(tag.change.value, tag.step));
    if (!named)
        return fail(named.error());
    const Result<KeyColumn> key = keyOf(connection, change.table);
    if (!key)
        return fail(key.error());
    memory.key = *key;
    // A table that was never analyzed has no estimate; what a bounded count misses, the total grows
    // by as the rows are met.
    QString sql = QStringLiteral("INSERT INTO pilothouse.backfill AS f (change_id, upper_bound, "
                                 "rows_total, runner_pid, heartbeat) SELECT ")
                  + id(change) + QStringLiteral(", ") + lastKey(change, *key);
    sql += QStringLiteral(", CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint ELSE (SELECT "
                          "count(*) FROM (SELECT FROM ")
           + sqlName(change.table)
           + QStringLiteral(
               " LIMIT 1000000) AS part) END, pg_backend_pid(), clock_timestamp() FROM pg_class c "
               "WHERE c.oid = to_regclass(")
           + sqlText(sqlName(change.table))
           + QStringLiteral(
               ") ON CONFLICT (change_id) DO UPDATE SET state = 'running', runner_pid "
               "= pg_backend_pid(), paused_reason = '', heartbeat = clock_timestamp(), "
               "finished_at = NULL RETURNING to_jsonb(f)");
    Result<BackfillRow> row = rowOf(connection, sql);
    if (row)
        memory.row = *row;
    return row;
}

Result<BackfillRow> beginSweep(Connection &connection, const Change &change, BackfillMemory &memory)
{
    const Result<KeyColumn> key = keyOf(connection, change.table);
    if (!key)
        return fail(key.error());
    memory.key = *key;
    Result<BackfillRow> row = rowOf(
        connection,
        QStringLiteral("UPDATE pilothouse.backfill AS f SET state = 'sweeping', pass = f.pass + 1, "
                       "cursor_pk = NULL, paused_reason = '', runner_pid = pg_backend_pid(), "
                       "heartbeat = clock_timestamp(), finished_at = NULL, upper_bound = ")
            + lastKey(change, *key) + QStringLiteral(" WHERE f.change_id = ") + id(change)
            + QStringLiteral(" RETURNING to_jsonb(f)"));
    if (row)
        memory.row = *row;
    return row;
}

Result<BatchAnswer> runBatch(Connection &connection, const Change &change, BatchKind kind, int size,
                             BackfillMemory &memory)
{
    BatchAnswer answer;
    answer.row = memory.row;
    if (memory.row.upperBound.isEmpty()) { // the table was empty when the bound was frozen
        answer.end = BatchAnswer::End::Finished;
        return answer;
    }
    const bool sweep = kind == BatchKind::Sweep;
    const QString sql = sweep ? stepsql::sweepBatch(change, memory.key, memory.row.cursor,
                                                    memory.row.upperBound, size)
                              : stepsql::backfillBatch(change, memory.key, memory.row.cursor,
                                                       memory.row.upperBound, size);
    // A sweep may have to pass over the whole table to find its few rows.
    const QString timeout = sweep ? QStringLiteral("'60s'") : QStringLiteral("'5s'");
    QElapsedTimer timer;
    timer.start();
    auto done = transaction(connection, timeout, sql,
                            sweep ? Connection::Wait::AnyLength : Connection::Wait::Patience);
    const bool moved = done && done->next();
    QString row;
    if (moved) {
        row = done->value(0).toString();
        answer.scanned = done->value(1).toLongLong();
        answer.written = done->value(2).toLongLong();
        *done = QSqlQuery(); // nothing may hold the connection when COMMIT loses it
    }
    if (connection.isOpen()) {
        auto closed
            = connection.query(moved ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        if (!closed) {
            // Nothing may go on in what is left of it.
            if (connection.isOpen())
                (void)connection.exec(QStringLiteral("ROLLBACK"));
            return fail(closed.error());
        }
    }
    answer.took = std::chrono::milliseconds(timer.elapsed());
    if (!done) {
        const StatementError &failure = done.error();
        if (!isLockTrouble(failure.sqlState) && !isCancelled(failure.sqlState))
            return fail(failure.error);
        answer.end = BatchAnswer::End::Retry;
        answer.detail = failure.text.section(QLatin1Char('\n'), 0, 0);
        return answer;
    }
    if (!moved) {
        answer.end = BatchAnswer::End::Stopped;
        // Who stopped it and why; without an answer the row is as it was.
        if (const Result<BackfillRow> now = rowOf(connection, readRow(change)))
            answer.row = *now;
        return answer;
    }
    const Result<BackfillRow> now = readBackfillRow(QJsonDocument::fromJson(row.toUtf8()).object());
    if (!now)
        return fail(now.error());
    memory.row = *now;
    answer.row = *now;
    answer.end = answer.scanned < size ? BatchAnswer::End::Finished : BatchAnswer::End::Moved;
    return answer;
}

Result<BackfillRow> markBackfill(Connection &connection, const Change &change,
                                 BackfillRow::State state, const QString &reason)
{
    const bool atWork
        = state == BackfillRow::State::Running || state == BackfillRow::State::Sweeping;
    Result<BackfillRow> row
        = rowOf(connection,
                QStringLiteral("UPDATE pilothouse.backfill AS f SET state = ")
                    + sqlText(stateWord(state)) + QStringLiteral(", paused_reason = ")
                    + sqlText(reason) + QStringLiteral(", runner_pid = ")
                    + (atWork ? QStringLiteral("f.runner_pid") : QStringLiteral("NULL"))
                    + QStringLiteral(", finished_at = ")
                    + (state == BackfillRow::State::Verified ? QStringLiteral("clock_timestamp()")
                                                             : QStringLiteral("NULL"))
                    + QStringLiteral(" WHERE f.change_id = ") + id(change)
                    + QStringLiteral(" AND f.runner_pid = pg_backend_pid() RETURNING to_jsonb(f)"));
    if (row || row.error().kind != ErrorKind::NotFound)
        return row;
    const Result<BackfillRow> now = rowOf(connection, readRow(change));
    if (!now)
        return fail(now.error());
    return fail(ErrorKind::Conflict,
                Words::tr("Another session has this backfill now (pid %1): it was not marked as "
                          "%2.")
                    .arg(now->runnerPid)
                    .arg(stateWord(state)));
}

Result<BackfillRow> pauseBackfill(Connection &connection, const Change &change,
                                  const QString &reason)
{
    Result<BackfillRow> row = rowOf(
        connection,
        QStringLiteral("UPDATE pilothouse.backfill AS f SET state = 'paused', paused_reason = ")
            + sqlText(reason) + QStringLiteral(" WHERE f.change_id = ") + id(change)
            + QStringLiteral(" AND f.state IN ('running', 'sweeping') RETURNING to_jsonb(f)"));
    if (!row && row.error().kind == ErrorKind::NotFound)
        return fail(ErrorKind::Conflict,
                    Words::tr("The backfill is not running any more: nothing was paused."));
    return row;
}

} // namespace pilothouse
