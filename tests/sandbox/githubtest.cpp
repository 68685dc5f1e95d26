#include "app/sandbox/github/githubserver.h"
#include "app/sandbox/http/server.h"
#include "app/sandbox/world/story.h"
#include "httpclient.h"
#include "sandboxworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

const QString base = QStringLiteral("/api/v3/repos/coditect-ai/coditect-dev-context");

QString textOf(const QJsonValue &object, const char *name)
{
    return object[QLatin1String(name)].toString();
}

} // namespace

class GithubTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void runsComeNewestFirstByCommit();
    void filtersNarrowTheRuns_data();
    void filtersNarrowTheRuns();
    void pagesAreLinked();
    void anUnchangedAnswerCostsNothing();
    void jobsTellTheirStepsAsTheyGo();
    void jobsThatCouldNotBeginAreNotListed();
    void aRunningJobHasNoLog();
    void aLogComesFromAnotherHostWithoutTheToken();
    void theRedJobShowsItsFailure();
    void pullRequestsAreFoundByCommit();
    void commitsThatWereNotPushedAreUnknown();
    void deploymentsTellHowTheyWent();
    void aGateIsSeenAndApproved();
    void aReviewNeedsAllItsFields_data();
    void aReviewNeedsAllItsFields();
    void cancellingIsAcceptedAndComesLater();
    void whatTheColleagueSaysIsAComment();
    void refusalsAreGithubsOwn_data();
    void refusalsAreGithubsOwn();
    void everyFieldThatTheSchemaWantsIsThere();

private:
    [[nodiscard]] QJsonArray listOf(const QString &path, const char *key) const;

    QTemporaryDir m_dir;
    MadeRepository m_repository;
    std::unique_ptr<World> m_world;
    std::unique_ptr<GithubServer> m_github;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void GithubTest::initTestCase()
{
    auto made = makeRepository(m_dir.path());
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    m_repository = *made;
}

void GithubTest::init()
{
    WorldOptions options;
    options.startAt = 4; // 7001 green, candidates there, 7002 waits
    m_world = std::make_unique<World>(goodThenBad(), options, m_repository.commits);
    auto server = Server::listen(0, [this](const ExchangePtr &exchange) {
        const QString path = exchange->request.path;
        if (path.startsWith(QLatin1String("/logstore")))
            m_github->answerLogStore(exchange, path.mid(9));
        else
            m_github->answer(exchange, path.mid(7));
    });
    QVERIFY(server);
    m_server = std::move(*server);
    GithubServer::Settings settings;
    settings.api = QStringLiteral("http://127.0.0.1:%1/api/v3").arg(m_server->port());
    settings.logStore = QStringLiteral("http://localhost:%1/logstore").arg(m_server->port());
    m_github = std::make_unique<GithubServer>(*m_world, m_repository, settings);
    m_client = std::make_unique<HttpClient>(m_server->port());
    m_client->headers = {{"Authorization", "Bearer some-token"}};
}

void GithubTest::cleanup()
{
    m_server.reset();
    m_github.reset();
    m_world.reset();
}

QJsonArray GithubTest::listOf(const QString &path, const char *key) const
{
    const HttpAnswer answer = m_client->get(base + path);
    if (!key)
        return QJsonDocument::fromJson(answer.body).array();
    return answer.json().value(QLatin1String(key)).toArray();
}

void GithubTest::runsComeNewestFirstByCommit()
{
    const QString sha = m_repository.commits.value(QStringLiteral("9f3c2a1"));
    const QJsonArray runs
        = listOf(QStringLiteral("/actions/runs?head_sha=") + sha, "workflow_runs");
    QList<qint64> ids;
    for (const auto &run : runs) {
        ids.append(run[QLatin1String("id")].toInteger());
        QCOMPARE(textOf(run, "head_sha"), sha);
    }
    QCOMPARE(ids, (QList<qint64>{7003, 7002, 7001}));
    QCOMPARE(textOf(runs[2], "path"), QStringLiteral(".github/workflows/ci.yml"));
    QCOMPARE(textOf(runs[2], "conclusion"), QStringLiteral("success"));
    QCOMPARE(textOf(runs[1], "status"), QStringLiteral("waiting"));
    QVERIFY(runs[1][QLatin1String("conclusion")].isNull());
}

