#pragma once

#include "base/result.h"

#include <QList>
#include <QObject>
#include <QString>

#include <memory>

namespace pilothouse::sandbox {

/// A program that inserts conversations into the production database.
struct Writer
{
    QString application;  ///< application_name, "context-worker/4be81c0" (the real short SHA)
    double perSecond = 3; ///< does not change with speed
    /// Whether this code fills organization_id. It only can once the column is there; before that
    /// it writes without, as its rollout should have waited for EXPAND.
    bool writesOrganization = false;

    bool operator==(const Writer &) const = default;
};

/// The sessions of the rehearsal's programs on `production`: the writers, report-nightly (idle in a
/// transaction that holds ACCESS SHARE on conversations) and one watcher that looks at the catalog
/// and pg_locks a few times a second. Asynchronous libpq in the thread it lives in: never blocks.
/// A lost or ended session is made again after 0.5 s, report-nightly excepted: it is over then.
///
/// PostgreSQL does not cancel a session that is idle in a transaction (pg_cancel_backend answers
/// true and nothing happens): report-nightly is got rid of by pg_terminate_backend.
class Workload : public QObject
{
    Q_OBJECT

public:
    struct Settings
    {
        quint16 port = 0;
        double speed = 1;
        bool reportNightly = true; ///< the blocker of E1 is there
    };

    explicit Workload(Settings settings, QObject *parent = nullptr);
    ~Workload() override;

    /// Call when the server is ready.
    void start();
    /// Who writes from now on; keyed by application: unchanged ones keep their session, ones no
    /// longer named are closed.
    void setWriters(const QList<Writer> &writers);
    /// Rows inserted by an application since the start.
    [[nodiscard]] qint64 inserted(const QString &application) const;

Q_SIGNALS:
    /// Each once, in the order they come true on production:
    void lockAsked();     ///< somebody waits for ACCESS EXCLUSIVE on conversations
    void reportEnded();   ///< 6 s / speed after that, or because somebody ended the session
    void expanded();      ///< organization_id and an enabled trigger are there
    void backfillBegun(); ///< the first of the old rows is filled
    void backfillEnded(); ///< no row has NULL any more
    void contracted();    ///< organization_id is NOT NULL
    /// A statement of a writer was refused (an old writer after C5 does this for ever).
    void writeRefused(const QString &application, const QString &message);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse::sandbox
