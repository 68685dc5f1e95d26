#include "connectors/postgres/watchquery.h"

#include "base/words.h"
#include "migration/recipe/sqltext.h"

#include <QVariant>

namespace pilothouse {

namespace {

/// The columns of a Blocker; `a` is pg_stat_activity.
QString blockerColumns(const QString &mode)
{
    return QStringLiteral(
               "a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), "
               "coalesce(a.state, ''), %1, coalesce(left(a.query, 120), ''), a.xact_start, "
               "coalesce(a.query, '') LIKE '%(to prevent wraparound)'")
        .replace(QLatin1String("%1"), mode);
}

Blocker blockerOf(const QSqlQuery &row)
{
    Blocker blocker;
    blocker.pid = row.value(0).toInt();
    blocker.user = row.value(1).toString();
    blocker.app = row.value(2).toString();
    blocker.state = row.value(3).toString();
    blocker.lockMode = row.value(4).toString();
    blocker.query = row.value(5).toString();
    blocker.since = row.value(6).toDateTime().toUTC();
    blocker.wraparoundVacuum = row.value(7).toBool();
    return blocker;
}

} // namespace

QList<LockMode> conflictsOf(LockMode mode)
{
    using enum LockMode;
    switch (mode) {
    case None:
        return {};
    case AccessShare:
        return {AccessExclusive};
    case RowShare:
        return {Exclusive, AccessExclusive};
    case RowExclusive:
        return {Share, ShareRowExclusive, Exclusive, AccessExclusive};
    case ShareUpdateExclusive:
        return {ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive};
    case Share:
        return {RowExclusive, ShareUpdateExclusive, ShareRowExclusive, Exclusive, AccessExclusive};
    case ShareRowExclusive:
        return {RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive,
                Exclusive,    AccessExclusive};
    case Exclusive:
        return {RowShare,          RowExclusive, ShareUpdateExclusive, Share,
                ShareRowExclusive, Exclusive,    AccessExclusive};
    case AccessExclusive:
        break;
    }
    return {AccessShare, RowShare,          RowExclusive, ShareUpdateExclusive,
            Share,       ShareRowExclusive, Exclusive,    AccessExclusive};
}

Result<QList<Blocker>> readBlockers(Connection &connection, const QList<TableName> &tables,
                                    LockMode mode, int own)
{
    QStringList modes;
    for (const LockMode conflict : conflictsOf(mode))
        modes << sqlText(lockModeName(conflict));
    QStringList names;
    for (const TableName &table : tables)
        names << QStringLiteral("to_regclass(%1)").arg(sqlText(sqlName(table)));
    if (modes.isEmpty() || names.isEmpty())
        return QList<Blocker>();
    QString sql = QStringLiteral("SELECT DISTINCT ON (a.xact_start, a.pid) ")
                  + blockerColumns(QStringLiteral("l.mode"));
    sql += QStringLiteral(" FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
                          " WHERE l.locktype = 'relation' AND l.granted AND l.mode IN (")
           + modes.join(QStringLiteral(", ")) + QStringLiteral(") AND l.relation IN (")
           + names.join(QStringLiteral(", "))
           + QStringLiteral(") AND l.database = (SELECT oid FROM pg_database WHERE datname ="
                            " current_database()) AND l.pid NOT IN (pg_backend_pid(), ")
           + QString::number(own) + QStringLiteral(") ORDER BY a.xact_start, a.pid");
    Result<QSqlQuery> rows = connection.query(sql);
    if (!rows)
        return fail(rows.error());
    QList<Blocker> blockers;
    while (rows->next())
        blockers << blockerOf(*rows);
    return blockers;
}

Result<WaitState> readWaitState(Connection &connection, int worker)
{
    WaitState state;
    if (worker == 0)
        return state;
    const QString pid = QString::number(worker);
    Result<QSqlQuery> rows = connection.query(
        QStringLiteral("SELECT ") + blockerColumns(QStringLiteral("''"))
        + QStringLiteral(" FROM pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(") + pid
        + QStringLiteral(")) ORDER BY a.xact_start"));
    if (!rows)
        return fail(rows.error());
    while (rows->next())
        state.blockedBy << blockerOf(*rows);
    Result<QSqlQuery> queue = connection.query(
        // pg_locks shows every login all of them, and since when: a query that has run for an hour
        // may have come to this lock just now.
        QStringLiteral("SELECT count(*), coalesce(max(extract(epoch FROM clock_timestamp() - "
                       "since)) * 1000, 0)::bigint FROM (SELECT pid, min(waitstart) AS since FROM "
                       "pg_locks WHERE NOT granted GROUP BY pid) AS waiting WHERE ")
        + pid + QStringLiteral(" = ANY (pg_blocking_pids(pid))"));
    if (!queue)
        return fail(queue.error());
    if (queue->next()) {
        state.queuedBehind = queue->value(0).toInt();
        state.longestWait = std::chrono::milliseconds(queue->value(1).toLongLong());
    }
    Result<QSqlQuery> build = connection.query(
        QStringLiteral("SELECT phase, CASE WHEN blocks_total > 0 THEN blocks_done::float8 / "
                       "blocks_total WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total "
                       "ELSE -1 END FROM pg_stat_progress_create_index WHERE pid = ")
        + pid);
    if (!build)
        return fail(build.error());
    if (build->next()) {
        state.phase = build->value(0).toString();
        state.fraction = build->value(1).toDouble();
    }
    return state;
}

Result<bool> isAtWork(Connection &connection, int pid)
{
    Result<QSqlQuery> answer = connection.query(
        QStringLiteral("SELECT FROM pg_stat_activity WHERE pid = %1 AND state = 'active'")
            .arg(pid));
    if (!answer)
        return fail(answer.error());
    return answer->next();
}

Result<void> endBackend(Connection &connection, int pid, Database::Means means)
{
    const QString function = means == Database::Means::EndSession
                                 ? QStringLiteral("pg_terminate_backend")
                                 : QStringLiteral("pg_cancel_backend");
    Result<QSqlQuery> answer = connection.query(
        QStringLiteral("SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = %2) "
                       "THEN %1(%2) ELSE false END")
            .arg(function)
            .arg(pid));
    if (!answer)
        return fail(answer.error());
    if (!answer->next() || !answer->value(0).toBool()) {
        return fail(ErrorKind::NotFound,
                    Words::tr("There is no session with pid %1 any more.").arg(pid));
    }
    return {};
}

} // namespace pilothouse