void GithubTest::filtersNarrowTheRuns_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("count");
    QTest::newRow("all of them") << QString() << 10;
    QTest::newRow("by status") << QStringLiteral("?status=waiting") << 1;
    QTest::newRow("by conclusion") << QStringLiteral("?status=failure") << 1;
    QTest::newRow("by branch") << QStringLiteral("?branch=main") << 10;
    QTest::newRow("by another branch") << QStringLiteral("?branch=develop") << 0;
    QTest::newRow("by event") << QStringLiteral("?event=push") << 4;
}

void GithubTest::filtersNarrowTheRuns()
{
    QFETCH(QString, query);
    QFETCH(int, count);
    const QJsonObject answer = m_client->get(base + QStringLiteral("/actions/runs") + query).json();
    QCOMPARE(answer.value(QLatin1String("total_count")).toInt(), count);
    QCOMPARE(answer.value(QLatin1String("workflow_runs")).toArray().size(), count);
}

void GithubTest::pagesAreLinked()
{
    const QString origin = QStringLiteral("http://127.0.0.1:%1").arg(m_server->port());
    QString path = base + QStringLiteral("/actions/runs?per_page=4");
    QList<qsizetype> sizes;
    for (int guard = 0; !path.isEmpty() && guard < 9; ++guard) {
        const HttpAnswer answer = m_client->get(path);
        sizes.append(answer.json().value(QLatin1String("workflow_runs")).toArray().size());
        path.clear();
        for (const QByteArray &link : answer.headers.value("link").split(','))
            if (link.contains("rel=\"next\""))
                path = QString::fromLatin1(link.mid(link.indexOf('<') + 1,
                                                    link.indexOf('>') - link.indexOf('<') - 1))
                           .mid(origin.size());
    }
    QCOMPARE(sizes, (QList<qsizetype>{4, 4, 2}));
    QVERIFY(m_client->get(base + QStringLiteral("/actions/runs")).headers.value("link").isEmpty());
}

void GithubTest::anUnchangedAnswerCostsNothing()
{
    const QString path = base + QStringLiteral("/actions/runs/7001");
    const HttpAnswer first = m_client->get(path);
    const QByteArray tag = first.headers.value("etag");
    QVERIFY(tag.startsWith("W/\""));
    const HttpAnswer second = m_client->get(path, {{"If-None-Match", tag}});
    QCOMPARE(second.status, 304);
    QVERIFY(second.body.isEmpty());
    QCOMPARE(second.headers.value("x-ratelimit-remaining"),
             first.headers.value("x-ratelimit-remaining"));
    QCOMPARE(m_client->get(path).headers.value("x-ratelimit-used").toInt(),
             first.headers.value("x-ratelimit-used").toInt() + 1);
    QVERIFY(m_world->runs().rerun(7001, QStringLiteral("all"), 0));
    QCOMPARE(m_client->get(path, {{"If-None-Match", tag}}).status, 200);
}

void GithubTest::jobsTellTheirStepsAsTheyGo()
{
    QVERIFY(m_world->runs().rerun(7001, QStringLiteral("all"), m_world->clockSecond()));
    moveBy(*m_world, 6);
    const QJsonArray jobs = listOf(QStringLiteral("/actions/runs/7001/jobs"), "jobs");
    QCOMPARE(textOf(jobs[0], "name"), QStringLiteral("build"));
    QCOMPARE(textOf(jobs[0], "status"), QStringLiteral("in_progress"));
    QCOMPARE(jobs[0][QLatin1String("run_attempt")].toInt(), 2);
    QStringList states;
    const QJsonArray steps = jobs[0][QLatin1String("steps")].toArray();
    for (const auto &step : steps)
        states.append(textOf(step, "status"));
    QCOMPARE(states.first(), QStringLiteral("completed"));
    QVERIFY(states.contains(QStringLiteral("in_progress")));
    QCOMPARE(states.last(), QStringLiteral("queued"));
    QCOMPARE(states.count(QStringLiteral("in_progress")), 1);
}

