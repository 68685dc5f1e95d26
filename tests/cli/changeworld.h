#pragma once

#include "connectors/git/scriptedrepository.h"
#include "migration/recipe/stepsql.h"
#include "migration/samplechange.h"
#include "ownhome.h"
#include "support/postgresserver.h"

#include <QTest>

#include <memory>

namespace pilothouse {

inline QDate today()
{
    return QDateTime::currentDateTimeUtc().date();
}

/// A workspace with one database, "context", and a repository with the sample change in it, or not.
class ChangeWorld
{
public:
    /// The server outlives it.
    explicit ChangeWorld(PostgresServer &server)
        : database(server.createDatabase(QStringLiteral("change"))), m_server(server)
    {
        writeWorkspace(server.port());
        run({QStringLiteral("CREATE TABLE users (id bigint PRIMARY KEY, organization_id uuid)"),
             QStringLiteral("CREATE TABLE conversations (id bigint PRIMARY KEY, user_id bigint)")});
    }

    OwnHome home;
    ScriptedRepository repository{home.path("clone")};
    QString database;

    /// `more` are further keys of the database, each with a comma behind it.
    void writeWorkspace(int port, const QByteArray &more = {}) const
    {
        home.write("pilothouse.yaml",
                   "pilothouse: 1\nname: it\nrepository: {path: clone}\ndatabases:\n"
                   "  context: {"
                       + more + "host: 127.0.0.1, port: " + QByteArray::number(port) + ", dbname: "
                       + database.toUtf8() + ", user: postgres, changes: migrations/changes}\n");
    }
    void commit(const QMap<QByteArray, QByteArray> &files)
    {
        repository.setReference("refs/heads/main", repository.commit({.files = files}));
    }
    /// The sample change's file, due so many days from today.
    void commitChange(int days = 15)
    {
        const QByteArray due = today().addDays(days).toString(Qt::ISODate).toUtf8();
        commit({{"migrations/changes/conversations-organization-id.yaml",
                 sampleChangeFile().replace("2026-12-15", due)}});
    }
    [[nodiscard]] static Change changeDue(int days)
    {
        Change change = sampleChange();
        change.contractDue = today().addDays(days);
        return change;
    }
    void run(const QStringList &statements)
    {
        for (const QString &statement : statements)
            QCOMPARE(m_server.sql(database, statement), QString());
    }
    [[nodiscard]] QString ask(const QString &statement)
    {
        return m_server.sql(database, statement);
    }
    /// EXPAND, as a console does it.
    void expand(const Change &change)
    {
        run(stepsql::recordSchema());
        run({stepsql::addColumn(change), stepsql::markColumn(change),
             stepsql::registerChange(change)});
        run(stepsql::createSync(change));
    }

private:
    PostgresServer &m_server;
};

} // namespace pilothouse
