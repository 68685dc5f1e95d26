#include "support/postgresserver.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>
#include <QTcpServer>
#include <QUuid>

#include <csignal>
#include <pwd.h>
#include <unistd.h>

namespace pilothouse {

namespace {

constexpr int patience = 30'000; // ms

bool isRoot()
{
    return ::geteuid() == 0;
}

/// PostgreSQL refuses to run as root.
bool giveToNobody(const QString &folder)
{
    const passwd *nobody = ::getpwnam("nobody");
    return nobody
           && ::chown(QFile::encodeName(folder).constData(), nobody->pw_uid, nobody->pw_gid) == 0;
}

int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

} // namespace

QString PostgresServer::newest()
{
    QStringList roots;
    const QString parts = qEnvironmentVariable("PILOTHOUSE_PARTS");
    if (!parts.isEmpty())
        roots << parts + QStringLiteral("/usr/lib/postgresql");
    roots << QStringLiteral("/usr/lib/postgresql");
    for (const QString &root : std::as_const(roots)) {
        int newest = 0;
        const QStringList versions = QDir(root).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &version : versions) {
            if (QFileInfo(QStringLiteral("%1/%2/bin/postgres").arg(root, version)).isExecutable())
                newest = std::max(newest, version.toInt());
        }
        if (newest > 0)
            return QStringLiteral("%1/%2/bin").arg(root).arg(newest);
    }
    return {};
}

QString PostgresServer::eighteen()
{
    const QString folder
        = qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/postgresql/18/bin");
    return QFileInfo(folder + QStringLiteral("/postgres")).isExecutable() ? folder : QString();
}

PostgresServer::PostgresServer(QString binaries) : m_binaries(std::move(binaries)) {}

PostgresServer::~PostgresServer()
{
    if (m_process && m_process->state() != QProcess::NotRunning) {
        // "Fast shutdown": the signal that terminate() sends would wait for every session.
        ::kill(static_cast<pid_t>(m_process->processId()), SIGINT);
        if (!m_process->waitForFinished(patience))
            m_process->kill();
    }
}

void PostgresServer::configure(QProcess &process, const QString &program,
                               const QStringList &arguments) const
{
    const QString path = QStringLiteral("%1/%2").arg(m_binaries, program);
    process.setWorkingDirectory(m_folder->path());
    if (!isRoot()) {
        process.setProgram(path);
        process.setArguments(arguments);
        return;
    }
    process.setProgram(QStringLiteral("setpriv"));
    process.setArguments(QStringList{QStringLiteral("--reuid=nobody"),
                                     QStringLiteral("--regid=nogroup"),
                                     QStringLiteral("--clear-groups"), path}
                         + arguments);
}

bool PostgresServer::makeCluster(const QString &data)
{
    QProcess process;
    configure(process, QStringLiteral("initdb"),
              {QStringLiteral("--no-sync"), QStringLiteral("--auth=trust"),
               QStringLiteral("--encoding=UTF8"), QStringLiteral("--locale=C"),
               QStringLiteral("--username=") + user(), QStringLiteral("--pgdata=") + data});
    process.start();
    if (process.waitForFinished(patience) && process.exitCode() == 0)
        return true;
    m_why = QStringLiteral("initdb: %1 %2")
                .arg(process.errorString(), QString::fromLocal8Bit(process.readAllStandardError()));
    return false;
}

bool PostgresServer::start(const QStringList &more)
{
    if (m_binaries.isEmpty()) {
        m_why = QStringLiteral("no PostgreSQL server binaries on this machine");
        return false;
    }
    m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath()
                                               + QStringLiteral("/pilothouse-pg-XXXXXX"));
    if (!m_folder->isValid() || (isRoot() && !giveToNobody(m_folder->path()))) {
        m_why = QStringLiteral("no folder for the cluster: %1").arg(m_folder->errorString());
        return false;
    }
    const QString data = m_folder->filePath(QStringLiteral("data"));
    if (!makeCluster(data))
        return false;

    m_port = freePort();
    m_process = std::make_unique<QProcess>();
    const QStringList settings{QStringLiteral("fsync=off"),
                               QStringLiteral("listen_addresses=127.0.0.1"),
                               QStringLiteral("unix_socket_directories="),
                               QStringLiteral("port=%1").arg(m_port),
                               QStringLiteral("shared_buffers=32MB"),
                               QStringLiteral("max_connections=50")};
    QStringList arguments{QStringLiteral("-D"), data};
    for (const QString &setting : settings + more)
        arguments << QStringLiteral("-c") << setting;
    configure(*m_process, QStringLiteral("postgres"), arguments);
    m_process->setStandardErrorFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_process->start();
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < patience && m_process->state() != QProcess::NotRunning) {
        if (sql(user(), QStringLiteral("SELECT 1")) == QLatin1String("1"))
            return true;
        m_process->waitForFinished(50); // a pause that ends early when the server does
    }
    m_why = QStringLiteral("the server did not come up");
    return false;
}

QString PostgresServer::createDatabase(const QString &stem)
{
    const QString name = QStringLiteral("%1_%2").arg(stem).arg(++m_databases);
    m_why = sql(user(), QStringLiteral("CREATE DATABASE ") + name);
    return m_why.isEmpty() ? name : QString();
}

QString PostgresServer::sql(const QString &database, const QString &statement)
{
    return PostgresClient(*this, database, QStringLiteral("test")).sql(statement);
}

PostgresClient::PostgresClient(const PostgresServer &server, const QString &database,
                               const QString &app)
    : m_name(QUuid::createUuid().toString())
{
    QSqlDatabase connection = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), m_name);
    connection.setHostName(QStringLiteral("127.0.0.1"));
    connection.setPort(server.port());
    connection.setDatabaseName(database);
    connection.setUserName(PostgresServer::user());
    connection.setConnectOptions(QStringLiteral("application_name=") + app);
    connection.open(); // a failure shows at the first statement
}

PostgresClient::~PostgresClient()
{
    QSqlDatabase::removeDatabase(m_name);
}

QString PostgresClient::sql(const QString &statement)
{
    QSqlQuery query(QSqlDatabase::database(m_name, false));
    if (!query.exec(statement))
        return QStringLiteral("ERROR: ") + query.lastError().databaseText().section(u'\n', 0, 0);
    QStringList rows;
    while (query.next()) {
        QStringList values;
        for (int i = 0; i < query.record().count(); ++i)
            values << query.value(i).toString();
        rows << values.join(u'|');
    }
    return rows.join(u'\n');
}

} // namespace pilothouse