void GithubTest::jobsThatCouldNotBeginAreNotListed()
{
    QVERIFY(m_world->runs().rerun(7001, QStringLiteral("all"), m_world->clockSecond()));
    moveBy(*m_world, 6);
    QStringList names;
    const QJsonArray jobs = listOf(QStringLiteral("/actions/runs/7001/jobs"), "jobs");
    for (const auto &job : jobs)
        names.append(textOf(job, "name"));
    QVERIFY(!names.contains(QStringLiteral("integration-tests")));
    QVERIFY(names.contains(QStringLiteral("lint (mypy)")));
    moveBy(*m_world, 10);
    QCOMPARE(listOf(QStringLiteral("/actions/runs/7001/jobs"), "jobs").size(), 7);
}

void GithubTest::aRunningJobHasNoLog()
{
    QVERIFY(m_world->runs().rerun(7001, QStringLiteral("all"), m_world->clockSecond()));
    moveBy(*m_world, 6);
    const qint64 id = m_world->runs().find(7001)->jobs.first().id;
    QCOMPARE(m_client->get(base + QStringLiteral("/actions/jobs/%1/logs").arg(id)).status, 404);
}

void GithubTest::aLogComesFromAnotherHostWithoutTheToken()
{
    const qint64 id = m_world->runs().find(7001)->jobs.first().id;
    const HttpAnswer redirect
        = m_client->get(base + QStringLiteral("/actions/jobs/%1/logs").arg(id));
    QCOMPARE(redirect.status, 302);
    const QString location = QString::fromLatin1(redirect.headers.value("location"));
    const QString host = QStringLiteral("http://localhost:%1").arg(m_server->port());
    QVERIFY2(location.startsWith(host), qPrintable(location));
    const QString path = location.mid(host.size());
    QCOMPARE(m_client->get(path).status, 400);
    const HttpClient bare(m_server->port());
    const HttpAnswer log = bare.get(path);
    QCOMPARE(log.status, 200);
    QVERIFY(log.body.contains("##[group]"));
    QCOMPARE(bare.get(path + QStringLiteral("x")).status, 403);
}

void GithubTest::theRedJobShowsItsFailure()
{
    QJsonObject red;
    const QJsonArray jobs = listOf(QStringLiteral("/actions/runs/6998/jobs"), "jobs");
    for (const auto &job : jobs)
        if (textOf(job, "conclusion") == QLatin1String("failure"))
            red = job.toObject();
    QCOMPARE(textOf(red, "name"), QStringLiteral("integration-tests"));
    QStringList failed;
    const QJsonArray steps = red.value(QLatin1String("steps")).toArray();
    for (const auto &step : steps)
        if (textOf(step, "conclusion") == QLatin1String("failure"))
            failed.append(textOf(step, "name"));
    QCOMPARE(failed, QStringList{QStringLiteral("pytest")});
    const HttpAnswer redirect = m_client->get(
        base
        + QStringLiteral("/actions/jobs/%1/logs").arg(red.value(QLatin1String("id")).toInteger()));
    const QString location = QString::fromLatin1(redirect.headers.value("location"));
    const HttpAnswer log = HttpClient(m_server->port())
                               .get(location.mid(location.indexOf(QLatin1String("/logstore"))));
    QVERIFY(log.body.contains("test_other_org_hidden"));
}

