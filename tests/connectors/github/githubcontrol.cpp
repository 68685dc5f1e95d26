#include "connectors/github/githubcontrol.h"

#include "connectors/github/githubruns.h"
#include "connectors/http/networkhttp.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"
#include "support/scriptedhttp.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const RunId run7012(7012);

ReviewEnvironments approval()
{
    PendingEnvironment production;
    production.id = 5'000'000'001; // above 32 bits
    production.name = t("production");
    return {run7012, {production}, ReviewState::Approved, t("it's good")};
}

DispatchWorkflow dispatch()
{
    return {t(".github/workflows/deploy.yml"),
            t("main"),
            {{t("version"), t("1.2 rc")}, {t("dry_run"), t("true")}}};
}

struct Setup
{
    explicit Setup(const QByteArray &version = "2022-11-28")
        : github{http,
                 clock,
                 {QUrl(QStringLiteral("https://git.example/api/v3/")), QStringLiteral("acme"),
                  QStringLiteral("shop"), version}}
    {
        http.systemName = QStringLiteral("GitHub");
    }

    [[nodiscard]] QJsonObject body(int request) const
    {
        return QJsonDocument::fromJson(http.requests.at(request).body).object();
    }
    /// "POST /runs/7012/cancel" of each request, without the repository.
    [[nodiscard]] QStringList log() const
    {
        QStringList lines = http.log();
        lines.replaceInStrings(t("/api/v3/repos/acme/shop"), QString());
        lines.replaceInStrings(t("/actions/"), t("/"));
        return lines;
    }

    ScriptedHttp http;
    FakeClock clock;
    GithubRuns github;
    RunControl &control = github.control();
};

} // namespace

