#include "connectors/postgres/postgresworld.h"

namespace pilothouse {

bool PostgresWorld::start()
{
    return m_server.start();
}

bool PostgresWorld::mustHaveServer()
{
    return qEnvironmentVariableIsSet("CI");
}

QString PostgresWorld::makeDatabase(int conversations)
{
    const QString name = m_server.createDatabase(QStringLiteral("context"));
    const QStringList statements{
        QStringLiteral("CREATE TABLE users (id uuid PRIMARY KEY, organization_id uuid NOT NULL)"),
        QStringLiteral("INSERT INTO users SELECT md5('user' || n)::uuid, md5('org' || n % 7)::uuid "
                       "FROM generate_series(1, 100) n"),
        QStringLiteral(
            "CREATE TABLE conversations (id bigserial PRIMARY KEY, user_id uuid NOT NULL "
            "REFERENCES users, title text NOT NULL)"),
        QStringLiteral("INSERT INTO conversations (user_id, title) SELECT md5('user' || 1 + n % "
                       "100)::uuid, 'title ' || n FROM generate_series(1, %1) n")
            .arg(conversations),
        QStringLiteral("ANALYZE conversations"),
    };
    for (const QString &statement : statements) {
        const QString answer = m_server.sql(name, statement);
        if (!answer.isEmpty()) {
            qWarning("%s", qPrintable(answer));
            return {};
        }
    }
    return name;
}

PostgresSettings PostgresWorld::settings(const QString &database) const
{
    return {{}, QStringLiteral("127.0.0.1"), m_server.port(), database, PostgresServer::user()};
}

Change PostgresWorld::change()
{
    Change change;
    change.name = ChangeName(QStringLiteral("conversations-organization-id"));
    change.owner = QStringLiteral("platform-team");
    change.table = {QStringLiteral("public"), QStringLiteral("conversations")};
    change.column = QStringLiteral("organization_id");
    change.type = QStringLiteral("uuid");
    change.derive.from = {QStringLiteral("public"), QStringLiteral("users")};
    change.derive.join = {{QStringLiteral("id"), QStringLiteral("user_id")}};
    change.derive.value = QStringLiteral("organization_id");
    change.databases = {QStringLiteral("context")};
    change.soak = std::chrono::seconds(0);
    change.contractDue = QDate(2026, 12, 15);
    change.index = QStringLiteral("idx_conversations_org");
    change.path = QStringLiteral("migrations/changes/conversations-organization-id.yaml");
    return change;
}

} // namespace pilothouse