void GithubTest::pullRequestsAreFoundByCommit()
{
    const QString sha = m_repository.commits.value(QStringLiteral("9f3c2a1"));
    const QJsonArray pulls = listOf(QStringLiteral("/commits/%1/pulls").arg(sha), nullptr);
    QCOMPARE(pulls.size(), 1);
    QCOMPARE(pulls[0][QLatin1String("number")].toInt(), 412);
    QVERIFY(!textOf(pulls[0], "title").contains(QLatin1String("(#")));
}

void GithubTest::commitsThatWereNotPushedAreUnknown()
{
    const QString bad = m_repository.commits.value(QStringLiteral("c41d77e"));
    QCOMPARE(m_client->get(base + QStringLiteral("/commits/") + bad).status, 422);
    const QJsonArray commits = listOf(QStringLiteral("/commits"), nullptr);
    QCOMPARE(textOf(commits[0], "sha"), m_repository.commits.value(QStringLiteral("9f3c2a1")));
}

void GithubTest::deploymentsTellHowTheyWent()
{
    const QJsonArray all = listOf(QStringLiteral("/deployments?environment=staging"), nullptr);
    QVERIFY(!all.isEmpty());
    for (const auto &deployment : all) {
        const QString path = QStringLiteral("/deployments/%1/statuses")
                                 .arg(deployment[QLatin1String("id")].toInteger());
        QVERIFY(textOf(deployment, "statuses_url").endsWith(path));
        const QJsonArray statuses = listOf(path, nullptr);
        QVERIFY(!statuses.isEmpty());
        // Newest first, and the begin of it is the last one.
        QCOMPARE(textOf(statuses.last(), "state"), QStringLiteral("in_progress"));
        QCOMPARE(textOf(statuses.last(), "created_at"), textOf(deployment, "created_at"));
        QVERIFY(textOf(statuses[0], "created_at") >= textOf(statuses.last(), "created_at"));
        QVERIFY(textOf(statuses[0], "log_url").contains(QLatin1String("/actions/runs/")));
    }
    QCOMPARE(textOf(listOf(QStringLiteral("/deployments/70020/statuses"), nullptr)[0], "state"),
             QStringLiteral("success"));
    QCOMPARE(m_client->get(base + QStringLiteral("/deployments/1/statuses")).status, 404);
}

void GithubTest::aGateIsSeenAndApproved()
{
    const QString path = base + QStringLiteral("/actions/runs/7002/pending_deployments");
    const QJsonArray pending = QJsonDocument::fromJson(m_client->get(path).body).array();
    QCOMPARE(pending.size(), 1);
    QVERIFY(pending[0][QLatin1String("current_user_can_approve")].toBool());
    const QJsonValue environment = pending[0][QLatin1String("environment")];
    QCOMPARE(textOf(environment, "name"), QStringLiteral("production"));
    const QByteArray body = R"({"environment_ids":[)"
                            + QByteArray::number(environment[QLatin1String("id")].toInteger())
                            + R"(],"state":"approved","comment":"good"})";
    QCOMPARE(m_client->call("POST", path, body).status, 200);
    QCOMPARE(m_world->runs().find(7002)->status(), QStringLiteral("in_progress"));
    QCOMPARE(QJsonDocument::fromJson(m_client->get(path).body).array().size(), 0);
    QCOMPARE(listOf(QStringLiteral("/actions/runs/7002/approvals"), nullptr).size(), 1);
    QCOMPARE(m_client->call("POST", path, body).status, 422);
}

void GithubTest::aReviewNeedsAllItsFields_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("no comment") << QByteArray(R"({"environment_ids":[1],"state":"approved"})");
    QTest::newRow("an unknown state")
        << QByteArray(R"({"environment_ids":[1],"state":"yes","comment":""})");
    QTest::newRow("no environment")
        << QByteArray(R"({"environment_ids":[],"state":"approved","comment":""})");
    QTest::newRow("another environment")
        << QByteArray(R"({"environment_ids":[1],"state":"approved","comment":""})");
}

