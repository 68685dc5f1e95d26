#include "app/sandbox/cloudbuild/cloudbuildserver.h"
#include "app/sandbox/http/server.h"
#include "app/sandbox/world/story.h"
#include "base/clock.h"
#include "connectors/cloudbuild/cloudbuilds.h"
#include "connectors/http/networkhttp.h"
#include "httpclient.h"
#include "sandboxworld.h"
#include "support/await.h"
#include "support/fakecredential.h"
#include "support/places.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace pilothouse;
using namespace pilothouse::sandbox;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const QString good = QStringLiteral("9f3c2a1");
const QString list
    = QStringLiteral("/build/v1/projects/coditect-production/locations/us-central1/builds");

/// The product's scenario, but each build waits for a person.
std::shared_ptr<const Scenario> withApproval()
{
    QFile file(QStringLiteral(PILOTHOUSE_SOURCE_DIR "/resources/scenarios/good-then-bad.yaml"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no scenario");
    QByteArray text = file.readAll();
    text.replace("build: true,", "build: true, gate: true, environment: build,");
    auto scenario = Scenario::parse(text, file.fileName());
    if (!scenario)
        qFatal("%s", qPrintable(scenario.error().message));
    return std::make_shared<const Scenario>(std::move(*scenario));
}

} // namespace

/// The rehearsal's Cloud Build, raw and through the console's own connector, over loopback.
class CloudBuildTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        m_builds.reset();
        m_http.reset();
        m_storage.reset();
        m_server.reset();
        m_cloudBuild.reset();
        m_world.reset();
    }

    void theBuildOfARunningJobIsItsStage()
    {
        start(goodThenBad());
        const auto runs = await(m_builds->runs(CommitId(m_world->commit(good))));
        QVERIFY2(runs, runs ? "" : qPrintable(runs.error().detail));
        QCOMPARE(runs->value.size(), 1);
        QCOMPARE(runs->value.first().status, RunStatus::Running);
        moveBy(*m_world, 13); // half of it
        const auto jobs = await(m_builds->jobs(runs->value.first().id));
        QCOMPARE(jobs->value.first().steps.size(), 4);
        QCOMPARE(jobs->value.first().steps[0].status, RunStatus::Succeeded);
        QCOMPARE(jobs->value.first().steps[3].status, RunStatus::Queued);
        moveBy(*m_world, 15);
        const auto end = await(m_builds->jobs(runs->value.first().id));
        QCOMPARE(end->value.first().status, RunStatus::Succeeded);
        QCOMPARE(end->value.first().steps[3].status, RunStatus::Succeeded);
        QVERIFY(end->value.first().completedAt.isValid());
    }

    void buildsOfThePastAreListedNewestFirst()
    {
        start(goodThenBad());
        const QJsonArray builds = m_raw->get(list).json().value(t("builds")).toArray();
        QCOMPARE(builds.size(), 3);
        QCOMPARE(builds[0][t("status")].toString(), t("WORKING"));
        QCOMPARE(builds[2][t("status")].toString(), t("SUCCESS"));
        const QJsonObject first = m_raw->get(list + t("?pageSize=2")).json();
        QCOMPARE(first.value(t("builds")).toArray().size(), 2);
        const QString token = first.value(t("nextPageToken")).toString();
        const QJsonObject rest = m_raw->get(list + t("?pageSize=2&pageToken=") + token).json();
        QCOMPARE(rest.value(t("builds")).toArray().size(), 1);
        QVERIFY(!rest.contains(t("nextPageToken")));
    }

    void theLastStepEndsWithTheBuildWhateverTheSpeed()
    {
        WorldOptions options;
        options.speed = 5;
        options.startAt = 4; // two releases' builds are over
        const World world(goodThenBad(), options, madeUpCommits(*goodThenBad()));
        const QList<HandedBuild> builds = handedBuilds(world);
        QCOMPARE(builds.size(), 3);
        for (const HandedBuild &build : builds) {
            const QJsonObject view = buildView(world, build, t("us-central1"));
            QCOMPARE(view.value(t("status")).toString(), t("SUCCESS"));
            const QJsonValue last = view.value(t("steps")).toArray().last();
            QCOMPARE(last[t("timing")][t("endTime")].toString(),
                     view.value(t("finishTime")).toString());
        }
    }

    void aLogGrowsAndIsReadByRanges()
    {
        start(goodThenBad());
        const QString id
            = m_raw->get(list).json().value(t("builds")).toArray()[0][t("id")].toString();
        const QString object = t("/storage/coditect-production_cloudbuild/log-") + id + t(".txt");
        QCOMPARE(m_raw->get(object).status, 404); // not begun
        moveBy(*m_world, 6);
        const HttpAnswer first = m_raw->get(object, {{"Range", "bytes=0-"}});
        QCOMPARE(first.status, 206);
        QVERIFY(first.body.startsWith("starting build"));
        const QByteArray size = QByteArray::number(first.body.size());
        QCOMPARE(first.headers.value("content-range"),
                 "bytes 0-" + QByteArray::number(first.body.size() - 1) + '/' + size);
        QCOMPARE(m_raw->get(object, {{"Range", "bytes=" + size + "-"}}).status, 416);
        moveBy(*m_world, 30);
        const HttpAnswer rest = m_raw->get(object, {{"Range", "bytes=" + size + "-"}});
        QCOMPARE(rest.status, 206);
        QVERIFY(rest.body.endsWith("DONE\n"));
        QCOMPARE(m_raw->get(object).body, first.body + rest.body);
        QCOMPARE(m_raw->get(object, {{"Range", "bytes=0-4"}}).body, QByteArray("start"));
        QCOMPARE(m_raw->get(t("/storage/another/log-x.txt")).status, 404);
    }

    void theConnectorFollowsALogToItsEnd()
    {
        start(goodThenBad());
        const auto runs = await(m_builds->runs(CommitId(m_world->commit(good))));
        const auto log = m_builds->open(BuildLog{runs->value.first().hostId});
        QByteArray text;
        bool ended = false;
        connect(log.get(), &LogStream::bytesArrived, this,
                [&](const QByteArray &bytes) { text += bytes; });
        connect(log.get(), &LogStream::ended, this, [&](const Result<void> &how) {
            ended = true;
            QVERIFY(how);
        });
        moveBy(*m_world, 6);
        QTRY_VERIFY(!text.isEmpty());
        QVERIFY(!ended);
        moveBy(*m_world, 30);
        QTRY_VERIFY(ended);
        QVERIFY(text.startsWith("starting build") && text.endsWith("DONE\n"));
    }

    void aBuildIsHeldAgainstTheLastGreenOneBeforeIt()
    {
        start(goodThenBad());
        const auto latest = await(m_builds->latestRuns());
        QCOMPARE(latest->value.size(), 3);
        const auto green = await(m_builds->lastGreen(latest->value[0]));
        QVERIFY2(green, green ? "" : qPrintable(green.error().message));
        QVERIFY(green->value);
        QCOMPARE(green->value->hostId, latest->value[1].hostId);
        const auto log = m_builds->open(BuildLog{green->value->hostId});
        QByteArray text;
        bool ended = false;
        connect(log.get(), &LogStream::bytesArrived, this,
                [&](const QByteArray &bytes) { text += bytes; });
        connect(log.get(), &LogStream::ended, this, [&](const Result<void> &how) {
            ended = true;
            QVERIFY(how);
        });
        QTRY_VERIFY(ended);
        QVERIFY(text.startsWith("starting build") && text.endsWith("DONE\n"));
        // Before the first there is none, and that is no failure.
        const auto none = await(m_builds->lastGreen(latest->value[2]));
        QVERIFY(none);
        QVERIFY(!none->value);
    }

    void aBuildThatWaitsIsApproved()
    {
        start(withApproval());
        const auto runs = await(m_builds->runs(CommitId(m_world->commit(good))));
        QCOMPARE(runs->value.size(), 1);
        const RunId build = runs->value.first().id;
        QCOMPARE(runs->value.first().status, RunStatus::Waiting);
        RunControl &control = m_builds->control();
        const auto waiting = await(control.waiting(build));
        QCOMPARE(waiting->size(), 1);
        QVERIFY(waiting->first().mayReview);
        QVERIFY(await(
            control.send(ReviewEnvironments{build, *waiting, ReviewState::Approved, t("go")})));
        moveBy(*m_world, 1);
        QCOMPARE(await(control.run(build))->value.status, RunStatus::Running);
        QCOMPARE(await(control.waiting(build))->size(), 0);
        QCOMPARE(await(control.reviews(build))->first().state, ReviewState::Approved);
        const auto again = await(
            control.send(ReviewEnvironments{build, *waiting, ReviewState::Approved, t("go")}));
        QVERIFY(!again);
        QVERIFY(again.error().detail.contains(t("not pending approval")));
    }

    void aRejectedBuildNeverRuns()
    {
        start(withApproval());
        const auto runs = await(m_builds->runs(CommitId(m_world->commit(good))));
        const RunId build = runs->value.first().id;
        const auto waiting = await(m_builds->control().waiting(build));
        QVERIFY(await(m_builds->control().send(
            ReviewEnvironments{build, *waiting, ReviewState::Rejected, t("no")})));
        QCOMPARE(await(m_builds->control().run(build))->value.status, RunStatus::Failed);
        QCOMPARE(await(m_builds->control().reviews(build))->first().state, ReviewState::Rejected);
        const auto jobs = await(m_builds->jobs(build));
        for (const Step &step : jobs->value.first().steps)
            QCOMPARE(step.status, RunStatus::Queued);
    }

    void aBuildIsCancelledAndNothingElseIsOffered()
    {
        start(goodThenBad());
        const auto runs = await(m_builds->runs(CommitId(m_world->commit(good))));
        const RunId build = runs->value.first().id;
        RunControl &control = m_builds->control();
        const CancelRun cancel{build, CancelRun::Force::No};
        QVERIFY(control.plan(cancel).exact.contains(runs->value.first().hostId + t(":cancel")));
        QVERIFY(await(control.send(cancel)));
        QCOMPARE(await(control.run(build))->value.status, RunStatus::Cancelled);
        QVERIFY(!await(control.send(cancel)));
        QCOMPARE(await(control.send(RerunFailedJobs{build, 1})).error().kind, ErrorKind::Refused);
    }

    void aBuildOfAnEarlierConsoleIsFoundAgain()
    {
        start(goodThenBad());
        const QString id
            = m_raw->get(list).json().value(t("builds")).toArray()[0][t("id")].toString();
        // Nothing was listed yet.
        QCOMPARE(await(m_builds->control().run(runIdOf(id)))->value.hostId, id);
        QCOMPARE(await(m_builds->control().run(RunId(7))).error().kind, ErrorKind::NotFound);
    }

