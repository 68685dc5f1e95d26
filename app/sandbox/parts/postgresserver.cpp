#include "app/sandbox/parts/postgresserver.h"

#include "app/sandbox/parts/servers/changesql.h"
#include "app/sandbox/parts/servers/pgsession.h"
#include "app/sandbox/parts/servers/postgrestemplate.h"
#include "app/sandbox/parts/servers/serverplace.h"
#include "app/sandbox/parts/servers/serverprocess.h"

#include <QDir>
#include <QFileInfo>
#include <QTimer>

#include <csignal>
#include <utility>

namespace pilothouse::sandbox {

namespace {

/// The newest version below `root` that has what a run needs.
QString newestBelow(const QString &root)
{
    const QDir versions(root + QStringLiteral("/usr/lib/postgresql"));
    QString best;
    double bestVersion = 0;
    for (const QString &version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString folder = versions.filePath(version + QStringLiteral("/bin"));
        const bool usable = QFileInfo(folder + QStringLiteral("/postgres")).isExecutable()
                            && QFileInfo(folder + QStringLiteral("/initdb")).isExecutable();
        if (usable && version.toDouble() > bestVersion) {
            best = folder;
            bestVersion = version.toDouble();
        }
    }
    return best;
}

ServerPrograms programsIn(const QString &folder)
{
    ServerPrograms programs;
    // The parts may hold nothing but a link to the machine's own: those know their place better.
    programs.folder = QFileInfo(folder).canonicalFilePath();
    const QString parts = QFileInfo(qEnvironmentVariable("PILOTHOUSE_PARTS")).canonicalFilePath();
    if (parts.isEmpty() || !programs.folder.startsWith(parts + QLatin1Char('/')))
        return programs;
    programs.root = parts;
    const QString version = QFileInfo(QFileInfo(programs.folder).path()).fileName();
    programs.needed << QStringLiteral("usr/lib/postgresql/") + version
                    << QStringLiteral("usr/share/postgresql/") + version;
    const QDir libraries(parts + QStringLiteral("/usr/lib"));
    for (const QString &name : libraries.entryList({QStringLiteral("*-linux-gnu*")}, QDir::Dirs))
        programs.needed << QStringLiteral("usr/lib/") + name;
    return programs;
}

} // namespace

struct PostgresServer::Private
{
    PostgresServer *q = nullptr;
    Settings settings;
    ServerPrograms programs;
    QString folder; ///< of this run: data and log
    std::unique_ptr<PostgresTemplate> filled;
    std::unique_ptr<ServerProcess> server;
    PgSession session;
    QList<std::pair<QByteArray, QByteArray>> work; ///< database, SQL
    bool isReady = false;

    void giveUp(const Error &error)
    {
        session.close();
        Q_EMIT q->failed(error);
    }

    void fill()
    {
        filled = std::make_unique<PostgresTemplate>(programs);
        connect(filled.get(), &PostgresTemplate::failed, q,
                [this](const Error &error) { giveUp(error); });
        connect(filled.get(), &PostgresTemplate::made, q,
                [this](const QString &data) { copy(data); });
        filled->start();
    }

    void copy(const QString &data)
    {
        const auto made = makeServerFolder(settings.dir, QStringLiteral("postgres"));
        if (!made) {
            giveUp(made.error());
            return;
        }
        folder = *made;
        copyFolder(data, folder + QStringLiteral("/data"))
            .then(q, [this](const Result<CommandOutput> &output) {
                const auto copied = succeeded(
                    output, PostgresServer::tr("The filled database could not be copied "
                                               "to %1: make room there.")
                                .arg(folder));
                if (!copied)
                    giveUp(copied.error());
                else
                    serve();
            });
    }

    void serve()
    {
        server = std::make_unique<ServerProcess>(QStringLiteral("PostgreSQL"),
                                                 folder + QStringLiteral("/log"));
        connect(server.get(), &ServerProcess::lost, q,
                [this](const Error &error) { giveUp(error); });
        server->start(serverCommand(
            programs, QStringLiteral("postgres"),
            PostgresTemplate::serverArguments(folder + QStringLiteral("/data"), settings.port),
            QStringLiteral("INT")));
        work = {{"staging", ageRecordSql(24 * 60)}};
        const auto add = [this](const QByteArray &sql) {
            work.append({"production", sql});
        };
        if (settings.stage >= ChangeStage::Expanded)
            add(expandSql());
        if (settings.stage >= ChangeStage::Backfilled) {
            add(backfillSql());
            for (const QByteArray &sql : indexSql())
                add(sql);
        }
        if (settings.stage >= ChangeStage::Contracted)
            add(contractSql());
        if (settings.stage >= ChangeStage::Expanded)
            add(ageRecordSql(10));
        open();
    }

    void open()
    {
        session.open({settings.port, work.first().first, "migrator", "pilothouse-sandbox"});
    }

    void doNext()
    {
        session.ask(work.first().second, [this](const Result<PgSession::Rows> &rows) {
            if (!rows) {
                giveUp(rows.error());
                return;
            }
            const QByteArray database = work.takeFirst().first;
            if (work.isEmpty()) {
                session.close();
                isReady = true;
                Q_EMIT q->ready();
            } else if (work.first().first == database) {
                doNext();
            } else {
                open();
            }
        });
    }
};

PostgresServer::PostgresServer(Settings settings, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->settings = std::move(settings);
    connect(&d->session, &PgSession::opened, this, [this] { d->doNext(); });
    connect(&d->session, &PgSession::lost, this, [this] {
        // The server is not up yet, or it ended, which its process tells.
        QTimer::singleShot(20, this, [this] {
            if (!d->isReady && d->server && d->server->isRunning())
                d->open();
        });
    });
}

PostgresServer::~PostgresServer()
{
    d->session.close();
    if (d->server)
        d->server->end(SIGINT, std::chrono::seconds(3));
    if (!d->folder.isEmpty())
        QDir(d->folder).removeRecursively();
}

void PostgresServer::start()
{
    const auto folder = binaryFolder();
    if (!folder) {
        Q_EMIT failed(folder.error());
        return;
    }
    withinReach(programsIn(*folder), this)
        .then(this, [this](const Result<ServerPrograms> &programs) {
            if (!programs) {
                d->giveUp(programs.error());
                return;
            }
            d->programs = *programs;
            d->fill();
        });
}

quint16 PostgresServer::port() const
{
    return d->settings.port;
}

QString PostgresServer::connectionString(const QString &database, const QString &user) const
{
    return QStringLiteral("host=127.0.0.1 port=%1 dbname=%2 user=%3 sslmode=disable")
        .arg(d->settings.port)
        .arg(database, user);
}

Result<QString> PostgresServer::binaryFolder()
{
    QString folder;
    const QString parts = qEnvironmentVariable("PILOTHOUSE_PARTS");
    if (!parts.isEmpty())
        folder = newestBelow(parts);
    if (folder.isEmpty())
        folder = newestBelow(QString());
    if (folder.isEmpty())
        return fail(ErrorKind::NotFound,
                    tr("PostgreSQL's server is not here: install postgresql, or set "
                       "PILOTHOUSE_PARTS to the folder of unpacked packages."));
    return folder;
}

} // namespace pilothouse::sandbox