void GithubTest::aReviewNeedsAllItsFields()
{
    QFETCH(QByteArray, body);
    const HttpAnswer answer = m_client->call(
        "POST", base + QStringLiteral("/actions/runs/7002/pending_deployments"), body);
    QCOMPARE(answer.status, 422);
    QCOMPARE(m_world->runs().find(7002)->status(), QStringLiteral("waiting"));
}

void GithubTest::cancellingIsAcceptedAndComesLater()
{
    const QString path = base + QStringLiteral("/actions/runs/7002");
    QCOMPARE(m_client->call("POST", path + QStringLiteral("/cancel")).status, 202);
    QCOMPARE(textOf(m_client->get(path).json(), "status"), QStringLiteral("waiting"));
    moveBy(*m_world, 2);
    QCOMPARE(textOf(m_client->get(path).json(), "conclusion"), QStringLiteral("cancelled"));
    QCOMPARE(m_client->call("POST", path + QStringLiteral("/cancel")).status, 409);
    QCOMPARE(m_client->call("POST", base + QStringLiteral("/actions/runs/1/cancel")).status, 404);
}

void GithubTest::whatTheColleagueSaysIsAComment()
{
    QCOMPARE(listOf(QStringLiteral("/issues/comments"), nullptr).size(), 0);
    m_world->story().begin();
    moveBy(*m_world, 61);
    const QJsonArray comments = listOf(QStringLiteral("/issues/comments"), nullptr);
    QCOMPARE(comments.size(), 1);
    QCOMPARE(textOf(comments[0], "body"), m_world->scenario().colleague.nag);
    QCOMPARE(textOf(comments[0][QLatin1String("user")], "login"), QStringLiteral("b-novak"));
}

void GithubTest::refusalsAreGithubsOwn_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("another repository") << QStringLiteral("/api/v3/repos/someone/else");
    QTest::newRow("no such run") << base + QStringLiteral("/actions/runs/1");
    QTest::newRow("no such path") << base + QStringLiteral("/nothing");
}

void GithubTest::refusalsAreGithubsOwn()
{
    QFETCH(QString, path);
    const HttpAnswer answer = m_client->get(path);
    QCOMPARE(answer.status, 404);
    QCOMPARE(textOf(answer.json(), "message"), QStringLiteral("Not Found"));
    QCOMPARE(textOf(answer.json(), "status"), QStringLiteral("404"));
    QVERIFY(answer.json().contains(QLatin1String("documentation_url")));
}

void GithubTest::everyFieldThatTheSchemaWantsIsThere()
{
    // `required` of workflow-run and job in GitHub's OpenAPI description.
    const QStringList ofRun
        = QStringLiteral("id node_id head_branch run_number display_title event status conclusion "
                         "head_sha path workflow_id url html_url created_at updated_at head_commit "
                         "head_repository repository jobs_url logs_url check_suite_url cancel_url "
                         "rerun_url artifacts_url workflow_url pull_requests")
              .split(QLatin1Char(' '));
    const QStringList ofJob
        = QStringLiteral("id node_id run_id run_url head_sha name url html_url status conclusion "
                         "created_at started_at completed_at check_run_url labels runner_id "
                         "runner_name runner_group_id runner_group_name workflow_name head_branch")
              .split(QLatin1Char(' '));
    const QJsonArray runs = listOf(QStringLiteral("/actions/runs"), "workflow_runs");
    for (const auto &run : runs)
        for (const QString &name : ofRun)
            QVERIFY2(run.toObject().contains(name), qPrintable(name));
    const QJsonArray jobs = listOf(QStringLiteral("/actions/runs/7002/jobs"), "jobs");
    for (const auto &job : jobs)
        for (const QString &name : ofJob)
            QVERIFY2(job.toObject().contains(name), qPrintable(name));
}

QTEST_GUILESS_MAIN(GithubTest)
#include "githubtest.moc"
