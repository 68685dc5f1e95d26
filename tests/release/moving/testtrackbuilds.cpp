#include "release/moving/trackbuilds.h"

#include "pipeline/act/fakecontrol.h"
#include "release/fakerepository.h"
#include "support/await.h"
#include "support/fakeclock.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QString ours = QString(40, QLatin1Char('a'));
const QString pushed = QString(40, QLatin1Char('b'));
const QString foreign = QString(40, QLatin1Char('c'));

Run build(qint64 id, const QString &commit)
{
    Run run;
    run.id = RunId(id);
    run.hostId = QStringLiteral("%1-uuid").arg(id);
    run.workflowPath = QStringLiteral("deploy/other.yaml");
    run.commit = CommitId(commit);
    run.status = RunStatus::Running;
    return run;
}

} // namespace

class TestTrackBuilds final : public QObject
{
    Q_OBJECT

private:
    struct World
    {
        World() { repository.add(ours, QStringLiteral("one")); }
        [[nodiscard]] QList<qint64> active()
        {
            QList<qint64> ids;
            for (const Run &run : await(builds.active()).value_or(QList<Run>()))
                ids.append(run.id.value);
            return ids;
        }

        FakeClock clock;
        FakeControl control{clock};
        FakeRepository repository;
        TrackBuilds builds{control, repository};
    };

private Q_SLOTS:
    void aBuildOfThisRepositoryCountsWhateverMadeIt()
    {
        World world;
        world.control.goingOn = {build(1, ours)};
        const auto active = await(world.builds.active());
        QVERIFY(active);
        QCOMPARE(active->size(), 1);
        QCOMPARE(active->first().workflowPath, TrackBuilds::workflowPath());
        QCOMPARE(active->first().hostId, QStringLiteral("1-uuid"));
        QCOMPARE(world.repository.fetches, 0);
    }

    void aBuildOfAnotherRepositoryIsLeftAlone()
    {
        World world;
        world.control.goingOn = {build(1, foreign), build(2, ours), build(3, {})};
        QCOMPARE(world.active(), QList<qint64>{2});
    }

    void whatWasJustPushedIsFetchedOnceAndThenKnown()
    {
        World world;
        world.repository.addAfterFetch(pushed, {});
        world.control.goingOn = {build(1, pushed), build(2, foreign)};
        QCOMPARE(world.active(), QList<qint64>{1});
        QVERIFY(world.repository.fetches > 0);
        const int fetches = world.repository.fetches;
        QCOMPARE(world.active(), QList<qint64>{1});
        QCOMPARE(world.repository.fetches, fetches);
    }

    void aServiceThatIsLostIsLost()
    {
        World world;
        world.control.readError = Error{ErrorKind::Unavailable, QStringLiteral("down"), {}, {}};
        QCOMPARE(await(world.builds.active()).error(), *world.control.readError);
    }

    void anOrderGoesToTheService()
    {
        World world;
        const CancelRun order{RunId(1)};
        (void)await(world.builds.send(order));
        QCOMPARE(world.control.sent, QList<RunOrder>{order});
        QCOMPARE(world.builds.systemName(), world.control.systemName());
    }
};

QTEST_GUILESS_MAIN(TestTrackBuilds)
#include "testtrackbuilds.moc"
