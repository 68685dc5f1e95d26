#pragma once

#include "base/result.h"
#include "connectors/postgres/postgressettings.h"
#include "migration/change.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QStringList>

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>

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

    enum class Wait {
        Patience,  ///< a server that says nothing is given up
        AnyLength, ///< the server may need hours; only cutAsSilent() gives it up
    };
    /// One statement, no placeholders; names and texts are quoted by sqlName() and sqlText().
    [[nodiscard]] tl::expected<QSqlQuery, StatementError> exec(const QString &sql,
                                                               Wait wait = Wait::Patience);
    /// The same where the code does not matter.
    [[nodiscard]] Result<QSqlQuery> query(const QString &sql);
    [[nodiscard]] Result<void> setApplicationName(const QString &name);

    /// Many statements as one text, of any length; the first that fails ends it, and undoes all.
    [[nodiscard]] Result<void> script(const QByteArray &sql);

    /// What the server says beside its answers ("DEBUG:  rewriting table …") is added to `into`
    /// from now on, while the connection is open; nullptr = it goes nowhere.
    void tellNotices(QStringList *into);

    /// Which runner locks this very session has: its end, however it comes, is theirs, and the next
    /// session starts with none.
    void hold(const ChangeName &change) { m_held.insert(change); }
    void letGo(const ChangeName &change) { m_held.erase(change); }
    [[nodiscard]] bool holds(const ChangeName &change) const { return m_held.contains(change); }
    /// Unavailable where it does not hold that one: what only its holder may do was not sent.
    [[nodiscard]] Result<void> mustHold(const ChangeName &change) const;

    [[nodiscard]] QString place() const { return m_settings.place(); }
    /// Process id of the server's backend, 0 while not connected. Any thread.
    [[nodiscard]] int pid() const { return m_pid; }
    /// Cuts the socket, so that a blocked call returns; the server's statement goes on. Any thread.
    void cut();
    /// Cuts it if a statement has had no answer for longer than the patience: the statement fails
    /// as TimedOut, the connection is lost. Any thread.
    void cutIfSilent();
    /// Which statement of any length is under way; 0 = none. Any thread.
    [[nodiscard]] int longStatement() const { return m_long; }
    /// The same end for that statement, if it is still under way. Any thread.
    void cutAsSilent(int statement);

    /// Set by cut(): long waits inside a job look at it.
    [[nodiscard]] bool isCut() const { return m_cut; }
    /// cancelOwn() was asked during the statement under way; take it with exchange(). Any thread.
    std::atomic<bool> cancelAsked = false;

private:
    void close();
    [[nodiscard]] Result<void> setUp();
    void shutDown();

    PostgresSettings m_settings;
    QString m_role;
    QString m_name;
    std::atomic<int> m_pid = 0;
    std::mutex m_socketLock; ///< a number that is closed may be another socket's at once
    int m_socket = -1;
    std::atomic<bool> m_cut = false;
    using Steady = std::chrono::steady_clock;
    std::atomic<Steady::time_point> m_givenUpAt = Steady::time_point::max();
    std::atomic<bool> m_silent = false; ///< it was cut for its silence
    int m_statements = 0;
    std::set<ChangeName> m_held;
    std::atomic<int> m_long = 0;
};

} // namespace pilothouse
