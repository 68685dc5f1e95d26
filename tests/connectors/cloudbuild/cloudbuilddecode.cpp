#include "connectors/cloudbuild/cloudbuild.h"
#include "connectors/cloudbuild/cloudbuilds.h"
#include "pipeline/overlay.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const QString sha(40, QLatin1Char('c'));

QByteArray buildJson(const QByteArray &more, const QByteArray &id = "aaaa-1")
{
    return "{\"id\":\"" + id + "\"" + (more.isEmpty() ? QByteArray() : "," + more) + "}";
}

CloudBuild buildFrom(const QByteArray &more)
{
    const auto build = decodeBuild(buildJson(more));
    if (!build)
        qFatal("%s", qPrintable(build.error().message));
    return *build;
}

} // namespace

class CloudBuildDecodeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusWords_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<int>("status");
        QTest::addColumn<bool>("over");
        const auto row = [](const char *word, RunStatus status, bool over) {
            QTest::newRow(word) << QByteArray(word) << int(status) << over;
        };
        row("PENDING", RunStatus::Queued, false); // nobody is asked about it
        row("QUEUED", RunStatus::Queued, false);
        row("WORKING", RunStatus::Running, false);
        row("SUCCESS", RunStatus::Succeeded, true);
        row("FAILURE", RunStatus::Failed, true);
        row("INTERNAL_ERROR", RunStatus::Failed, true);
        row("TIMEOUT", RunStatus::TimedOut, true);
        row("EXPIRED", RunStatus::TimedOut, true);
        row("CANCELLED", RunStatus::Cancelled, true);
        row("BRAND_NEW", RunStatus::Unknown, false);
    }

    void statusWords()
    {
        QFETCH(const QByteArray, word);
        QFETCH(const int, status);
        QFETCH(const bool, over);
        const CloudBuild build = buildFrom("\"status\":\"" + word + '"');
        QCOMPARE(int(build.status), status);
        QCOMPARE(hasEnded(build.status), over);
    }

    void aPendingBuildWaitsForAPersonUntilItIsApproved()
    {
        const CloudBuild asks = buildFrom(R"("status":"PENDING","approval":{"state":"PENDING"})");
        QVERIFY(asks.asksApproval);
        QCOMPARE(asks.status, RunStatus::Waiting);
        const CloudBuild approved = buildFrom(
            R"("status":"PENDING","approval":{"state":"APPROVED","result":{"approverAccount":"n"}})");
        QVERIFY(!approved.asksApproval);
        QCOMPARE(approved.status, RunStatus::Queued);
        QCOMPARE(approved.actor, t("n"));
        QVERIFY(!hasEnded(runOf(asks).status));
    }

    void aStepThatIsPendingWaitsForNoPerson()
    {
        const CloudBuild build = buildFrom(R"("status":"PENDING","approval":{"state":"PENDING"},
            "steps":[{"name":"builder","status":"PENDING"}])");
        QCOMPARE(build.steps.size(), 1);
        QCOMPARE(build.steps[0].status, RunStatus::Queued);
    }

    void theCommitIsFound_data()
    {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QString>("commit");
        const QByteArray full = sha.toLatin1();
        QTest::newRow("a trigger's") << QByteArray("\"substitutions\":{\"COMMIT_SHA\":\"" + full
                                                   + "\",\"_A\":\"" + QByteArray(40, 'd') + "\"}")
                                     << sha;
        QTest::newRow("of the source") << QByteArray(
            "\"sourceProvenance\":{\"resolvedRepoSource\":{\"commitSha\":\"" + full + "\"}}")
                                       << sha;
        QTest::newRow("handed over")
            << QByteArray("\"substitutions\":{\"_TAG\":\"" + full + "\"}") << sha;
        QTest::newRow("a short one is none")
            << QByteArray("\"substitutions\":{\"_TAG\":\"cccccc\"}") << QString();
        QTest::newRow("none") << QByteArray() << QString();
    }

    void theCommitIsFound()
    {
        QFETCH(const QByteArray, more);
        QFETCH(const QString, commit);
        const CloudBuild build
            = buildFrom("\"status\":\"WORKING\"" + (more.isEmpty() ? more : "," + more));
        QCOMPARE(build.commit.value, commit);
    }

    void stepsHaveNamesAndTimes()
    {
        const CloudBuild build = buildFrom(
            R"("status":"WORKING","steps":[
               {"id":"test","name":"python:3.11","status":"SUCCESS",
                "timing":{"startTime":"2026-11-24T13:00:00.5Z","endTime":"2026-11-24T13:00:09Z"}},
               {"name":"gcr.io/cloud-builders/docker","args":["build","-t","x"],"status":"WORKING"},
               {"name":"gcr.io/cloud-builders/gcloud"}])");
        QCOMPARE(build.steps.size(), 3);
        QCOMPARE(build.steps[0].name, t("test"));
        QCOMPARE(build.steps[0].status, RunStatus::Succeeded);
        QCOMPARE(build.steps[0].startedAt.msecsTo(build.steps[0].completedAt), 8500);
        QCOMPARE(build.steps[1].name, t("docker build -t"));
        QCOMPARE(build.steps[2].status, RunStatus::Queued);
        QCOMPARE(jobOf(build).steps, build.steps);
    }

    void theLogIsInItsBucket_data()
    {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<QString>("object");
        QTest::newRow("a bucket") << QByteArray("\"logsBucket\":\"gs://b\"")
                                  << t("b/log-aaaa-1.txt");
        QTest::newRow("a folder in it") << QByteArray("\"logsBucket\":\"gs://b/some/folder/\"")
                                        << t("b/some/folder/log-aaaa-1.txt");
        QTest::newRow("none") << QByteArray(R"("tags":[])") << QString();
        QTest::newRow("kept elsewhere") << QByteArray(
            "\"logsBucket\":\"gs://b\",\"options\":{\"logging\":\"CLOUD_LOGGING_ONLY\"}")
                                        << QString();
    }

    void theLogIsInItsBucket()
    {
        QFETCH(const QByteArray, more);
        QFETCH(const QString, object);
        const CloudBuild build = buildFrom("\"status\":\"WORKING\"," + more);
        QCOMPARE(logObject(build), object);
    }

    void aBuildHasTheSameNumberAlways()
    {
        const RunId one = runIdOf(t("aaaa-1"));
        QCOMPARE(runIdOf(t("aaaa-1")), one);
        QVERIFY(runIdOf(t("aaaa-2")) != one);
        QVERIFY(one.value > (qint64(1) << 60)); // no CI host counts so far
        const CloudBuild build = buildFrom(R"("status":"SUCCESS")");
        QCOMPARE(runOf(build).id, one);
        QCOMPARE(runOf(build).hostId, t("aaaa-1"));
        QCOMPARE(jobOf(build).run, one);
    }

    void whatIsMalformedSaysWhere()
    {
        const auto page = decodeBuilds(R"({"builds":[{"id":"a","status":"SUCCESS"},{"id":7}]})");
        QCOMPARE(page.error().kind, ErrorKind::Malformed);
        QVERIFY(page.error().message.contains(t("builds[1].id")));
    }

    void onlyTheBuildsOfTheCommitAreItsRuns()
    {
        ScriptedHttp http;
        ScriptedHttp storage;
        FakeClock clock;
        CloudBuilds builds(http, storage, clock, settings());
        http.answer(200, "{\"builds\":["
                             + buildJson("\"status\":\"WORKING\",\"substitutions\":{\"_TAG\":\""
                                             + sha.toLatin1() + "\"}",
                                         "b-2")
                             + "," + buildJson("\"status\":\"SUCCESS\"", "b-1")
                             + "],\"nextPageToken\":\"two&more\"}");
        http.answer(200, "{}");
        const auto runs = await(builds.runs(CommitId(sha)));
        QVERIFY(runs);
        QCOMPARE(runs->value.size(), 1);
        QCOMPARE(runs->value.first().hostId, t("b-2"));
        QCOMPARE(runs->source, t("Cloud Build"));
        QCOMPARE(http.log(), (QStringList{t("GET /v1/projects/p/locations/eu/builds?pageSize=50"),
                                          t("GET /v1/projects/p/locations/eu/builds?pageSize=50"
                                            "&pageToken=two%26more")}));
        http.answer(200, buildJson("\"status\":\"SUCCESS\"", "b-2"));
        const auto jobs = await(builds.jobs(runs->value.first().id));
        QCOMPARE(jobs->value.size(), 1);
        QCOMPARE(jobs->value.first().status, RunStatus::Succeeded);
        QCOMPARE(http.log().last(), t("GET /v1/projects/p/locations/eu/builds/b-2"));
        QCOMPARE(await(builds.jobs(RunId(7))).error().kind, ErrorKind::NotFound);
        QVERIFY(storage.requests.isEmpty());
    }

    void otherLogsAreNotItsOwn()
    {
        ScriptedHttp http;
        FakeClock clock;
        CloudBuilds builds(http, http, clock, settings());
        QVERIFY(!builds.open(JobLog{RunId(1), JobId(2)}));
        QVERIFY(!builds.open(PodLog{TrackName(t("standalone")), t("pod"), {}}));
    }

private:
    static CloudBuilds::Settings settings()
    {
        CloudBuilds::Settings settings;
        settings.project = t("p");
        settings.region = t("eu");
        return settings;
    }
};

QTEST_GUILESS_MAIN(CloudBuildDecodeTest)
#include "cloudbuilddecode.moc"
