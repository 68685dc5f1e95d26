#pragma once

#include "base/result.h"
#include "connectors/postgres/postgressettings.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <atomic>

namespace pilothouse {

/// A statement that failed, with the server's code for whoever decides by it.
struct StatementError
{
    QString sqlState;
    QString text;
    Error error;
};

/// One connection. Lives in one thread, that of its Session, but for what is marked.
class Connection
{
public:
    Connection(PostgresSettings settings, QString role);
    ~Connection();
    Q_DISABLE_COPY_MOVE(Connection)

    /// Connects if it is not connected; sets up the session (row_security off, UTC, application
    /// name) and refuses a pooler that hands statements to several server sessions.
    [[nodiscard]] Result<void> open();
    [[nodiscard]] bool isOpen() const { return m_pid != 0; }

    /// One statement, no placeholders; names and texts are quoted by sqlName() and sqlText().
    [[nodiscard]] tl::expected<QSqlQuery, StatementError> exec(const QString &sql);
    /// The same where the code does not matter.
    [[nodiscard]] Result<QSqlQuery> query(const QString &sql);
    [[nodiscard]] Result<void> setApplicationName(const QString &name);

    [[nodiscard]] QString place() const { return m_settings.place(); }
    /// Process id of the server's backend, 0 while not connected. Any thread.
    [[nodiscard]] int pid() const { return m_pid; }
    /// Cuts the socket, so that a blocked call returns; the server's statement goes on. Any thread.
    void cut();

    /// Set by cut(): long waits inside a job look at it.
    [[nodiscard]] bool isCut() const { return m_cut; }
    /// cancelOwn() was asked during the statement under way; take it with exchange(). Any thread.
    std::atomic<bool> cancelAsked = false;

private:
    void close();
    [[nodiscard]] Result<void> setUp();

    PostgresSettings m_settings;
    QString m_role;
    QString m_name;
    std::atomic<int> m_pid = 0;
    std::atomic<int> m_socket = -1;
    std::atomic<bool> m_cut = false;
};

} // namespace pilothouse
