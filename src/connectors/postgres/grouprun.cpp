#include "connectors/postgres/grouprun.h"

#include "base/words.h"
#include "connectors/postgres/runnerlock.h"
#include "connectors/postgres/servererror.h"
#include "migration/recipe/sqltext.h"

#include <QElapsedTimer>
#include <QThread>
#include <QVariant>

namespace pilothouse {

namespace {

constexpr int buildPoll = 250;            // ms
constexpr qint64 reconnectLimit = 60'000; // ms

QString recordStatement(const RunTag &tag)
{
    return QStringLiteral("INSERT INTO pilothouse.step (change_id, step, actor, intent) VALUES (")
           + QStringList{sqlText(tag.change.value), sqlText(tag.step), sqlText(tag.actor),
                         sqlText(tag.intent.value)}
                 .join(QStringLiteral(", "))
           + QLatin1Char(')');
}

/// How a failed statement counts: as an answer, or as an error.
Result<TryAnswer> ended(Connection &connection, const StatementError &failure,
                        const QElapsedTimer &timer)
{
    TryAnswer answer;
    answer.took = std::chrono::milliseconds(timer.elapsed());
    answer.detail = failure.text.section(QLatin1Char('\n'), 0, 0);
    if (isCancelled(failure.sqlState) && connection.cancelAsked.exchange(false)) {
        answer.end = TryAnswer::End::Cancelled;
        return answer;
    }
    // statement_timeout is the other cause of 57014: the lock came too late to finish in time.
    if (isLockTrouble(failure.sqlState) || isCancelled(failure.sqlState)) {
        answer.end = TryAnswer::End::LockTimedOut;
        return answer;
    }
    return fail(failure.error);
}

Result<TryAnswer> runTransaction(Connection &connection, const StatementGroup &group,
                                 const RunTag &tag)
{
    QElapsedTimer timer;
    timer.start();
    QStringList statements = wrapped(group);
    if (!group.locks.isEmpty())
        statements.insert(statements.size() - 1, recordStatement(tag));
    for (const QString &statement : std::as_const(statements)) {
        auto done = connection.exec(statement);
        if (done)
            continue;
        const StatementError failure = done.error();
        if (connection.isOpen()) {
            if (auto back = connection.query(QStringLiteral("ROLLBACK")); !back)
                return fail(back.error());
        }
        return ended(connection, failure, timer);
    }
    return TryAnswer{TryAnswer::End::Done, std::chrono::milliseconds(timer.elapsed()), {}};
}

Result<TryAnswer> runLong(Connection &connection, const QStringList &statements)
{
    QElapsedTimer timer;
    timer.start();
    QStringList all{QStringLiteral("SET lock_timeout = 0"),
                    QStringLiteral("SET statement_timeout = 0")};
    all += statements;
    std::optional<StatementError> failure;
    for (const QString &statement : std::as_const(all)) {
        auto done = connection.exec(statement, Connection::Wait::AnyLength);
        if (!done) {
            failure = done.error();
            break;
        }
    }
    if (connection.isOpen()) {
        for (const char *reset : {"SET lock_timeout = '1s'", "SET statement_timeout = '10s'"}) {
            if (auto done = connection.query(QLatin1String(reset)); !done)
                return fail(done.error());
        }
    }
    if (failure) {
        // Without a timeout only a person ends such a statement.
        if (isCancelled(failure->sqlState))
            connection.cancelAsked = true;
        return ended(connection, *failure, timer);
    }
    return TryAnswer{TryAnswer::End::Done, std::chrono::milliseconds(timer.elapsed()), {}};
}

enum class IndexState { Absent, Invalid, Valid, Building };

Result<IndexState> indexState(Connection &connection, const QString &index, const RunTag &tag)
{
    // Another backend of this change at work on an index is a build whose console has gone.
    const QString sql
        = QStringLiteral("SELECT (SELECT indisvalid AND indisready AND indislive FROM pg_index "
                         "WHERE indexrelid = to_regclass(")
          + sqlText(index)
          + QStringLiteral(")), EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid <> "
                           "pg_backend_pid() AND state = 'active' AND datname = "
                           "current_database() AND query ILIKE 'create index%' AND "
                           "starts_with(application_name, ")
          + sqlText(QStringLiteral("pilothouse/%1/").arg(tag.change.value)) + QStringLiteral("))");
    Result<QSqlQuery> answer = connection.query(sql);
    if (!answer)
        return fail(answer.error());
    if (!answer->next())
        return fail(ErrorKind::Malformed, Words::tr("The state of %1 cannot be read.").arg(index));
    if (answer->value(1).toBool())
        return IndexState::Building;
    if (answer->value(0).isNull())
        return IndexState::Absent;
    return answer->value(0).toBool() ? IndexState::Valid : IndexState::Invalid;
}

/// Makes the connection anew; the server may need a moment.
Result<void> reconnect(Connection &connection, const RunTag &tag)
{
    QElapsedTimer timer;
    timer.start();
    for (;;) {
        Result<void> open = connection.open();
        if (open)
            return connection.setApplicationName(
                QStringLiteral("pilothouse/%1/%2").arg(tag.change.value, tag.step));
        if (connection.isCut() || timer.elapsed() > reconnectLimit)
            return open;
        QThread::msleep(buildPoll);
    }
}

Result<TryAnswer> buildIndex(Connection &connection, const StatementGroup &group, const RunTag &tag)
{
    const QString index = sqlName(TableName{group.locks.value(0).table.schema, group.buildsIndex});
    QElapsedTimer timer;
    timer.start();
    int holder = connection.pid(); // of the session that had the lock last
    for (;;) {
        if (connection.isCut())
            return fail(ErrorKind::Cancelled, Words::tr("The console is closing."));
        if (!connection.holds(tag.change)) {
            const Result<RunnerLock> again = takeRunnerLockAgain(connection, tag.change, holder);
            if (!again)
                return fail(again.error());
            if (again->taken)
                holder = connection.pid();
        }
        const Result<IndexState> state = indexState(connection, index, tag);
        if (!state)
            return fail(state.error());
        if (*state == IndexState::Building || !connection.holds(tag.change)) {
            if (connection.cancelAsked.exchange(false)) {
                return TryAnswer{TryAnswer::End::Cancelled,
                                 std::chrono::milliseconds(timer.elapsed()),
                                 Words::tr("the build of another session goes on")};
            }
            QThread::msleep(buildPoll);
            continue;
        }
        if (*state == IndexState::Valid)
            return TryAnswer{TryAnswer::End::Done, std::chrono::milliseconds(timer.elapsed()), {}};
        Result<TryAnswer> answer
            = runLong(connection, {*state == IndexState::Invalid
                                       ? QStringLiteral("DROP INDEX CONCURRENTLY ") + index
                                       : group.statements.last()});
        if (!answer && !connection.isOpen()) {
            // The server goes on with the statement: look for it rather than start another.
            if (const Result<void> back = reconnect(connection, tag); !back)
                return fail(back.error());
            continue;
        }
        if (!answer || answer->end != TryAnswer::End::Done)
            return answer;
    }
}

} // namespace

Result<TryAnswer> runGroup(Connection &connection, const StatementGroup &group, const RunTag &tag)
{
    connection.cancelAsked = false;
    const Result<void> named = connection.setApplicationName(
        QStringLiteral("pilothouse/%1/%2").arg(tag.change.value, tag.step));
    if (!named)
        return fail(named.error());
    if (group.lockClass != LockClass::Long)
        return runTransaction(connection, group, tag);
    return group.buildsIndex.isEmpty() ? runLong(connection, group.statements)
                                       : buildIndex(connection, group, tag);
}

Result<void> recordStep(Connection &connection, const RunTag &tag)
{
    Result<QSqlQuery> done = connection.query(recordStatement(tag));
    if (!done)
        return fail(done.error());
    return {};
}

} // namespace pilothouse
