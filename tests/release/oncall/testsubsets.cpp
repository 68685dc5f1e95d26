#include "release/oncall/oncall.h"

#include "migration/samplechange.h"
#include "pipeline/fakeports.h"
#include "pipeline/pipelinecontroller.h"
#include "release/fakedatabase.h"
#include "release/fakerepository.h"
#include "release/oncall/lastknownkeeper.h"
#include "release/releasecontroller.h"
#include "rollout/rolloutbench.h"
#include "support/fakealertmanager.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

enum System { CiHost = 1, Metrics = 2, Cluster = 4, CloudRun = 8, Schema = 16, All = 31 };

const QString folder = QStringLiteral("migrations/changes");
const QString tip = QString(40, QLatin1Char('a'));

struct SystemName
{
    int bit;
    QString name;
};

const QList<SystemName> &systems()
{
    static const QList<SystemName> all{{CiHost, QStringLiteral("GitHub")},
                                       {Metrics, QStringLiteral("Prometheus")},
                                       {Cluster, QStringLiteral("Kubernetes")},
                                       {CloudRun, QStringLiteral("Cloud Run")},
                                       {Schema, QStringLiteral("PostgreSQL")}};
    return all;
}

Error gone(const QString &system)
{
    return {ErrorKind::Unavailable, QStringLiteral("%1 does not answer.").arg(system), {}, {}};
}

/// One way to production with everything below its ports in memory, in flight at 50 %.
struct Way
{
    Way(const QString &track, const QString &system, MetricSource &metrics, ActionRunner &actions,
        Clock &clock)
        : traffic(clock)
    {
        traffic.system = traffic.source = system;
        traffic.world.stable = readyRevision(QStringLiteral("svc"), old, 3);
        traffic.world.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
        traffic.world.asked = Weight{50};
        traffic.world.accepted = Weight{50};
        RolloutSettings own = settings();
        own.track = TrackName(track);
        rollout = std::make_unique<RolloutController>(own, traffic, &metrics, actions, clock);
    }
    void lose()
    {
        traffic.readError = gone(traffic.system);
        Q_EMIT traffic.lost(*traffic.readError);
    }

    FakeTraffic traffic;
    std::unique_ptr<RolloutController> rollout;
};

/// The night's screen over all five systems.
struct Night
{
    explicit Night(const QString &file)
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
        if (which & CiHost)
            runs.failWith(gone(QStringLiteral("GitHub")));
        if (which & Metrics)
            metrics.error = gone(QStringLiteral("Prometheus"));
        if (which & Schema)
            database.lost = gone(QStringLiteral("PostgreSQL"));
        if (which & Cluster)
            standalone.lose();
        if (which & CloudRun)
            coditect.lose();
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

    FakeClock clock;
    FakeMetrics metrics{clock};
    MemoryJournal journal;
    ActionRunner actions{journal, QStringLiteral("A. Muster")};
    FakeRepository repository;
    FakeRuns runs{clock};
    StillDatabase database{clock};
    PipelineController pipeline{repository, &runs, clock, {}};
    MigrationController migrations{{}, repository, actions, clock};
    Way standalone{QStringLiteral("standalone"), QStringLiteral("Kubernetes"), metrics, actions,
                   clock};
    Way coditect{QStringLiteral("coditect"), QStringLiteral("Cloud Run"), metrics, actions, clock};
    ReleaseController release{{}, repository, repository, journal, clock};
    std::unique_ptr<LastKnownKeeper> keeper;
    std::unique_ptr<OnCall> onCall;
};

QStringList namesOf(int which)
{
    QStringList names;
    for (const SystemName &system : systems()) {
        if (which & system.bit)
            names << system.name;
    }
    names.sort();
    return names;
}

void everySubset()
{
    QTest::addColumn<int>("lost");
    for (int which = 0; which <= All; ++which) {
        const QStringList names = namesOf(which);
        QTest::newRow(names.isEmpty() ? "none" : qPrintable(names.join(QStringLiteral(" + "))))
            << which;
    }
}

} // namespace

