#include "app/sandbox/parts/workload.h"

#include "app/sandbox/parts/servers/pgsession.h"

#include <QTimer>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

namespace pilothouse::sandbox {

namespace {

constexpr std::chrono::milliseconds lookEvery{150};
constexpr std::chrono::milliseconds reconnectAfter{500};
constexpr int mostOwed = 5; ///< inserts that a writer makes up for after it had to wait

/// What the catalog says; touches no table of the application, so it never stands in the way.
constexpr const char *catalogQuery = R"(
SELECT EXISTS (SELECT 1 FROM pg_locks l
                WHERE NOT l.granted AND l.mode = 'AccessExclusiveLock'
                  AND l.relation = to_regclass('public.conversations')
                  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())),
       EXISTS (SELECT 1 FROM pg_attribute a
                WHERE a.attrelid = to_regclass('public.conversations')
                  AND a.attname = 'organization_id' AND NOT a.attisdropped),
       EXISTS (SELECT 1 FROM pg_trigger t
                WHERE t.tgrelid = to_regclass('public.conversations') AND NOT t.tgisinternal
                  AND t.tgenabled IN ('O', 'A')),
       EXISTS (SELECT 1 FROM pg_attribute a
                WHERE a.attrelid = to_regclass('public.conversations')
                  AND a.attname = 'organization_id' AND a.attnotnull)
)";

/// Whether the first of the old rows is filled, and whether any row is not. A row-wise walk along
/// the key finds the first empty one quickly while there are many.
constexpr const char *fillQuery = R"(
SELECT (SELECT organization_id IS NOT NULL FROM conversations ORDER BY id LIMIT 1),
       EXISTS (SELECT 1 FROM conversations WHERE organization_id IS NULL)
)";

QByteArray insertOf(const Writer &writer, bool columnThere, qint64 serial)
{
    // 37 is prime to 2,000: every user has a turn.
    const QByteArray user = QByteArray::number(1 + serial * 37 % 2000);
    const QByteArray title = "'Imported " + QByteArray::number(serial) + "'";
    if (writer.writesOrganization && columnThere)
        return "INSERT INTO conversations (user_id, title, organization_id) SELECT id, " + title
               + ", organization_id FROM users WHERE id = " + user;
    return "INSERT INTO conversations (user_id, title) VALUES (" + user + ", " + title + ")";
}

} // namespace

/// One writer's session and its pace.
class WriterSession : public QObject
{
public:
    WriterSession(Workload *workload, quint16 port, const bool *columnThere)
        : m_workload(workload), m_port(port), m_columnThere(columnThere)
    {
        connect(&m_pace, &QTimer::timeout, this, [this] {
            m_owed = std::min(m_owed + 1, mostOwed);
            insert();
        });
        connect(&m_session, &PgSession::opened, this, [this] { insert(); });
        connect(&m_session, &PgSession::lost, this, [this] {
            m_asked = false;
            QTimer::singleShot(reconnectAfter, this, [this] { open(); });
        });
    }

    void write(const Writer &writer)
    {
        const bool newSession = writer.application != m_writer.application;
        m_writer = writer;
        if (writer.perSecond > 0)
            m_pace.start(std::max(1, int(std::lround(1000 / writer.perSecond))));
        else
            m_pace.stop();
        if (newSession)
            open();
    }

    [[nodiscard]] qint64 inserted() const { return m_inserted; }

private:
    void open()
    {
        m_session.open({m_port, "production", "context_app", m_writer.application.toUtf8()});
    }

    void insert()
    {
        if (m_asked || m_owed == 0 || !m_session.isOpen())
            return;
        m_asked = true;
        --m_owed;
        m_session.ask(insertOf(m_writer, *m_columnThere, ++m_serial),
                      [this](const Result<PgSession::Rows> &rows) {
                          m_asked = false;
                          if (rows)
                              ++m_inserted;
                          else
                              Q_EMIT m_workload->writeRefused(m_writer.application,
                                                              rows.error().message);
                          insert();
                      });
    }

    Workload *m_workload;
    quint16 m_port;
    const bool *m_columnThere;
    Writer m_writer;
    PgSession m_session;
    QTimer m_pace;
    int m_owed = 0;
    bool m_asked = false;
    qint64 m_serial = 0;
    qint64 m_inserted = 0;
};

