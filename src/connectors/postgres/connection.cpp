#include "connectors/postgres/connection.h"

#include "base/words.h"
#include "connectors/postgres/servererror.h"
#include "migration/recipe/sqltext.h"

#include <QScopeGuard>
#include <QSqlDriver>
#include <QSqlError>
#include <QUuid>
#include <QVariant>

#include <libpq-fe.h>
#include <memory>
#include <sys/socket.h>

namespace pilothouse {

namespace {

PGconn *nativeHandle(const QSqlDatabase &database)
{
    const QVariant handle = database.driver() ? database.driver()->handle() : QVariant();
    // PGconn is an alias; the versions of Qt 6 name the type by the one or the other.
    if (qstrcmp(handle.typeName(), "pg_conn*") != 0 && qstrcmp(handle.typeName(), "PGconn*") != 0)
        return nullptr;
    return *static_cast<PGconn *const *>(handle.constData());
}

} // namespace

Connection::Connection(PostgresSettings settings, QString role)
    : m_settings(std::move(settings)), m_role(std::move(role)),
      m_name(QStringLiteral("pilothouse-") + QUuid::createUuid().toString(QUuid::WithoutBraces))
{}

Connection::~Connection()
{
    close();
}

void Connection::close()
{
    m_pid = 0;
    m_held.clear();
    {
        const std::lock_guard lock(m_socketLock);
        m_socket = -1;
    }
    if (QSqlDatabase::contains(m_name))
        QSqlDatabase::removeDatabase(m_name);
}

Result<void> Connection::open()
{
    if (isOpen())
        return {};
    if (m_cut)
        return fail(ErrorKind::Cancelled, Words::tr("The console is closing."));
    QString problem;
    bool opened = false;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), m_name);
        if (!database.isValid()) {
            problem = Words::tr("Qt's PostgreSQL driver is not installed (libqt6sql6-psql).");
        } else {
            QStringList options{
                QStringLiteral("connect_timeout=3"), QStringLiteral("keepalives_idle=20"),
                QStringLiteral("keepalives_interval=10"), QStringLiteral("keepalives_count=3"),
                // A network that is gone says nothing of it: the driver's own first statements too.
                QStringLiteral("tcp_user_timeout=50000"),
                QStringLiteral("application_name=pilothouse/%1").arg(m_role)};
            if (!m_settings.service.isEmpty())
                options << QStringLiteral("service=") + m_settings.service;
            if (!m_settings.address.isEmpty())
                options << QStringLiteral("hostaddr=") + m_settings.address;
            database.setHostName(m_settings.host);
            if (m_settings.port != 0)
                database.setPort(m_settings.port);
            database.setDatabaseName(m_settings.dbname);
            database.setUserName(m_settings.user);
            database.setConnectOptions(options.join(QLatin1Char(';')));
            if (database.open()) {
                if (PGconn *const native = nativeHandle(database)) {
                    const std::lock_guard lock(m_socketLock);
                    m_socket = PQsocket(native);
                    opened = true;
                } else {
                    problem = Words::tr("Qt's PostgreSQL driver does not give its connection.");
                }
            } else {
                problem = database.lastError().databaseText();
            }
        }
    }
    if (!opened) {
        close();
        return fail(serverError({}, problem, place()));
    }
    if (Result<void> done = setUp(); !done) {
        close();
        return done;
    }
    return {};
}

Result<void> Connection::setUp()
{
    const QStringList statements{
        QStringLiteral("SET row_security = off"),
        QStringLiteral("SET standard_conforming_strings = on"),
        QStringLiteral("SET client_min_messages = warning"),
        QStringLiteral("SET timezone = 'UTC'"),
        QStringLiteral("SET idle_in_transaction_session_timeout = '60s'"),
        QStringLiteral("SET lock_timeout = '1s'"),
        QStringLiteral("SET statement_timeout = '10s'"),
        // A session whose console cannot be reached any more must not keep its runner lock.
        QStringLiteral("SET tcp_keepalives_idle = 20"),
        QStringLiteral("SET tcp_keepalives_interval = 10"),
        QStringLiteral("SET tcp_keepalives_count = 3"),
    };
    for (const QString &statement : statements) {
        if (auto done = query(statement); !done)
            return fail(done.error());
    }
    // A pooler in transaction mode may answer each statement from another server session; SET,
    // advisory locks and application names would then be somebody else's.
    int pids[2] = {0, 0};
    for (int &pid : pids) {
        auto answer
            = query(QStringLiteral("SELECT pg_backend_pid(), current_setting('row_security')"));
        if (!answer)
            return fail(answer.error());
        if (answer->next() && answer->value(1).toString() == QLatin1String("off"))
            pid = answer->value(0).toInt();
    }
    if (pids[0] == 0 || pids[0] != pids[1]) {
        return fail(ErrorKind::Refused,
                    Words::tr("%1 is behind a pooler in transaction mode. Connect to the server "
                              "itself.")
                        .arg(place()));
    }
    m_pid = pids[0];
    return {};
}

