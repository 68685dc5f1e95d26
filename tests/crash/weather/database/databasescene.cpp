#include "crash/weather/database/databasescene.h"

#include <QThread>

namespace pilothouse {
namespace {

using Kind = DatabaseFault::Kind;

constexpr int illness = 600; // ms

QString loginOf(const QString &database)
{
    return QStringLiteral("console_of_") + database;
}

QString quotedPath(const QString &path)
{
    return QLatin1Char('\'') + path + QLatin1Char('\'');
}

} // namespace

bool DatabaseTown::start()
{
    if (!m_world.start()) {
        m_why = m_world.why();
        return false;
    }
    for (const QString &statement :
         {QStringLiteral("CREATE ROLE strangers"),
          QStringLiteral("COPY (VALUES ('host all +strangers 127.0.0.1/32 scram-sha-256'), ('host "
                         "all all 127.0.0.1/32 trust')) TO ")
              + quotedPath(admin(QStringLiteral("SHOW hba_file"))),
          QStringLiteral("SELECT 1 WHERE NOT pg_reload_conf()")})
        m_why += admin(statement);
    for (int place = 0; place < places && m_why.isEmpty(); ++place)
        build();
    return m_why.isEmpty();
}

void DatabaseTown::build()
{
    const QString name = m_world.makeDatabase(rows);
    m_why += m_world.server().sql(name,
                                  QStringLiteral("ALTER TABLE conversations RENAME TO kept; CREATE "
                                                 "TABLE conversations (LIKE kept)"));
    m_why += admin(QStringLiteral("CREATE ROLE %1 LOGIN SUPERUSER").arg(loginOf(name)));
    m_free.append(name);
}

QString DatabaseTown::admin(const QString &statement)
{
    return m_world.server().sql(PostgresServer::user(), statement);
}

QString DatabaseTown::take()
{
    const QMutexLocker locker(&m_lock);
    return m_free.takeFirst();
}

void DatabaseTown::giveBack(const QString &database)
{
    const QMutexLocker locker(&m_lock);
    m_free.append(database);
}

DatabaseScene::DatabaseScene(DatabaseTown &town)
    : m_town(town), m_name(town.take()), m_login(loginOf(m_name))
{
    const QString answer = m_town.world().server().sql(
        m_name,
        QStringLiteral("DROP SCHEMA IF EXISTS pilothouse CASCADE; DROP TABLE conversations; CREATE "
                       "TABLE conversations (LIKE kept INCLUDING ALL); INSERT INTO conversations "
                       "SELECT * FROM kept; ANALYZE conversations"));
    if (!answer.isEmpty())
        qFatal("%s", qPrintable(answer));
    m_healing.setSingleShot(true);
    QObject::connect(&m_healing, &QTimer::timeout, &m_healing, [this] { heal(); });
}

DatabaseScene::~DatabaseScene()
{
    heal();
    endSessions();
    m_town.giveBack(m_name);
}

PostgresSettings DatabaseScene::settings() const
{
    PostgresSettings settings = m_town.world().settings(m_name);
    settings.user = m_login;
    return settings;
}

void DatabaseScene::endSessions()
{
    const QString others
        = QStringLiteral(" FROM pg_stat_activity WHERE datname = '%1'").arg(m_name);
    m_town.admin(QStringLiteral("SELECT pg_terminate_backend(pid)") + others);
    for (int look = 0; look < 200; ++look) {
        if (m_town.admin(QStringLiteral("SELECT count(*)") + others) == QLatin1String("0"))
            return;
        QThread::msleep(10);
    }
    qFatal("a session does not end");
}

void DatabaseScene::strike(Kind kind, int pid)
{
    if (kind == Kind::Terminated) {
        m_town.admin(QStringLiteral("SELECT pg_terminate_backend(%1)").arg(pid));
        return;
    }
    m_ill = kind;
    if (kind == Kind::Password)
        m_town.admin(QStringLiteral("GRANT strangers TO ") + m_login);
    else if (kind == Kind::ReadOnly)
        m_town.admin(
            QStringLiteral("ALTER DATABASE %1 SET default_transaction_read_only = on").arg(m_name));
    else
        m_town.admin(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS false").arg(m_name));
    endSessions();
    if (kind == Kind::Gone)
        m_town.admin(QStringLiteral("ALTER DATABASE %1 RENAME TO %1_gone").arg(m_name));
    m_healing.start(illness);
}

void DatabaseScene::heal()
{
    if (!m_ill)
        return;
    if (*m_ill == Kind::Password)
        m_town.admin(QStringLiteral("REVOKE strangers FROM ") + m_login);
    if (*m_ill == Kind::ReadOnly) {
        m_town.admin(
            QStringLiteral("ALTER DATABASE %1 RESET default_transaction_read_only").arg(m_name));
        endSessions();
    }
    if (*m_ill == Kind::Gone) {
        m_town.admin(QStringLiteral("ALTER DATABASE %1_gone RENAME TO %1").arg(m_name));
        m_town.admin(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS true").arg(m_name));
    }
    m_ill.reset();
}

QString DatabaseScene::value(const QString &expression)
{
    return m_town.world().server().sql(m_name, QStringLiteral("SELECT ") + expression);
}

bool DatabaseScene::holds(const QString &condition)
{
    return value(QStringLiteral("(%1)::int").arg(condition)) == QLatin1String("1");
}

} // namespace pilothouse
