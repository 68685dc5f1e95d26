#include "release/oncall/clusterevents.h"
#include "release/oncall/night.h"
#include "support/fakealertmanager.h"

#include <QPromise>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

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

/// A cluster that answers when the test says so.
class SilentCluster final : public ClusterEventSource
{
public:
    SilentCluster() { answer.start(); }
    QFuture<ClusterEvents> between(const ClusterQuestion &) override { return answer.future(); }

    QPromise<ClusterEvents> answer;
};

Record heldBy(const QString &actor, const Clock &clock)
{
    Record intent;
    intent.kind = RecordKind::Intent;
    intent.id = IntentId(QStringLiteral("i1"));
    intent.at = clock.now();
    intent.subject = QStringLiteral("standalone");
    intent.actor = actor;
    intent.body = {{QStringLiteral("verb"), QStringLiteral("hold")}};
    return intent;
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
        // Silence is never taken for quiet.
        const QStringList unknown = night.onCall->view().recentUnknown;
        QVERIFY2(unknown.isEmpty() == (lost == 0), qPrintable(unknown.join(QLatin1Char('\n'))));
    }

    void aCalmNightSaysWhatChangedLately()
    {
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        night.start();
        const auto calm = [&night] {
            return night.onCall->view();
        };
        QVERIFY(!calm().firstBad.isValid());
        QVERIFY2(calm().recentUnknown.isEmpty() && calm().recentReading.isEmpty(),
                 qPrintable(calm().recentUnknown.join(QLatin1Char('\n'))));
        QVERIFY(calm().recent.isEmpty());
        QVERIFY(night.journal.append(heldBy(QStringLiteral("B. Novak"), night.clock)).result());
        night.settle();
        QCOMPARE(calm().recent.size(), 1);
        QVERIFY2(calm().recent[0].what.startsWith(QLatin1String("standalone hold")),
                 qPrintable(calm().recent[0].what));
        night.clock.advance(std::chrono::hours(7));
        night.settle();
        QVERIFY(calm().recent.isEmpty());
    }

    void whileItHurtsWhatWasDoneSinceStandsApart()
    {
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        night.metrics.values[errors] = {0.002, 0.044, true};
        night.start();
        QVERIFY(night.onCall->view().firstBad.isValid());
        SilentCluster cluster;
        night.onCall->setClusterEvents(cluster);
        QVERIFY(night.journal.append(heldBy(QStringLiteral("B. Novak"), night.clock)).result());
        night.settle();
        const OnCallView view = night.onCall->view();
        QCOMPARE(view.recent.size(), 1);
        QCOMPARE(view.recent[0].who, QStringLiteral("B. Novak"));
        QVERIFY(view.earlier.isEmpty());
        // What the clusters do not answer about causes is said there alone.
        QVERIFY(!view.earlierReading.isEmpty());
        QVERIFY(view.recentReading.isEmpty());
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
        // Nothing is waited for that cannot come.
        for (const HurtLine &line : night.onCall->view().hurting)
            QVERIFY(line.state != HurtLine::State::Reading);
        QCOMPARE(night.onCall->view().alertsReading, QString());
    }

    void beforeTheFirstAnswersItIsReadAndNothingIsWrong()
    {
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        SilentCluster cluster;
        night.onCall->setClusterEvents(cluster);
        night.metrics.values[errors] = {0.002, 0.044, true};
        OnCallView view = night.onCall->view();
        for (const HurtLine &line : view.hurting)
            QCOMPARE(line.state, HurtLine::State::Reading);
        QVERIFY2(view.alertsReading.startsWith(QLatin1String("waiting for the first answer of")),
                 qPrintable(view.alertsReading));
        QCOMPARE(view.alertsUnknown, QString());
        night.start();
        view = night.onCall->view();
        for (const HurtLine &line : view.hurting)
            QCOMPARE(line.state, HurtLine::State::Hurting);
        QCOMPARE(view.alertsReading, QString());
        QCOMPARE(view.earlierReading, QStringLiteral("config maps and cron jobs are being read"));
        QCOMPARE(view.earlierUnknown, QStringList());
        cluster.answer.addResult(ClusterEvents{});
        cluster.answer.finish();
        QTRY_COMPARE(night.onCall->view().earlierReading, QString());
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
