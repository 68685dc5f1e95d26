#pragma once

#include "connectors/postgres/postgresworld.h"
#include "crash/weather/database/databasefault.h"

#include <QMutex>
#include <QTimer>

#include <optional>

namespace pilothouse {

/// A real PostgreSQL for all passes, with a database and a login for each that goes on at a time.
/// Members of the role "strangers" need a password.
class DatabaseTown final
{
public:
    static constexpr int rows = 400;
    static constexpr int places = 8;

    /// false: why() says what was missing.
    [[nodiscard]] bool start();
    [[nodiscard]] QString why() const { return m_why; }
    [[nodiscard]] PostgresWorld &world() { return m_world; }
    /// As an administrator, in a database of its own.
    QString admin(const QString &statement);

    /// A database that nobody has now. Any thread.
    [[nodiscard]] QString take();
    void giveBack(const QString &database);

private:
    void build();

    PostgresWorld m_world;
    QMutex m_lock;
    QStringList m_free;
    QString m_why;
};

/// The ADR's world before its change, for one pass and in its thread.
class DatabaseScene final
{
public:
    explicit DatabaseScene(DatabaseTown &town);
    ~DatabaseScene();

    /// Past every relay.
    [[nodiscard]] PostgresSettings settings() const;
    /// What the server itself does; what lasts is over after a time.
    void strike(DatabaseFault::Kind kind, int pid);
    [[nodiscard]] bool isWell() const { return !m_ill; }

    // The database's own account, past every connection of a console.
    [[nodiscard]] QString value(const QString &expression);
    [[nodiscard]] bool holds(const QString &condition);

private:
    void endSessions();
    void heal();

    DatabaseTown &m_town;
    QString m_name; ///< of the database
    QString m_login;
    std::optional<DatabaseFault::Kind> m_ill;
    QTimer m_healing;
};

} // namespace pilothouse
