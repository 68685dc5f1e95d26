#include "connectors/cloudbuild/cloudbuilds.h"
#include "connectors/http/networkhttp.h"
#include "crash/weather/build/buildscene.h"
#include "release/fakerepository.h"
#include "release/moving/movingrunsdesk.h"
#include "release/moving/trackbuilds.h"
#include "rollout/rolloutbench.h"
#include "support/await.h"
#include "support/fakecredential.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// A track that is rolled back, and the rehearsal's Cloud Build, where a build of the repository
/// waits for a person.
class Bench
{
public:
    Bench() { track.toWeight(50); }

    void start()
    {
        // By the same clock as the builds.
        desk = std::make_unique<MovingRunsDesk>(MovingRunsDesk::Settings{}, ofTrack, track.runner,
                                                clock);
        desk->addTrack(*track.rollout, TrackBuilds::workflowPath());
        desk->start();
    }
    [[nodiscard]] QString row() const { return track.rollout->runs().row.text; }
    [[nodiscard]] QString shortBuild() const { return scene.build().left(8); }
    [[nodiscard]] RunStatus status()
    {
        const auto run = await(builds.control().run(runIdOf(scene.build())));
        return run ? run->value.status : RunStatus::Unknown;
    }
    [[nodiscard]] NetworkHttp::Settings settings(const QUrl &base) const
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Cloud Build");
        settings.base = base;
        return settings;
    }

    BuildScene scene;
    RolloutBench track;
    FakeCredential apiToken{{BuildScene::apiToken()}};
    FakeCredential storageToken{{BuildScene::storageToken()}};
    SystemClock clock;
    NetworkHttp api{settings(scene.api()), apiToken, clock};
    NetworkHttp storage{settings(scene.storage()), storageToken, clock};
    CloudBuilds builds{
        api, storage, clock, {scene.project(), scene.region(), scene.api(), scene.storage()}};
    FakeRepository repository;
    TrackBuilds ofTrack{builds.control(), repository};
    std::unique_ptr<MovingRunsDesk> desk;
};

} // namespace

class CloudBuildMovingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRollbackTellsOfTheBuildAndCancelsIt()
    {
        Bench bench;
        bench.repository.add(bench.scene.commit(), QStringLiteral("the candidate"));
        bench.start();
        QVERIFY(soon([&] { return bench.row().startsWith(QLatin1String("cancels")); }));
        QCOMPARE(bench.row(), QStringLiteral("cancels build %1 (cloudbuild, waits for an approval)")
                                  .arg(bench.shortBuild()));
        QCOMPARE(bench.status(), RunStatus::Waiting);

        const auto done
            = bench.track.rollout->rollBack(confirmed(bench.track.rollout->previewRollback()));
        QVERIFY(soon([&] { return done.isFinished(); }));
        QCOMPARE(done.result().kind, Outcome::Kind::Done);
        QVERIFY(soon([&] { return !bench.desk->busy(); }));
        QCOMPARE(bench.status(), RunStatus::Cancelled);
        QVERIFY(!bench.scene.isApproved());
        QVERIFY(bench.track.rollout->runs().stillAble.isEmpty());
        QCOMPARE(bench.row(), QStringLiteral("no run can move this traffic"));
        QVERIFY(bench.scene.strayCredential().isEmpty());
    }

    void aBuildOfAnotherRepositoryIsNeitherToldNorCancelled()
    {
        Bench bench;
        bench.repository.add(QString(40, QLatin1Char('f')), QStringLiteral("of another project"));
        bench.start();
        QVERIFY(soon([&] { return bench.desk->hasLooked(); }));
        QCOMPARE(bench.row(), QStringLiteral("no run can move this traffic"));
        const auto done
            = bench.track.rollout->rollBack(confirmed(bench.track.rollout->previewRollback()));
        QVERIFY(soon([&] { return done.isFinished() && !bench.desk->busy(); }));
        QCOMPARE(bench.status(), RunStatus::Waiting);
    }

    void whatHasEndedIsNotActive()
    {
        Bench bench;
        const auto active = await(bench.builds.control().active());
        QVERIFY(active);
        QCOMPARE(active->size(), 1);
        QCOMPARE(active->first().hostId, bench.scene.build());
    }
};

QTEST_GUILESS_MAIN(CloudBuildMovingTest)
#include "cloudbuildmoving.moc"
