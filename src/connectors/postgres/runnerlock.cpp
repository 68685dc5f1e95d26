#include "connectors/postgres/runnerlock.h"

#include "base/words.h"
#include "migration/recipe/sqltext.h"

#include <QVariant>

namespace pilothouse {

namespace {

struct Holder
{
    int pid = 0; ///< 0 = it has just ended
    QString words;
};

Result<Holder> holderOf(Connection &connection, const ChangeName &change, int watcher)
{
    // What this login may not see of a session, it may not see of that console's other one either.
    Result<QSqlQuery> answer = connection.query(
        QStringLiteral(
            "SELECT a.pid, coalesce(a.usename, ''), coalesce(a.application_name, ''), CASE WHEN "
            "a.state = 'active' THEN left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120) END, "
            "extract(epoch FROM clock_timestamp() - a.query_start)::int, EXISTS (SELECT 1 FROM "
            "pg_stat_activity w WHERE w.application_name = 'pilothouse/watcher' AND w.datid = "
            "a.datid AND w.usesysid = a.usesysid AND w.client_addr IS NOT DISTINCT FROM "
            "a.client_addr AND w.pid <> ")
        + QString::number(watcher)
        + QStringLiteral(") FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE ")
        + isRunnerLock(change));
    if (!answer)
        return fail(answer.error());
    if (!answer->next())
        return Holder{0, Words::tr("it has just ended")};
    const int pid = answer->value(0).toInt();
    const QString who = Words::tr("pid %1, %2, as %3")
                            .arg(pid)
                            .arg(answer->value(2).toString(), answer->value(1).toString());
    const QString statement = answer->value(3).toString();
    if (statement.isEmpty())
        return Holder{pid, who};
    const int seconds = answer->value(4).toInt();
    const QString words
        = answer->value(5).toBool()
              ? Words::tr("%1, which has been at \"%3\" for %2 s")
              : Words::tr("%1, whose console is not connected any more, but the server has been at "
                          "\"%3\" for %2 s and goes on with it");
    return Holder{pid, words.arg(who, QString::number(seconds), statement)};
}

/// Whether it is ours now.
Result<bool> tryToTake(Connection &connection, const ChangeName &change)
{
    // A session takes an advisory lock as often as it asks, so what is held already is looked up.
    Result<QSqlQuery> answer = connection.query(
        QStringLiteral(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l WHERE l.pid = pg_backend_pid() AND ")
        + isRunnerLock(change) + QStringLiteral(") OR pg_try_advisory_lock(")
        + runnerLockKey(change) + QLatin1Char(')'));
    if (!answer)
        return fail(answer.error());
    const bool taken = answer->next() && answer->value(0).toBool();
    if (taken)
        connection.hold(change);
    return taken;
}

} // namespace

QString runnerLockKey(const ChangeName &change)
{
    return QStringLiteral("hashtextextended(%1, 0)")
        .arg(sqlText(QStringLiteral("pilothouse:") + change.value));
}

QString isRunnerLock(const ChangeName &change)
{
    const QString key = runnerLockKey(change);
    return QStringLiteral("l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database "
                          "= (SELECT oid FROM pg_database WHERE datname = current_database()) AND "
                          "l.classid::bigint = ((%1 >> 32) & 4294967295) AND l.objid::bigint = "
                          "(%1 & 4294967295)")
        .arg(key);
}

Result<RunnerLock> tryRunnerLock(Connection &connection, const ChangeName &change, int watcher)
{
    const Result<bool> taken = tryToTake(connection, change);
    if (!taken)
        return fail(taken.error());
    if (*taken)
        return RunnerLock{true, {}};
    const Result<Holder> holder = holderOf(connection, change, watcher);
    if (!holder)
        return fail(holder.error());
    return RunnerLock{false, holder->words};
}

Result<RunnerLock> takeRunnerLockAgain(Connection &connection, const ChangeName &change, int lost)
{
    const Result<bool> taken = tryToTake(connection, change);
    if (!taken)
        return fail(taken.error());
    if (*taken)
        return RunnerLock{true, {}};
    const Result<Holder> holder = holderOf(connection, change, 0);
    if (!holder)
        return fail(holder.error());
    if (holder->pid == 0 || holder->pid == lost)
        return RunnerLock{};
    return fail(ErrorKind::Unavailable,
                Words::tr("%1: the session that had the runner lock of %2 has ended, and another "
                          "one has the lock now: %3. Nothing more was sent.")
                    .arg(connection.place(), change.value, holder->words));
}

Result<void> dropRunnerLock(Connection &connection, const ChangeName &change)
{
    if (!connection.holds(change))
        return {};
    connection.letGo(change);
    if (Result<QSqlQuery> answer = connection.query(QStringLiteral("SELECT pg_advisory_unlock(")
                                                    + runnerLockKey(change) + QLatin1Char(')'));
        !answer)
        return fail(answer.error());
    return connection.setApplicationName(QStringLiteral("pilothouse/worker"));
}

} // namespace pilothouse