tl::expected<QSqlQuery, StatementError> Connection::exec(const QString &sql, Wait wait)
{
    m_silent = false;
    ++m_statements;
    if (wait == Wait::Patience)
        m_givenUpAt = Steady::now() + m_settings.patience;
    else
        m_long = m_statements;
    const auto answered = qScopeGuard([this] {
        m_givenUpAt = Steady::time_point::max();
        m_long = 0;
    });
    QSqlDatabase database = QSqlDatabase::database(m_name, false);
    // Not forward only: an answer is here whole or not at all.
    QSqlQuery query(database);
    if (query.exec(sql))
        return query;
    StatementError failure;
    failure.sqlState = query.lastError().nativeErrorCode();
    failure.text = query.lastError().databaseText();
    PGconn *const native = nativeHandle(database);
    // The words of a server that ends the session come before the socket is seen to be closed.
    const bool lost = !native || PQstatus(native) == CONNECTION_BAD
                      || failure.sqlState.startsWith(QLatin1String("57P0"));
    if (lost && failure.sqlState.isEmpty())
        failure.sqlState = QStringLiteral("08006");
    failure.error = serverError(failure.sqlState, failure.text, place());
    if (lost && m_silent)
        failure.error = {ErrorKind::TimedOut,
                         Words::tr("%1 did not answer in time.").arg(place()),
                         failure.text,
                         {}};
    if (lost) {
        query = QSqlQuery(); // the connection cannot be removed while a query holds it
        database = QSqlDatabase();
        close();
    }
    return tl::unexpected<StatementError>(failure);
}

Result<void> Connection::mustHold(const ChangeName &change) const
{
    if (holds(change))
        return {};
    return fail(ErrorKind::Unavailable,
                Words::tr("%1: the session that had the runner lock of %2 has ended, and the lock "
                          "with it. Nothing more was sent.")
                    .arg(place(), change.value));
}

Result<QSqlQuery> Connection::query(const QString &sql)
{
    auto done = exec(sql);
    if (!done)
        return fail(done.error().error);
    return std::move(*done);
}

Result<void> Connection::setApplicationName(const QString &name)
{
    auto done = query(QStringLiteral("SET application_name = ") + sqlText(name.left(63)));
    if (!done)
        return fail(done.error());
    return {};
}

Result<void> Connection::script(const QByteArray &sql)
{
    PGconn *const native = nativeHandle(QSqlDatabase::database(m_name, false));
    if (!native)
        return fail(ErrorKind::Internal, Words::tr("%1 is not connected.").arg(place()));
    // QSqlQuery would tell of the first statement alone.
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(native, sql.constData()),
                                                               &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return {};
    return fail(serverError(QString::fromLatin1(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE)),
                            QString::fromUtf8(PQresultErrorMessage(result.get())), place()));
}

void Connection::tellNotices(QStringList *into)
{
    const QSqlDatabase database = QSqlDatabase::database(m_name, false);
    PGconn *const native = nativeHandle(database);
    if (!native)
        return;
    PQsetNoticeProcessor(
        native,
        [](void *list, const char *said) {
            if (list)
                static_cast<QStringList *>(list)->append(QString::fromUtf8(said).trimmed());
        },
        into);
}

void Connection::shutDown()
{
    const std::lock_guard lock(m_socketLock);
    if (m_socket >= 0)
        ::shutdown(m_socket, SHUT_RDWR);
}

void Connection::cut()
{
    m_cut = true;
    shutDown();
}

void Connection::cutIfSilent()
{
    if (Steady::now() < m_givenUpAt.load())
        return;
    m_silent = true;
    shutDown();
}

void Connection::cutAsSilent(int statement)
{
    if (m_long != statement)
        return;
    m_silent = true;
    shutDown();
}

} // namespace pilothouse