class TestGithubControl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ordersArePosts_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("line");
        QTest::newRow("failed jobs") << 0 << 201 << t("POST /runs/7012/rerun-failed-jobs");
        QTest::newRow("one job") << 1 << 201 << t("POST /jobs/30007012104/rerun");
        QTest::newRow("cancel") << 2 << 202 << t("POST /runs/7012/cancel");
        QTest::newRow("force") << 3 << 202 << t("POST /runs/7012/force-cancel");
    }

    void ordersArePosts()
    {
        QFETCH(const int, which);
        QFETCH(const int, status);
        QFETCH(const QString, line);
        const QList<RunOrder> orders{
            RerunFailedJobs{run7012, 1}, RerunJob{run7012, 1, JobId(30'007'012'104), t("lint")},
            CancelRun{run7012, CancelRun::Force::No}, CancelRun{run7012, CancelRun::Force::Yes}};
        Setup s;
        s.http.answer(status, "{}");
        QVERIFY(await(s.control.send(orders[which])));
        QCOMPARE(s.log(), QStringList{line});
        QCOMPARE(s.http.requests[0].repeat, HttpRequest::Repeat::Never);
        QVERIFY(s.http.requests[0].body.isEmpty());
        QVERIFY(s.control.plan(orders[which]).exact.contains(line.section(QLatin1Char('/'), 1)));
    }

    void aRunThatHasEndedIsAConflict()
    {
        Setup s;
        s.http.answer(409, R"({"message":"Cannot cancel a workflow run that is completed"})");
        const auto late = await(s.control.send(CancelRun{run7012, CancelRun::Force::No}));
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
    }

    void aReviewSendsAllThreeFields()
    {
        Setup s;
        s.http.answer(200, "[]");
        QVERIFY(await(s.control.send(approval())));
        QCOMPARE(s.log(), QStringList{t("POST /runs/7012/pending_deployments")});
        QCOMPARE(s.body(0)[QLatin1String("comment")].toString(), t("it's good"));
        QCOMPARE(s.body(0)[QLatin1String("state")].toString(), t("approved"));
        QVERIFY(s.http.requests[0].body.contains("\"environment_ids\":[5000000001]"));
    }

    void aDispatchAsksForItsRun()
    {
        Setup s;
        s.http.answer(200, R"({"workflow_run_id":30000000007,"run_url":"u","html_url":"h"})");
        const auto taken = await(s.control.send(dispatch()));
        QVERIFY(taken);
        QCOMPARE(taken->run, RunId(30'000'000'007));
        QCOMPARE(s.log(), QStringList{t("POST /workflows/deploy.yml/dispatches")});
        QCOMPARE(s.body(0)[QLatin1String("ref")].toString(), t("main"));
        QCOMPARE(s.body(0)[QLatin1String("return_run_details")].toBool(), true);
        QCOMPARE(s.body(0)[QLatin1String("inputs")].toObject()[QLatin1String("version")].toString(),
                 t("1.2 rc"));
    }

    void aServerMayNotTellTheRun()
    {
        Setup s;
        s.http.answer(204);
        const auto taken = await(s.control.send(dispatch()));
        QVERIFY(taken);
        QCOMPARE(taken->run, RunId());
        QCOMPARE(s.http.requests.size(), 1);
    }

    void anAnswerThatCannotBeReadWasTakenAllTheSame()
    {
        Setup s;
        s.http.answer(200, "<html>");
        QCOMPARE(await(s.control.send(dispatch()))->run, RunId());
        QCOMPARE(s.http.requests.size(), 1);
    }

    void anOldServerIsAskedOnceMoreWithoutTheField()
    {
        Setup s;
        s.http.answer(422,
                      "{\"message\":\"Invalid request: return_run_details is not permitted\"}");
        s.http.answer(204);
        QVERIFY(await(s.control.send(dispatch())));
        QCOMPARE(s.http.requests.size(), 2);
        QVERIFY(s.body(0).contains(QLatin1String("return_run_details")));
        QVERIFY(!s.body(1).contains(QLatin1String("return_run_details")));
        QCOMPARE(s.body(1)[QLatin1String("inputs")], s.body(0)[QLatin1String("inputs")]);
    }

    void whateverElseIsNeverSentAgain_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("another refusal")
            << 422
            << QByteArray(R"({"message":"Workflow does not have 'workflow_dispatch' trigger"})");
        QTest::newRow("no such workflow") << 404 << QByteArray(R"({"message":"Not Found"})");
        QTest::newRow("a server in trouble, though it names the field")
            << 502 << QByteArray("return_run_details");
        QTest::newRow("no right") << 403 << QByteArray(R"({"message":"return_run_details"})");
    }

    void whateverElseIsNeverSentAgain()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        Setup s;
        s.http.answer(status, body);
        QVERIFY(!await(s.control.send(dispatch())));
        QCOMPARE(s.http.requests.size(), 1);
    }

    void aNewerVersionAlwaysTells()
    {
        Setup s("2026-03-10");
        s.http.answer(200, R"({"workflow_run_id":7})");
        QCOMPARE(await(s.control.send(dispatch()))->run, RunId(7));
        QVERIFY(!s.body(0).contains(QLatin1String("return_run_details")));
        QVERIFY(!s.control.plan(dispatch()).exact.contains(t("return_run_details")));
    }

    void thePlanIsWhatIsSent()
    {
        Setup s;
        const PlannedCall call = s.control.plan(approval());
        QCOMPARE(call.summary, t("POST actions/runs/7012/pending_deployments"));
        QVERIFY(call.exact.startsWith(t("POST https://git.example/api/v3/repos/acme/shop/actions/"
                                        "runs/7012/pending_deployments\n")));
        QVERIFY(call.exact.contains(t("\"state\": \"approved\"")));
        QVERIFY(call.copyable.contains(t("-f 'comment=it'\\''s good'")));
        QCOMPARE(s.control.plan(dispatch()).copyable,
                 t("GH_REPO=acme/shop gh workflow run deploy.yml --ref main -f 'version=1.2 rc' "
                   "-f dry_run=true"));
        QVERIFY(s.http.requests.isEmpty());
    }

    void whatARunWaitsForIsRead()
    {
        Setup s;
        s.http.answer(200, R"([{"environment":{"id":5000000001,"name":"production"},
            "wait_timer":30,"wait_timer_started_at":"2026-11-24T13:00:00Z",
            "current_user_can_approve":true,
            "reviewers":[{"type":"User","reviewer":{"login":"b-novak"}},
                         {"type":"Team","reviewer":{"name":"Ops","slug":"ops"}}]},
            {"environment":{"id":2,"name":"staging"},"current_user_can_approve":false}])");
        const auto pending = await(s.control.waiting(run7012));
        QVERIFY(pending);
        QCOMPARE(pending->size(), 2);
        QCOMPARE(pending->at(0).id, 5'000'000'001);
        QVERIFY(pending->at(0).mayReview);
        QCOMPARE(pending->at(0).reviewers, (QStringList{t("b-novak"), t("Ops")}));
        QCOMPARE(pending->at(0).waitsUntil, QDateTime(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC));
        QVERIFY(!pending->at(1).mayReview);
        QVERIFY(!pending->at(1).waitsUntil.isValid());
    }

    void whatIsMalformedSaysWhere()
    {
        Setup s;
        s.http.answer(200, R"([{"environment":{"id":"x","name":"production"}}])");
        const auto pending = await(s.control.waiting(run7012));
        QCOMPARE(pending.error().kind, ErrorKind::Malformed);
        QVERIFY(pending.error().message.contains(t("[0].environment.id")));
    }

    void givenReviewsAreRead()
    {
        Setup s;
        s.http.answer(200, R"([{"environments":[{"name":"production"},{"name":"eu"}],
            "state":"rejected","user":{"login":"b-novak"},"comment":"no"},
            {"environments":[],"state":"pending","user":null,"comment":""}])");
        const auto given = await(s.control.reviews(run7012));
        QVERIFY(given);
        QCOMPARE(given->size(), 1);
        QCOMPARE(given->first().state, ReviewState::Rejected);
        QCOMPARE(given->first().environments, (QStringList{t("production"), t("eu")}));
        QCOMPARE(s.log(), QStringList{t("GET /runs/7012/approvals")});
    }

    void whoHasTheConcurrencyGroupIsFound()
    {
        Setup s;
        s.http.answer(200, R"({"total_count":2,"concurrency_groups":[
            {"group_name":"deploy/production","group_members":[
                {"run_id":7012,"status":"pending","position":2}]},
            {"group_name":"own","group_members":[
                {"run_id":7012,"status":"in_progress","position":0}]}]})");
        s.http.answer(200, R"({"group_name":"deploy/production","group_members":[
            {"run_id":7005,"status":"pending","run_name":"Deploy"},
            {"run_id":6999,"status":"in_progress","run_name":"Deploy"},
            {"run_id":7012,"status":"pending","run_name":"Deploy"}]})");
        const auto blocks = await(s.control.blocks(run7012));
        QVERIFY(blocks);
        QCOMPARE(blocks->size(), 1);
        QCOMPARE(blocks->first().group, t("deploy/production"));
        QCOMPARE(blocks->first().by, RunId(6999));
        const QUrl asked = s.http.requests.last().url;
        QVERIFY(
            asked.path(QUrl::FullyEncoded).endsWith(t("/concurrency_groups/deploy%2Fproduction")));
        QCOMPARE(asked.query(), t("ahead_of_run=7012"));
    }

    void aJobThatWaitsIsAskedAboutAsAJob()
    {
        Setup s;
        s.http.answer(200, R"({"total_count":1,"concurrency_groups":[
            {"group_name":"production","group_members":[
                {"run_id":7012,"job_id":null,"status":"in_progress","position":0},
                {"run_id":7012,"job_id":88,"job_name":"deploy","status":"pending","position":1}]}]})");
        s.http.answer(200, R"({"group_name":"production","group_members":[
            {"run_id":6999,"job_id":70,"job_name":"roll back","status":"in_progress",
             "run_name":"Rescue","run_html_url":null},
            {"run_id":7012,"job_id":88,"job_name":"deploy","status":"pending"}]})");
        const auto blocks = await(s.control.blocks(run7012));
        QVERIFY(blocks);
        QCOMPARE(blocks->size(), 1);
        QCOMPARE(blocks->first().by, RunId(6999));
        QCOMPARE(blocks->first().job, t("roll back"));
        QCOMPARE(blocks->first().basis, ConcurrencyBlock::Basis::Told);
        QCOMPARE(s.http.requests.last().url.query(), t("ahead_of_job=88"));
    }

    void whoIsAloneInItsGroupIsNotBlockedByItself()
    {
        Setup s;
        s.http.answer(200, R"({"concurrency_groups":[{"group_name":"a","group_members":[
            {"run_id":7012,"status":"pending","position":1}]}]})");
        s.http.answer(200, R"({"group_name":"a","group_members":[
            {"run_id":7012,"status":"pending"}]})");
        QCOMPARE(await(s.control.blocks(run7012))->size(), 0);
    }

    void whereThoseAheadAreRefusedTheWholeGroupIsRead()
    {
        Setup s;
        s.http.answer(200, R"({"concurrency_groups":[{"group_name":"a","group_members":[
            {"run_id":7012,"job_id":88,"status":"pending","position":1}]}]})");
        s.http.answer(422, R"({"message":"The job is not in this concurrency group"})");
        s.http.answer(200, R"({"group_name":"a","group_members":[
            {"run_id":7003,"status":"pending"},
            {"run_id":7012,"job_id":88,"status":"pending"},
            {"run_id":7020,"status":"pending"}]})");
        const auto blocks = await(s.control.blocks(run7012));
        QVERIFY(blocks);
        QCOMPARE(blocks->size(), 1);
        QCOMPARE(blocks->first().by, RunId(7003)); // 7020 stands behind
        QVERIFY(!s.http.requests.last().url.hasQuery());
    }

    void runsThatHaveNotEndedAreAskedForByState()
    {
        Setup s;
        s.http.answer(200, R"({"workflow_runs":[
            {"id":9,"head_sha":"c41d77e","status":"in_progress"}]})");
        s.http.answer(200, R"({"workflow_runs":[]})");
        s.http.answer(200, R"({"workflow_runs":[
            {"id":9,"head_sha":"c41d77e","status":"in_progress"},
            {"id":11,"head_sha":"be97965","status":"pending"}]})");
        s.http.answer(200, R"({"workflow_runs":[]})");
        const auto runs = await(s.control.active());
        QVERIFY(runs);
        QCOMPARE(runs->size(), 2);
        QCOMPARE(runs->at(1).id, RunId(11));
        QStringList states;
        for (const HttpRequest &request : s.http.requests)
            states.append(QUrlQuery(request.url).queryItemValue(t("status")));
        QCOMPARE(states.join(QLatin1Char(' ')), t("in_progress waiting pending queued"));
    }

    void aGroupThatWasGivenFreeSinceBlocksNobody()
    {
        Setup s;
        s.http.answer(200, R"({"concurrency_groups":[{"group_name":"a","group_members":[
            {"run_id":7012,"status":"pending","position":1}]}]})");
        s.http.answer(404, "{}");
        QCOMPARE(await(s.control.blocks(run7012))->size(), 0);
    }

    void aServerWithoutConcurrencyIsNotFound()
    {
        Setup s;
        s.http.answer(404, "{}");
        QCOMPARE(await(s.control.blocks(run7012)).error().kind, ErrorKind::NotFound);
    }

    void startedRunsAreLookedForByPersonAndTime()
    {
        Setup s;
        s.http.answer(200,
                      R"({"workflow_runs":[{"id":9,"head_sha":"c41d77e","status":"queued"}]})");
        const QDateTime since(QDate(2026, 11, 24), QTime(13, 0, 5), Qt::UTC);
        const auto runs
            = await(s.control.dispatched(t(".github/workflows/deploy.yml"), since, t("a muster")));
        QCOMPARE(runs->first().id, RunId(9));
        const QUrl url = s.http.requests[0].url;
        QVERIFY(url.path().endsWith(t("/actions/workflows/deploy.yml/runs")));
        const QUrlQuery query(url);
        QCOMPARE(query.queryItemValue(t("event")), t("workflow_dispatch"));
        QCOMPARE(query.queryItemValue(t("created"), QUrl::FullyDecoded),
                 t(">=2026-11-24T13:00:05Z"));
        QCOMPARE(query.queryItemValue(t("actor"), QUrl::FullyDecoded), t("a muster"));
    }

    void theAccountsRightDecides_data()
    {
        QTest::addColumn<QByteArray>("repository");
        QTest::addColumn<bool>("may");
        QTest::newRow("push") << QByteArray(R"({"permissions":{"pull":true,"push":true}})") << true;
        QTest::newRow("pull") << QByteArray(
            R"({"full_name":"acme/shop","permissions":{"pull":true}})")
                              << false;
        QTest::newRow("archived") << QByteArray(R"({"archived":true,"permissions":{"push":true}})")
                                  << false;
        QTest::newRow("not told") << QByteArray("{}") << true;
    }

    void theAccountsRightDecides()
    {
        QFETCH(const QByteArray, repository);
        QFETCH(const bool, may);
        Setup s;
        s.http.answer(200, repository);
        s.http.answer(200, R"({"login":"release-manager"})");
        const auto access = await(s.control.access());
        QVERIFY(access);
        QCOMPARE(access->mayWrite, may);
        QCOMPARE(access->why.isEmpty(), may);
        QCOMPARE(access->login, t("release-manager"));
    }

    void anAppHasNoLogin()
    {
        Setup s;
        s.http.answer(200, R"({"permissions":{"push":true}})");
        s.http.answer(403, R"({"message":"Resource not accessible by integration"})");
        const auto access = await(s.control.access());
        QVERIFY(access);
        QCOMPARE(access->login, QString());
    }

    void overTheWireAnOrderIsOneRequest()
    {
        RawServer server;
        server.answer(RawServer::http("503 Service Unavailable", "busy"));
        FakeCredential credential;
        FakeClock clock;
        NetworkHttp::Settings settings;
        settings.systemName = t("GitHub");
        settings.base = server.url();
        NetworkHttp http(settings, credential, clock);
        GithubRuns github(http, clock, {server.url(), t("acme"), t("shop"), "2022-11-28"});
        const auto taken = await(github.control().send(dispatch()));
        QCOMPARE(taken.error().kind, ErrorKind::Unavailable);
        QCOMPARE(server.received.size(), 1); // a GET would have come again
        QVERIFY(server.received[0].startsWith(
            "POST /repos/acme/shop/actions/workflows/deploy.yml/dispatches HTTP/1.1\r\n"));
        QVERIFY(server.received[0].contains("return_run_details"));
    }
};

QTEST_GUILESS_MAIN(TestGithubControl)
#include "githubcontrol.moc"