private:
    void start(std::shared_ptr<const Scenario> scenario)
    {
        CommitTable commits = madeUpCommits(*scenario);
        m_world = std::make_unique<World>(std::move(scenario), WorldOptions(), std::move(commits));
        m_cloudBuild = std::make_unique<CloudBuildServer>(*m_world);
        auto server = Server::listen(0, [this](const ExchangePtr &exchange) {
            const QString path = exchange->request.path;
            if (path.startsWith(t("/storage/")))
                m_cloudBuild->answerStorage(exchange, path.mid(8));
            else
                m_cloudBuild->answer(exchange, path.mid(6));
        });
        QVERIFY(server);
        m_server = std::move(*server);
        m_raw = std::make_unique<sandbox::HttpClient>(m_server->port());
        const QUrl base(t("http://127.0.0.1:%1").arg(m_server->port()));
        NetworkHttp::Settings http;
        http.systemName = t("Cloud Build");
        http.base = base;
        m_http = std::make_unique<NetworkHttp>(http, m_credential, m_clock);
        m_storage = std::make_unique<NetworkHttp>(http, m_credential, m_clock);
        CloudBuilds::Settings settings;
        settings.project = t("coditect-production");
        settings.region = t("us-central1");
        settings.api = QUrl(base.toString() + t("/build"));
        settings.storage = QUrl(base.toString() + t("/storage"));
        m_builds = std::make_unique<CloudBuilds>(*m_http, *m_storage, m_clock, settings);
        // The first release is pushed, its tests go well, its deployments begin.
        m_world->story().noteWindowOpened();
        for (int i = 0; i < 900 && handedBuilds(*m_world).size() < 3; ++i)
            moveBy(*m_world, 0.1);
        QCOMPARE(handedBuilds(*m_world).size(), 3);
    }

    SystemClock m_clock;
    FakeCredential m_credential;
    std::unique_ptr<World> m_world;
    std::unique_ptr<CloudBuildServer> m_cloudBuild;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<sandbox::HttpClient> m_raw;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<NetworkHttp> m_storage;
    std::unique_ptr<CloudBuilds> m_builds;
};

QTEST_GUILESS_MAIN(CloudBuildTest)
#include "cloudbuildtest.moc"
