#include "release/fakerepository.h"
#include "release/leaving.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"

#include <QTest>

using namespace pilothouse;

namespace {

const TrackName standalone(QStringLiteral("standalone"));

LeftTrack inFlightAt(int percent)
{
    LeftTrack track;
    track.track = standalone;
    track.inFlight = true;
    track.weight = Weight{percent};
    return track;
}

} // namespace

/// What closing the window leaves behind, and how the journal words it.
class TestLeaving final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<RolloutBench>();
        m_migrations = std::make_unique<MigrationController>(MigrationSettings(), m_repository,
                                                             m_bench->runner, m_bench->clock);
    }
    void cleanup()
    {
        m_migrations.reset();
        m_bench.reset();
    }

    void aCandidateWithoutTrafficIsNothing() { QVERIFY(leaving().isNothing()); }

    void aCandidateWithTrafficIsLeftBehind()
    {
        m_bench->toWeight(10);
        const Leaving now = leaving();
        QCOMPARE(now.tracks.size(), 1);
        QVERIFY(now.leavesTraffic());
        const LeftTrack &track = now.tracks.first();
        QCOMPARE(track.weight, Weight{10});
        QCOMPARE(track.candidate, CommitId(good));
        QCOMPARE(track.stable, CommitId(old));
        QCOMPARE(track.armedBy, QString());
        QCOMPARE(track.rollBack, QStringLiteral("Roll back to aaaaaaa…"));
        QCOMPARE(track.whyNot, QString());
        QVERIFY(leaving() == now);
    }

    void aGuardBeforeTheFirstWeightIsLeftBehindToo()
    {
        armIt();
        const Leaving now = leaving();
        QCOMPARE(now.tracks.size(), 1);
        QVERIFY(!now.leavesTraffic());
        QCOMPARE(now.tracks.first().armedBy, QStringLiteral("A. Muster"));
    }

    void timeAloneMakesNoOtherPicture()
    {
        m_bench->toWeight(10);
        armIt();
        const Leaving before = leaving();
        for (int i = 0; i < 5; ++i) {
            m_bench->clock.advance(std::chrono::seconds(1));
            QCoreApplication::processEvents();
        }
        QVERIFY(leaving() == before);
    }

    void theNoteSaysWhatStoodWhenItWasClosed_data()
    {
        QTest::addColumn<bool>("inFlight");
        QTest::addColumn<QString>("armedBy");
        QTest::addColumn<QString>("headless");
        QTest::addColumn<QString>("note");
        QTest::newRow("no guard") << true << QString() << QString()
                                  << QStringLiteral("closed with standalone at 10 %, no guard");
        QTest::newRow("the window's guard")
            << true << QStringLiteral("A. Muster") << QString()
            << QStringLiteral("closed with standalone at 10 %, no guard: its guard ended with the "
                              "window");
        QTest::newRow("a headless guard")
            << true << QStringLiteral("A. Muster") << QStringLiteral("guarded by process 7")
            << QStringLiteral("closed with standalone at 10 %, guarded by process 7");
        QTest::newRow("a guard alone")
            << false << QStringLiteral("A. Muster") << QString()
            << QStringLiteral("closed: the guard of standalone ended with the window");
        QTest::newRow("nothing of it") << false << QString() << QString() << QString();
    }
    void theNoteSaysWhatStoodWhenItWasClosed()
    {
        QFETCH(bool, inFlight);
        QFETCH(QString, armedBy);
        QFETCH(QString, headless);
        QFETCH(QString, note);
        LeftTrack track = inFlightAt(10);
        track.inFlight = inFlight;
        track.armedBy = armedBy;
        QHash<TrackName, QString> watched;
        if (!headless.isEmpty())
            watched.insert(standalone, headless);
        QCOMPARE(closingNotes({{track}, {}}, watched).value(standalone), note);
    }

private:
    [[nodiscard]] Leaving leaving() const
    {
        return leavingOf({m_bench->rollout.get()}, *m_migrations);
    }
    void armIt()
    {
        RolloutGuard &guard = m_bench->rollout->guard();
        const auto done = guard.arm(confirmed(guard.previewArm(), {}));
        QTRY_VERIFY(done.isFinished() && guard.isArmed());
    }

    FakeRepository m_repository;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<MigrationController> m_migrations;
};

QTEST_GUILESS_MAIN(TestLeaving)
#include "testleaving.moc"
