#include "app/sandbox/world/story.h"
#include "sandboxworld.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

const QString standalone = QStringLiteral("standalone");
const QString coditect = QStringLiteral("coditect");
const QString old = QStringLiteral("4be81c0");
const QString good = QStringLiteral("9f3c2a1");
const QString bad = QStringLiteral("c41d77e");
const QString you = QStringLiteral("pilothouse");

} // namespace

/// Stands in for the servers: does at once what the story wants.
class Servers : public QObject
{
    Q_OBJECT

public:
    explicit Servers(World &w) : world(w)
    {
        Story &story = world.story();
        connect(&story, &Story::candidateWanted, this,
                [this](const QString &track, const QString &nickname) {
                    TrackTraffic now = world.traffic(track);
                    now.candidate = nickname;
                    now.weight = 0;
                    world.setTraffic(track, now);
                });
        connect(&story, &Story::finishWanted, this, [this](const QString &track) {
            world.setTraffic(track, {world.traffic(track).candidate, {}, 0});
        });
        connect(&story, &Story::weightWanted, this,
                [this](const QString &track, int weight, Story::Attempt attempt) {
                    attempts.append(attempt);
                    if (attempt == Story::Attempt::Fresh)
                        set(track, weight, world.scenario().colleague.name);
                });
        connect(&story, &Story::workerRollWanted, &world, &World::setWorkerRevision);
    }

    void set(const QString &track, int weight, const QString &by)
    {
        world.story().noteAsked(track, weight, by);
        TrackTraffic now = world.traffic(track);
        now.weight = weight;
        if (track == coditect && weight == 100)
            now = {now.candidate, {}, 0};
        world.setTraffic(track, now);
    }

    World &world;
    QList<Story::Attempt> attempts;
};

class StoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGoodReleaseGoesThrough();
    void nothingHappensBeforeTheWindowOpens();
    void theDrillIsPlayedAndScored();
    void withoutADryRunTheColleagueComesTooLate();
    void anEarlyRollbackNeedsNoAlert();
    void nobodyActsAndTheColleagueRollsBack();
    void podsAreStartedAgainWhileNobodyActs();
    void noPodIsStartedAgainAfterARollback();
    void theWrongTrackIsCounted();
    void someoneWhoWaitsIsAskedOnce();
    void theWorkerIsRolledWhenBothWaysBackAreRetired();
    void theEndComesAfterTheContract();
};

void StoryTest::theGoodReleaseGoesThrough()
{
    auto world = makeWorld();
    Servers servers(*world);
    QSignalSpy beats(world.get(), &World::beatStarted);
    QSignalSpy pushed(&world->story(), &Story::releasePushed);
    world->story().begin();
    world->story().noteWindowOpened();
    QCOMPARE(pushed.takeFirst().at(0).toString(), good);
    moveBy(*world, 44);
    QCOMPARE(world->beat(), 2);
    moveBy(*world, 2);
    QCOMPARE(world->beat(), 3);
    moveBy(*world, 27);
    QCOMPARE(world->beat(), 4);
    QCOMPARE(world->traffic(standalone).candidate, good);
    QCOMPARE(world->runs().find(7002)->status(), QStringLiteral("waiting"));
    world->story().noteLockAsked();
    QCOMPARE(world->beat(), 5);
    servers.set(standalone, 10, you);
    QCOMPARE(world->beat(), 6);
    servers.set(standalone, 50, you);
    QCOMPARE(world->beat(), 7);
    servers.set(standalone, 100, you);
    moveBy(*world, 9);
    QCOMPARE(world->traffic(standalone).stable, old);
    moveBy(*world, 2);
    QCOMPARE(world->traffic(standalone).stable, good);
    QCOMPARE(world->beat(), 8);
    QCOMPARE(pushed.takeFirst().at(0).toString(), bad);
    moveBy(*world, 10);
    QCOMPARE(world->traffic(coditect).stable, good);
    QVERIFY(!world->story().said().isEmpty());
    moveBy(*world, 60);
    QCOMPARE(world->traffic(standalone).candidate, bad);
    QList<int> order;
    for (const auto &beat : beats)
        order.append(beat.at(0).toInt());
    QCOMPARE(order, (QList<int>{1, 2, 3, 4, 5, 6, 7, 8}));
}

void StoryTest::nothingHappensBeforeTheWindowOpens()
{
    auto world = makeWorld();
    world->story().begin();
    moveBy(*world, 100);
    QCOMPARE(world->beat(), 1);
    QVERIFY(!world->runs().find(7001));
}

void StoryTest::theDrillIsPlayedAndScored()
{
    WorldOptions options;
    options.startAt = 9;
    auto world = makeWorld(options);
    Servers servers(*world);
    world->story().begin();
    moveBy(*world, 20);
    servers.set(standalone, 50, you);
    QCOMPARE(world->beat(), 10);
    moveBy(*world, 27);
    QCOMPARE(world->beat(), 11);
    moveBy(*world, 5);
    world->story().noteDryRun(standalone, bad, 0);
    moveBy(*world, 1);
    QCOMPARE(world->traffic(standalone).weight, 50);
    moveBy(*world, 1.5);
    QCOMPARE(world->beat(), 12);
    QCOMPARE(world->traffic(standalone).weight, 100);
    moveBy(*world, 3);
    servers.set(standalone, 0, you);
    QCOMPARE(world->beat(), 13);
    const DrillScore &score = world->story().score();
    QVERIFY(score.firingAt && score.confirmAt && score.askedAt && score.acceptedAt);
    QVERIFY(*score.firingAt < *score.confirmAt && *score.confirmAt < *score.askedAt);
    QVERIFY2(score.requestsFailed > 60, qPrintable(QString::number(score.requestsFailed)));
    QCOMPARE(score.wrongTargets, 0);
    QCOMPARE(servers.attempts, QList<Story::Attempt>{Story::Attempt::Fresh});
    world->story().noteBackfillEnded();
    QCOMPARE(world->beat(), 14);
    moveBy(*world, 61);
    QCOMPARE(world->beat(), 15);
    QCOMPARE(world->workerRevision(), good);
}