/// Any of GitHub, Prometheus, Kubernetes, Cloud Run and PostgreSQL may be down.
class TestSubsets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsLostIsNamedAndTheRestCanBeRolledBack_data() { everySubset(); }

    void whatIsLostIsNamedAndTheRestCanBeRolledBack()
    {
        QFETCH(int, lost);
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        night.start();
        QCOMPARE(night.lostNames(), QStringList());
        QVERIFY(night.onCall->view().alertsUnknown.isEmpty());
        night.lose(lost);
        night.settle();
        QCOMPARE(night.lostNames(), namesOf(lost));
        QVERIFY(night.onCall->isKnown());
        for (const LostLine &line : night.onCall->view().lost) {
            QCOMPARE(line.why, QStringLiteral("%1 does not answer.").arg(line.name));
            QVERIFY2(line.since.startsWith(QLatin1String("for ")), qPrintable(line.since));
            QVERIFY(!line.works.isEmpty());
        }
        // A track that was read before it was lost may be tried all the same.
        for (const char *track : {"standalone", "coditect"}) {
            const WayLine line = night.way(QLatin1String(track));
            QVERIFY2(line.offBecause.isEmpty(), qPrintable(line.offBecause));
            QCOMPARE(line.now, QStringLiteral("bbbbbbb 50 % · aaaaaaa 50 %"));
        }
        QCOMPARE(night.way(QStringLiteral("standalone")).old.isEmpty(), !(lost & Cluster));
        QCOMPARE(night.way(QStringLiteral("coditect")).old.isEmpty(), !(lost & CloudRun));
        compareLastKnown(night, lost);
    }

    void aConsoleThatStartsThenKnowsTheSame_data() { everySubset(); }

    void aConsoleThatStartsThenKnowsTheSame()
    {
        QFETCH(int, lost);
        QTemporaryDir dir;
        const QString file = dir.filePath(QStringLiteral("k.json"));
        {
            Night before(file);
            before.start();
        }
        Night night(file);
        night.lose(lost);
        night.start();
        QCOMPARE(night.lostNames(), namesOf(lost));
        for (const LostLine &line : night.onCall->view().lost)
            QVERIFY2(line.since.startsWith(QLatin1String("never answered")),
                     qPrintable(line.since));
        QVERIFY(night.onCall->isKnown());
        const auto check = [&night](const QString &track, int isLost) {
            const WayLine line = night.way(track);
            // What was never read cannot be rolled back from here; what is up can, whatever else is
            // down.
            QCOMPARE(line.offBecause.isEmpty(), isLost == 0);
            QCOMPARE(line.old.startsWith(QLatin1String("never read")), isLost != 0);
        };
        check(QStringLiteral("standalone"), lost & Cluster);
        check(QStringLiteral("coditect"), lost & CloudRun);
        compareLastKnown(night, lost);
    }

    void withoutMetricsNobodyIsCalledWell()
    {
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        night.start();
        night.lose(Metrics);
        night.settle();
        for (const HurtLine &line : night.onCall->view().hurting) {
            QCOMPARE(line.state, HurtLine::State::NoData);
            QVERIFY2(line.old.endsWith(QLatin1String("metrics lost")), qPrintable(line.old));
        }
        QCOMPARE(night.onCall->view().alertsUnknown,
                 QStringLiteral("alerts are not known now: Prometheus is lost"));
    }

    void whatAnAlertmanagerKnowsCountsAndItsLossIsTold()
    {
        QTemporaryDir dir;
        FakeAlertmanager manager;
        manager.known = {Alert{QStringLiteral("DiskFull"), QStringLiteral("firing"), {}, {}, {}}};
        Night night(dir.filePath(QStringLiteral("k.json")));
        night.standalone.rollout->setAlertmanager(manager);
        night.coditect.rollout->setAlertmanager(manager);
        night.lose(Metrics);
        night.start();
        QCOMPARE(night.onCall->view().alerts.size(), 1);
        QCOMPARE(
            night.onCall->view().alertsUnknown,
            QStringLiteral("Prometheus is lost: these are the alerts that Alertmanager knows"));
        night.metrics.error.reset();
        manager.error = gone(QStringLiteral("Alertmanager"));
        night.settle();
        QCOMPARE(night.lostNames(), QStringList{QStringLiteral("Alertmanager")});
        QCOMPARE(night.onCall->view().alertsUnknown,
                 QStringLiteral("Alertmanager is lost: alerts that it alone knows may be missing"));
    }

private:
    static void compareLastKnown(const Night &night, int lost)
    {
        QStringList expected;
        if (lost & Cluster)
            expected << QStringLiteral("standalone: fake Kubernetes weight 0");
        if (lost & CloudRun)
            expected << QStringLiteral("coditect: fake Cloud Run weight 0");
        QStringList told;
        for (const LastKnownLine &line : night.onCall->view().lastKnown) {
            told << QStringLiteral("%1: %2").arg(line.track.value, line.command);
            QCOMPARE(line.now, QStringLiteral("bbbbbbb 50 % · aaaaaaa 50 %"));
        }
        QCOMPARE(told, expected);
    }
};

QTEST_GUILESS_MAIN(TestSubsets)
#include "testsubsets.moc"
