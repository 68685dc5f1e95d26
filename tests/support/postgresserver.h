#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// A PostgreSQL of its own for one test program: a fresh cluster under the system's temporary
/// folder, TCP on 127.0.0.1 only, trust authentication, fsync off. As root it runs as user nobody.
/// Stops and leaves nothing when destroyed.
class PostgresServer
{
public:
    /// Of the server that newest() finds, or of another's folder of programs.
    explicit PostgresServer(QString binaries = newest());
    ~PostgresServer();
    Q_DISABLE_COPY_MOVE(PostgresServer)

    /// Debian's, looked for under $PILOTHOUSE_PARTS, then where its packages put them.
    [[nodiscard]] static QString newest();
    /// PostgreSQL 18, which no Debian has: among the parts alone; empty = it is not there.
    [[nodiscard]] static QString eighteen();

    /// false: why() says what was missing or failed. `more` are settings beside our own, as
    /// "name=value".
    [[nodiscard]] bool start(const QStringList &more = {});
    [[nodiscard]] QString why() const { return m_why; }
    [[nodiscard]] int port() const { return m_port; }
    [[nodiscard]] static QString user() { return QStringLiteral("postgres"); }

    /// A new empty database, named after `stem`; empty = failed, see why().
    [[nodiscard]] QString createDatabase(const QString &stem);

    /// Runs SQL in a database over a connection of its own; the rows as "a|b" lines. On a failure
    /// "ERROR: …", so that a comparison shows it.
    [[nodiscard]] QString sql(const QString &database, const QString &statement);

private:
    [[nodiscard]] bool makeCluster(const QString &data);
    void configure(QProcess &process, const QString &program, const QStringList &arguments) const;

    QString m_binaries;
    QString m_why;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QProcess> m_process;
    int m_port = 0;
    int m_databases = 0;
};

/// Somebody else's session: stays open, keeps its transaction, has its own application_name.
class PostgresClient
{
public:
    PostgresClient(const PostgresServer &server, const QString &database, const QString &app);
    ~PostgresClient();
    Q_DISABLE_COPY_MOVE(PostgresClient)

    /// As PostgresServer::sql().
    QString sql(const QString &statement);

private:
    QString m_name;
};

} // namespace pilothouse