void StoryTest::withoutADryRunTheColleagueComesTooLate()
{
    WorldOptions options;
    options.startAt = 11;
    auto world = makeWorld(options);
    Servers servers(*world);
    world->story().begin();
    moveBy(*world, 20);
    servers.set(standalone, 0, you);
    moveBy(*world, 3);
    QCOMPARE(servers.attempts, QList<Story::Attempt>{Story::Attempt::WithOldVersion});
    QCOMPARE(world->traffic(standalone).weight, 0);
    QCOMPARE(world->beat(), 13);
}

void StoryTest::anEarlyRollbackNeedsNoAlert()
{
    WorldOptions options;
    options.startAt = 10;
    auto world = makeWorld(options);
    Servers servers(*world);
    QSignalSpy beats(world.get(), &World::beatStarted);
    world->story().begin();
    moveBy(*world, 12);
    servers.set(standalone, 0, you);
    moveBy(*world, 30);
    QCOMPARE(world->beat(), 13);
    for (const auto &beat : beats)
        QVERIFY(beat.at(0).toInt() != 11 && beat.at(0).toInt() != 12);
    QVERIFY(!world->story().score().firingAt);
}

void StoryTest::nobodyActsAndTheColleagueRollsBack()
{
    WorldOptions options;
    options.startAt = 11;
    auto world = makeWorld(options);
    Servers servers(*world);
    world->story().begin();
    moveBy(*world, 178);
    QCOMPARE(world->traffic(standalone).weight, 50);
    moveBy(*world, 30);
    QCOMPARE(world->traffic(standalone).weight, 0);
    QCOMPARE(world->beat(), 13);
    // The one who rolled back does not come too late for it.
    QVERIFY(!servers.attempts.contains(Story::Attempt::WithOldVersion));
}

/// The night drill begins at the firing of its alert.
void StoryTest::podsAreStartedAgainWhileNobodyActs()
{
    WorldOptions options;
    options.startAt = 11;
    auto world = makeWorld(options);
    Servers servers(*world);
    QSignalSpy restarts(&world->story(), &Story::podRestartWanted);
    world->story().begin();
    for (int i = 0; i < 300 && !world->story().score().firingAt; ++i)
        moveBy(*world, 0.1);
    QVERIFY(world->story().score().firingAt);
    moveBy(*world, 119);
    QCOMPARE(restarts.size(), 0);
    moveBy(*world, 2);
    QCOMPARE(restarts.size(), 1);
    moveBy(*world, 40);
    QCOMPARE(restarts.size(), 3);
    QCOMPARE(world->traffic(standalone).weight, 50);
    moveBy(*world, 60);
    QCOMPARE(world->traffic(standalone).weight, 0);
    QCOMPARE(restarts.size(), 3);
}

void StoryTest::noPodIsStartedAgainAfterARollback()
{
    WorldOptions options;
    options.startAt = 11;
    auto world = makeWorld(options);
    Servers servers(*world);
    QSignalSpy restarts(&world->story(), &Story::podRestartWanted);
    world->story().begin();
    moveBy(*world, 30);
    servers.set(standalone, 0, you);
    moveBy(*world, 170);
    QCOMPARE(restarts.size(), 0);
}

void StoryTest::theWrongTrackIsCounted()
{
    WorldOptions options;
    options.startAt = 11;
    auto world = makeWorld(options);
    Servers servers(*world);
    world->story().begin();
    moveBy(*world, 20);
    servers.set(coditect, 0, you);
    QCOMPARE(world->story().score().wrongTargets, 1);
    QVERIFY(world->story().said().last().text.contains(coditect));
    QVERIFY(!world->story().score().askedAt);
}

void StoryTest::someoneWhoWaitsIsAskedOnce()
{
    WorldOptions options;
    options.startAt = 9;
    auto world = makeWorld(options);
    world->story().begin();
    moveBy(*world, 59);
    QVERIFY(world->story().said().isEmpty());
    moveBy(*world, 200);
    QCOMPARE(world->story().said().size(), 1);
    QCOMPARE(world->story().said().first().text, world->scenario().colleague.nag);
    QCOMPARE(world->beat(), 9);
}

void StoryTest::theWorkerIsRolledWhenBothWaysBackAreRetired()
{
    WorldOptions options;
    options.startAt = 14;
    auto world = makeWorld(options);
    Servers servers(*world);
    world->story().begin();
    world->story().noteWayBackRetired(standalone);
    moveBy(*world, 5);
    QCOMPARE(world->workerRevision(), old);
    world->story().noteWayBackRetired(coditect);
    moveBy(*world, 1);
    QCOMPARE(world->workerRevision(), good);
    QCOMPARE(world->beat(), 15);
}

void StoryTest::theEndComesAfterTheContract()
{
    WorldOptions options;
    options.startAt = 15;
    auto world = makeWorld(options);
    world->story().begin();
    world->story().noteContracted();
    QCOMPARE(world->beat(), 16);
    moveBy(*world, 5);
    world->story().noteDryRun(coditect, {}, 0);
    QCOMPARE(world->beat(), 17);
    moveBy(*world, 16);
    QCOMPARE(world->beat(), 18);
}

QTEST_GUILESS_MAIN(StoryTest)
#include "storytest.moc"
