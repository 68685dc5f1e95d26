#pragma once

#include "migration/samplechange.h"
#include "pipeline/fakeports.h"
#include "pipeline/pipelinecontroller.h"
#include "release/fakedatabase.h"
#include "release/fakerepository.h"
#include "release/oncall/lastknownkeeper.h"
#include "release/oncall/oncall.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"

#include <QCoreApplication>

namespace pilothouse {

enum System { CiHost = 1, Metrics = 2, Cluster = 4, CloudRun = 8, Schema = 16, All = 31 };

inline const QString folder = QStringLiteral("migrations/changes");
inline const QString tip = QString(40, QLatin1Char('a'));

struct SystemName
{
    int bit;
    QString name;
};

inline const QList<SystemName> &systems()
{
    static const QList<SystemName> all{{CiHost, QStringLiteral("GitHub")},
                                       {Metrics, QStringLiteral("Prometheus")},
                                       {Cluster, QStringLiteral("Kubernetes")},
                                       {CloudRun, QStringLiteral("Cloud Run")},
                                       {Schema, QStringLiteral("PostgreSQL")}};
    return all;
}

inline Error gone(const QString &system)
{
    return {ErrorKind::Unavailable, QStringLiteral("%1 does not answer.").arg(system), {}, {}};
}

/// One way to production with everything below its ports in memory, in flight at 50 %.
struct Way
{
    Way(const QString &track, const QString &system, MetricSource &metrics, ActionRunner &actions,
        Clock &clock, RolloutSettings own)
        : traffic(clock)
    {
        traffic.system = traffic.source = system;
        traffic.world.stable = readyRevision(QStringLiteral("svc"), old, 3);
        traffic.world.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
        traffic.world.asked = Weight{50};
        traffic.world.accepted = Weight{50};
        own.track = TrackName(track);
        rollout = std::make_unique<RolloutController>(own, traffic, &metrics, actions, clock);
    }
    void lose(const Error &why)
    {
        traffic.readError = why;
        Q_EMIT traffic.lost(why);
    }

    FakeTraffic traffic;
    std::unique_ptr<RolloutController> rollout;
};

/// The night's screen over all five systems.
struct Night
{
    explicit Night(const QString &file, const RolloutSettings &ofEach = settings()) : each(ofEach)
    {
        repository.add(
            tip, QStringLiteral("begin"),
            {{folder + QStringLiteral("/conversations-organization-id.yaml"), sampleChangeFile()}});
        metrics.source = QStringLiteral("Prometheus");
        metrics.values[errors] = {0.002, 0.002, true};
        migrations.addDatabase(QStringLiteral("context"), folder, database);
        release.addTrack(*standalone.rollout, {});
        release.addTrack(*coditect.rollout, {});
        release.setMigrations(migrations);
        release.setRuns(runs);
        const QList<RolloutController *> tracks{standalone.rollout.get(), coditect.rollout.get()};
        keeper = std::make_unique<LastKnownKeeper>(file, tracks, release, clock);
        onCall = std::make_unique<OnCall>(release, tracks, migrations, clock);
        onCall->setCiHost(pipeline);
        onCall->setLastKnown(*keeper);
    }

    void start()
    {
        for (Way *way : {&standalone, &coditect})
            way->rollout->start();
        migrations.start();
        migrations.setVisible(true);
        pipeline.show(CommitId(tip));
        release.start();
        onCall->setVisible(true);
        settle();
    }
    /// Lets polls come round and answers arrive.
    void settle()
    {
        for (int i = 0; i < 6; ++i) {
            QCoreApplication::processEvents();
            clock.advance(std::chrono::seconds(3));
        }
        QCoreApplication::processEvents();
    }
    void lose(int which)
    {
        const auto why = [this](const char *system) {
            Error error = gone(QLatin1String(system));
            error.message += advice;
            return error;
        };
        if (which & CiHost)
            runs.failWith(why("GitHub"));
        if (which & Metrics)
            metrics.error = why("Prometheus");
        if (which & Schema)
            database.lost = why("PostgreSQL");
        if (which & Cluster)
            standalone.lose(why("Kubernetes"));
        if (which & CloudRun)
            coditect.lose(why("Cloud Run"));
    }
    [[nodiscard]] WayLine way(const QString &track) const
    {
        for (const WayLine &line : onCall->view().ways) {
            if (line.kind == WayLine::Kind::RollBack && line.name == track)
                return line;
        }
        return {};
    }
    [[nodiscard]] QStringList lostNames() const
    {
        QStringList names;
        for (const LostLine &line : onCall->view().lost)
            names << line.name;
        names.sort();
        return names;
    }

    RolloutSettings each; ///< of the tracks, but for their names
    QString advice;       ///< what each lost source says besides
    FakeClock clock;
    FakeMetrics metrics{clock};
    MemoryJournal journal;
    ActionRunner actions{journal, QStringLiteral("A. Muster")};
    FakeRepository repository;
    FakeRuns runs{clock};
    StillDatabase database{clock};
    PipelineController pipeline{repository, &runs, clock, {}};
    MigrationController migrations{{}, repository, actions, clock};
    Way standalone{
        QStringLiteral("standalone"), QStringLiteral("Kubernetes"), metrics, actions, clock, each};
    Way coditect{
        QStringLiteral("coditect"), QStringLiteral("Cloud Run"), metrics, actions, clock, each};
    ReleaseController release{{}, repository, repository, journal, clock};
    std::unique_ptr<LastKnownKeeper> keeper;
    std::unique_ptr<OnCall> onCall;
};

} // namespace pilothouse