struct Workload::Private
{
    Workload *q = nullptr;
    Settings settings;
    bool started = false;
    bool columnThere = false;
    bool triggerThere = false;
    QList<Writer> writers;
    std::vector<std::pair<QString, std::unique_ptr<WriterSession>>> sessions;
    PgSession watcher;
    PgSession report;
    QTimer look;
    bool reportOver = false;
    bool lockAsked = false;
    bool expanded = false;
    bool backfillBegun = false;
    bool backfillEnded = false;
    bool contracted = false;

    void openWatcher()
    {
        watcher.open({settings.port, "production", "migrator", "pilothouse-sandbox"});
    }

    void beginReport()
    {
        report.ask("BEGIN; SELECT user_id, count(*) FROM conversations WHERE created_at > "
                   "now() - interval '1 day' GROUP BY user_id");
    }

    void endReport()
    {
        if (std::exchange(reportOver, true))
            return;
        report.close();
        Q_EMIT q->reportEnded();
    }

    void lookAround()
    {
        // One look at a time: a slow answer must not pile up questions.
        if (!watcher.isIdle())
            return;
        watcher.ask(catalogQuery, [this](const Result<PgSession::Rows> &rows) {
            if (rows && rows->size() == 1)
                noteCatalog(rows->first());
        });
    }

    void noteCatalog(const QByteArrayList &row)
    {
        columnThere = row[1] == "t";
        triggerThere = row[2] == "t";
        if (row[0] == "t" && !std::exchange(lockAsked, true)) {
            QTimer::singleShot(int(std::lround(6000 / settings.speed)), q, [this] { endReport(); });
            Q_EMIT q->lockAsked();
        }
        if (columnThere && triggerThere && !std::exchange(expanded, true))
            Q_EMIT q->expanded();
        const bool contractedNow = row[3] == "t";
        if (columnThere && !backfillEnded && (triggerThere || contractedNow))
            watcher.ask(fillQuery, [this](const Result<PgSession::Rows> &rows) {
                if (rows && rows->size() == 1)
                    noteFill(rows->first());
            });
        if (contractedNow && !std::exchange(contracted, true))
            Q_EMIT q->contracted();
    }

    void noteFill(const QByteArrayList &row)
    {
        if (row[0] == "t" && !std::exchange(backfillBegun, true))
            Q_EMIT q->backfillBegun();
        if (row[1] == "f" && !std::exchange(backfillEnded, true))
            Q_EMIT q->backfillEnded();
    }

    void placeWriters()
    {
        if (!started)
            return;
        std::erase_if(sessions, [this](const auto &entry) {
            return std::none_of(writers.begin(), writers.end(), [&](const Writer &writer) {
                return writer.application == entry.first;
            });
        });
        for (const Writer &writer : std::as_const(writers)) {
            auto it = std::find_if(sessions.begin(), sessions.end(), [&](const auto &entry) {
                return entry.first == writer.application;
            });
            if (it == sessions.end()) {
                sessions.emplace_back(writer.application, std::make_unique<WriterSession>(
                                                              q, settings.port, &columnThere));
                it = std::prev(sessions.end());
            }
            it->second->write(writer);
        }
    }
};

Workload::Workload(Settings settings, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>())
{
    d->q = this;
    d->settings = settings;
    d->look.setInterval(lookEvery);
    connect(&d->look, &QTimer::timeout, this, [this] { d->lookAround(); });
    connect(&d->watcher, &PgSession::opened, this, [this] { d->lookAround(); });
    connect(&d->watcher, &PgSession::lost, this,
            [this] { QTimer::singleShot(reconnectAfter, this, [this] { d->openWatcher(); }); });
    connect(&d->report, &PgSession::opened, this, [this] { d->beginReport(); });
    connect(&d->report, &PgSession::lost, this, [this] { d->endReport(); });
}

Workload::~Workload() = default;

void Workload::start()
{
    if (std::exchange(d->started, true))
        return;
    d->openWatcher();
    d->look.start();
    if (d->settings.reportNightly)
        d->report.open({d->settings.port, "production", "report", "report-nightly"});
    d->placeWriters();
}

void Workload::setWriters(const QList<Writer> &writers)
{
    d->writers = writers;
    d->placeWriters();
}

qint64 Workload::inserted(const QString &application) const
{
    for (const auto &[name, session] : d->sessions)
        if (name == application)
            return session->inserted();
    return 0;
}

} // namespace pilothouse::sandbox
