#include "connectors/postgres/schema/bothservers.h"

#include <QVariant>

namespace pilothouse {
namespace {

QString beginWorld(BothServers::World &world, const QStringList &statements)
{
    if (!world.server.start())
        return world.server.why();
    world.database = world.server.createDatabase(QStringLiteral("schema"));
    if (world.database.isEmpty())
        return world.server.why();
    world.connection = std::make_unique<Connection>(world.settings(), QStringLiteral("test"));
    if (const auto open = world.connection->open(); !open)
        return open.error().message;
    for (const QString &statement : statements) {
        if (const auto made = world.connection->query(statement); !made)
            return statement + QStringLiteral(": ") + made.error().message;
    }
    auto version = world.connection->query(QStringLiteral("SHOW server_version_num"));
    if (!version || !version->next())
        return QStringLiteral("the server does not say its version");
    world.version = version->value(0).toInt();
    return {};
}

} // namespace

PostgresSettings BothServers::World::settings() const
{
    PostgresSettings settings;
    settings.host = QStringLiteral("127.0.0.1");
    settings.port = server.port();
    settings.dbname = database;
    settings.user = PostgresServer::user();
    return settings;
}

bool BothServers::areThere()
{
    return !PostgresServer::newest().isEmpty() && !PostgresServer::eighteen().isEmpty();
}

QString BothServers::begin(const QStringList &statements)
{
    for (const QString &binaries : {PostgresServer::newest(), PostgresServer::eighteen()}) {
        m_worlds.push_back(std::make_unique<World>(binaries));
        if (const QString failure = beginWorld(*m_worlds.back(), statements); !failure.isEmpty())
            return failure;
    }
    return m_worlds.back()->version >= 180000
               ? QString()
               : QStringLiteral("what should be PostgreSQL 18 is %1").arg(m_worlds.back()->version);
}

} // namespace pilothouse
