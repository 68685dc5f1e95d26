#include "app/sandbox/parts/servers/postgrestemplate.h"

#include "app/sandbox/parts/servers/changesql.h"
#include "app/sandbox/parts/servers/pgsession.h"
#include "app/sandbox/parts/servers/serverprocess.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QTimer>

#include <csignal>
#include <utility>

namespace pilothouse::sandbox {

struct PostgresTemplate::Private
{
    /// A text and where it is run; in order.
    struct Work
    {
        QByteArray database;
        QByteArray user;
        QByteArray sql;
    };

    PostgresTemplate *q = nullptr;
    ServerPrograms programs;
    quint16 port = 0;
    QString target;
    QString half; ///< the folder in the making
    std::unique_ptr<ServerProcess> server;
    PgSession session;
    bool over = false; ///< made or failed was told
    QList<Work> work;
    qsizetype next = 0;

    [[nodiscard]] QByteArray key() const
    {
        const QFileInfo postgres(QDir(programs.folder).filePath(QStringLiteral("postgres")));
        QCryptographicHash hash(QCryptographicHash::Sha256);
        hash.addData(postgres.canonicalFilePath().toUtf8());
        hash.addData(QByteArray::number(postgres.size()));
        hash.addData(QByteArray::number(postgres.lastModified().toMSecsSinceEpoch()));
        for (const QByteArray &sql : {rolesSql(), tablesSql(), expandSql()})
            hash.addData(sql);
        return hash.result().toHex().left(16);
    }

    void giveUp(const Error &error)
    {
        if (std::exchange(over, true))
            return;
        session.close();
        if (server) {
            server->end(SIGQUIT, std::chrono::seconds(2));
            server.release()->deleteLater(); // it may be the one that tells of the failure
        }
        QDir(half).removeRecursively();
        Q_EMIT q->failed(error);
    }

    void initialise()
    {
        const QStringList arguments{QStringLiteral("-D"),
                                    half + QStringLiteral("/data"),
                                    QStringLiteral("-U"),
                                    QStringLiteral("postgres"),
                                    QStringLiteral("-A"),
                                    QStringLiteral("trust"),
                                    QStringLiteral("-E"),
                                    QStringLiteral("UTF8"),
                                    QStringLiteral("--locale=C"),
                                    QStringLiteral("--no-sync"),
                                    QStringLiteral("--wal-segsize=4")};
        ProcessRunner()
            .run(serverCommand(programs, QStringLiteral("initdb"), arguments,
                               QStringLiteral("KILL")))
            .then(q, [this](const Result<CommandOutput> &output) {
                const auto done = succeeded(
                    output, PostgresTemplate::tr("PostgreSQL's initdb failed: see the detail."));
                if (!done)
                    giveUp(done.error());
                else
                    serve();
            });
    }

    void serve()
    {
        server = std::make_unique<ServerProcess>(QStringLiteral("PostgreSQL"),
                                                 half + QStringLiteral("/log"));
        connect(server.get(), &ServerProcess::lost, q,
                [this](const Error &error) { giveUp(error); });
        QStringList arguments = serverArguments(half + QStringLiteral("/data"), port);
        // Minimal: a table that is filled by the transaction that made it needs no WAL.
        for (const char *setting : {"wal_level=minimal", "max_wal_senders=0", "autovacuum=off",
                                    "maintenance_work_mem=128MB"})
            arguments << QStringLiteral("-c") << QString::fromLatin1(setting);
        server->start(
            serverCommand(programs, QStringLiteral("postgres"), arguments, QStringLiteral("QUIT")));
        work = {
            {"postgres", "postgres", rolesSql()},
            {"postgres", "postgres", "CREATE DATABASE production OWNER migrator"},
            {"production", "migrator", tablesSql()},
            {"production", "migrator", "VACUUM (FREEZE, ANALYZE) conversations, users"},
            {"postgres", "postgres", "CREATE DATABASE staging OWNER migrator TEMPLATE production"},
            {"staging", "migrator", expandSql()},
            {"postgres", "postgres", "CHECKPOINT"}};
        open();
    }

    void open()
    {
        session.open({port, work[next].database, work[next].user, "pilothouse-sandbox"});
    }

    void doNext()
    {
        session.ask(work[next].sql, [this](const Result<PgSession::Rows> &rows) {
            if (!rows) {
                giveUp(rows.error());
                return;
            }
            const Work done = work[next++];
            if (next == work.size()) {
                session.close();
                end();
            } else if (work[next].database == done.database && work[next].user == done.user) {
                doNext();
            } else {
                open();
            }
        });
    }

    void end()
    {
        connect(server.get(), &ServerProcess::ended, q, [this] {
            server.release()->deleteLater();
            // Somebody else may have been quicker; theirs is as good.
            if (!QDir().rename(half, target))
                QDir(half).removeRecursively();
            over = true;
            Q_EMIT q->made(target + QStringLiteral("/data"));
        });
        server->signal(SIGINT);
    }
};

PostgresTemplate::PostgresTemplate(ServerPrograms programs, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->programs = std::move(programs);
    d->port = freePort();
    connect(&d->session, &PgSession::opened, this, [this] { d->doNext(); });
    connect(&d->session, &PgSession::lost, this, [this] {
        // The server is not up yet, or it ended, which its process tells.
        QTimer::singleShot(30, this, [this] {
            if (d->server && d->server->isRunning())
                d->open();
        });
    });
}

PostgresTemplate::~PostgresTemplate()
{
    if (!d->server)
        return;
    d->session.close();
    d->server->end(SIGQUIT, std::chrono::seconds(2));
    QDir(d->half).removeRecursively();
}

void PostgresTemplate::start()
{
    const auto cache = serverCache();
    if (!cache) {
        Q_EMIT failed(cache.error());
        return;
    }
    d->target = *cache + QStringLiteral("/postgres-") + QString::fromLatin1(d->key());
    if (QFileInfo::exists(d->target)) {
        Q_EMIT made(d->target + QStringLiteral("/data"));
        return;
    }
    d->half = d->target + QStringLiteral(".%1.tmp").arg(QCoreApplication::applicationPid());
    QDir(d->half).removeRecursively();
    if (!QDir().mkdir(d->half)) {
        Q_EMIT failed(
            {ErrorKind::Unavailable,
             tr("The folder %1 cannot be made: choose a place that you may write to.").arg(d->half),
             {},
             {}});
        return;
    }
    if (auto given = giveToServers(d->half); !given) {
        Q_EMIT failed(given.error());
        return;
    }
    QTimer::singleShot(std::chrono::seconds(60), this, [this] {
        d->giveUp({ErrorKind::TimedOut,
                   tr("PostgreSQL was not filled within 60 s: see the detail."),
                   d->server ? d->server->lastWords() : QString(),
                   {}});
    });
    d->initialise();
}

QStringList PostgresTemplate::serverArguments(const QString &data, quint16 port)
{
    QStringList arguments{QStringLiteral("-D"), data, QStringLiteral("-p"), QString::number(port)};
    for (const char *setting :
         {"listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off",
          "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB",
          "max_connections=60", "max_wal_size=256MB", "min_wal_size=16MB", "log_timezone=UTC",
          "timezone=UTC", "logging_collector=off", "jit=off"})
        arguments << QStringLiteral("-c") << QString::fromLatin1(setting);
    return arguments;
}

} // namespace pilothouse::sandbox
