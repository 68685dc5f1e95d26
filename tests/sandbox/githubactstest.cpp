#include "app/sandbox/github/githubserver.h"
#include "app/sandbox/http/server.h"
#include "connectors/github/githubruns.h"
#include "connectors/http/networkhttp.h"
#include "logs/logdiff.h"
#include "logs/logspool.h"
#include "pipeline/act/runcontrol.h"
#include "release/logs/lastgreen.h"
#include "sandboxworld.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakecredential.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace pilothouse::sandbox;
using namespace std::chrono_literals;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const RunId ci(7001);
const RunId deploy(7002);

} // namespace

/// The console's own connector against the rehearsal's GitHub, over loopback.
class GithubActsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const auto made = makeRepository(m_dir.path());
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        m_repository = *made;
    }

    void init()
    {
        WorldOptions options;
        options.startAt = 4; // 7001 green, 7002 waits for production
        m_world = std::make_unique<World>(goodThenBad(), options, m_repository.commits);
        auto server = Server::listen(0, [this](const ExchangePtr &exchange) {
            const QString logs = t("/logstore");
            if (exchange->request.path.startsWith(logs))
                m_github->answerLogStore(exchange, exchange->request.path.mid(logs.size()));
            else
                m_github->answer(exchange, exchange->request.path.mid(7));
        });
        QVERIFY(server);
        m_server = std::move(*server);
        GithubServer::Settings settings;
        settings.api = t("http://127.0.0.1:%1/api/v3").arg(m_server->port());
        settings.logStore = t("http://localhost:%1/logstore").arg(m_server->port());
        m_github = std::make_unique<GithubServer>(*m_world, m_repository, settings);
        NetworkHttp::Settings http;
        http.systemName = t("GitHub");
        http.base = QUrl(settings.api);
        m_http = std::make_unique<NetworkHttp>(http, m_credential, m_clock);
        m_runs = std::make_unique<GithubRuns>(
            *m_http, m_clock,
            GithubRuns::Settings{QUrl(settings.api), t("coditect-ai"), t("coditect-dev-context"),
                                 "2022-11-28"});
        m_control = &m_runs->control();
    }

    void cleanup()
    {
        m_runs.reset();
        m_http.reset();
        m_server.reset();
        m_github.reset();
        m_world.reset();
    }

    void whoIsSignedInMayWrite()
    {
        const auto access = await(m_control->access());
        QVERIFY(access);
        QVERIFY(access->mayWrite);
        QCOMPARE(access->login, t("release-manager"));
    }

    void aRerunMakesASecondAttemptWithItsOwnJobs()
    {
        const auto before = await(m_runs->jobs(RunId(6998)));
        QVERIFY(before);
        QVERIFY(await(m_control->send(RerunFailedJobs{RunId(6998), 1})));
        const auto run = await(m_control->run(RunId(6998)));
        QCOMPARE(run->value.attempt, 2);
        QVERIFY(run->value.status != RunStatus::Failed);
        const auto after = await(m_runs->jobs(RunId(6998)));
        QCOMPARE(after->value.size(), before->value.size());
        for (const Job &job : after->value) {
            QCOMPARE(job.attempt, 2);
            for (const Job &old : before->value)
                QVERIFY(old.id != job.id);
        }
        // The good ones keep their result; the failed one runs, and fails as it did.
        QCOMPARE(jobOf(after->value, "build").status, RunStatus::Succeeded);
        moveBy(*m_world, 40);
        const auto end = await(m_runs->jobs(RunId(6998)));
        QCOMPARE(jobOf(end->value, "integration-tests").status, RunStatus::Failed);
    }

    void theFirstAttemptIsStillTold()
    {
        QVERIFY(await(m_control->send(RerunFailedJobs{RunId(6998), 1})));
        const auto then = m_world->runs().find(6998)->inAttempt(1);
        QVERIFY(then);
        QCOMPARE(then->conclusion, t("failure"));
        QVERIFY(!m_world->runs().find(6998)->inAttempt(3));
    }

    void theRedRunFindsTheGreenOneBeforeItAndItsLog()
    {
        const auto red = await(m_control->run(RunId(6998)));
        QVERIFY(red);
        const auto green = await(m_runs->lastGreen(red->value));
        QVERIFY2(green, green ? "" : qPrintable(green.error().message));
        QVERIFY(green->value);
        QCOMPARE(green->value->id, RunId(6981));
        QCOMPARE(green->value->branch, red->value.branch);
        const auto jobs = await(m_runs->jobs(green->value->id));
        QCOMPARE(jobOf(jobs->value, "integration-tests").status, RunStatus::Succeeded);
        const auto first = await(m_control->run(RunId(6961)));
        QVERIFY(!await(m_runs->lastGreen(first->value))->value);
    }

    void theFirstDifferenceOfTheTwoLogsIsARealOne()
    {
        QTemporaryDir folder;
        LogSpool spool(folder.path());
        const std::vector<LogSource *> sources{m_runs.get()};
        const auto run = await(m_control->run(RunId(6998)));
        const auto jobs = await(m_runs->jobs(RunId(6998)));
        const Job red = jobOf(jobs->value, "integration-tests");
        LogFetch fetch(sources, JobLog{red.run, red.id}, spool);
        QTRY_VERIFY(fetch.log());
        LastGreen green(*m_runs, sources, spool);
        std::optional<GreenLog> found;
        connect(&green, &LastGreen::found, this, [&](const GreenLog &log) { found = log; });
        connect(&green, &LastGreen::refused, this,
                [](const Error &why) { QFAIL(qPrintable(why.message)); });
        green.find(run->value, red);
        QTRY_VERIFY(found);
        QCOMPARE(found->run.id, RunId(6981));
        QVERIFY(found->ago);
        QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(*found->ago).count() / 24, 4);
        const auto difference = firstDifference(fetch.log()->text(), found->log->text());
        QVERIFY(difference);
        // A test that the green run did not have yet: no stamp, no share, no duration.
        const QByteArray first = fetch.log()->line(difference->left);
        QVERIFY2(first.contains("test_scope_by_org PASSED"), first.constData());
        QVERIFY(difference->alike > 1000);
        // Behind the two new tests, one of them red, both go on alike up to the report of it.
        const auto meeting = nextMeeting(fetch.log()->text(), found->log->text(), *difference, 400);
        QVERIFY(meeting);
        const auto second = firstDifference(fetch.log()->text(), found->log->text(), *meeting);
        QVERIFY(second);
        const QByteArray report = fetch.log()->line(second->left);
        QVERIFY2(report.contains("= FAILURES ="), report.constData());
    }

    void oneJobRunsAgainWithWhatNeedsIt()
    {
        const auto jobs = await(m_runs->jobs(ci));
        const Job build = jobOf(jobs->value, "build");
        QVERIFY(await(m_control->send(RerunJob{ci, 1, build.id, build.name})));
        const auto after = await(m_runs->jobs(ci));
        QCOMPARE(jobOf(after->value, "security-scan").status, RunStatus::Succeeded);
        QVERIFY(jobOf(after->value, "build").status != RunStatus::Succeeded);
    }

    void aRunThatGoesOnIsNotRunAgain()
    {
        const auto refused = await(m_control->send(RerunFailedJobs{deploy, 1}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::NotAllowed);
        QVERIFY2(refused.error().message.contains(t("This workflow is already running")),
                 qPrintable(refused.error().message));
    }

    void aCancellationIsTakenAndComesLater()
    {
        QVERIFY(await(m_control->send(CancelRun{deploy, CancelRun::Force::No})));
        QCOMPARE(await(m_control->run(deploy))->value.status, RunStatus::Waiting);
        moveBy(*m_world, 1.2);
        QCOMPARE(await(m_control->run(deploy))->value.status, RunStatus::Cancelled);
        const auto late = await(m_control->send(CancelRun{deploy, CancelRun::Force::No}));
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
    }

    void aForcedEndComesAtOnce()
    {
        QVERIFY(await(m_control->send(CancelRun{deploy, CancelRun::Force::Yes})));
        QCOMPARE(await(m_control->run(deploy))->value.status, RunStatus::Cancelled);
    }

    void anApprovalLetsTheJobGoOn()
    {
        const auto waiting = await(m_control->waiting(deploy));
        QVERIFY(waiting);
        QCOMPARE(waiting->size(), 1);
        QCOMPARE(waiting->first().name, t("production"));
        QVERIFY(waiting->first().mayReview);
        QVERIFY(await(
            m_control->send(ReviewEnvironments{deploy, *waiting, ReviewState::Approved, t("go")})));
        QCOMPARE(await(m_control->waiting(deploy))->size(), 0);
        QCOMPARE(jobOf(await(m_runs->jobs(deploy))->value, "finish").status, RunStatus::Running);
        const auto given = await(m_control->reviews(deploy));
        QCOMPARE(given->size(), 1);
        QCOMPARE(given->first().environments, QStringList{t("production")});
        QCOMPARE(given->first().comment, t("go"));
    }

    void aRejectionEndsTheRun()
    {
        const auto waiting = await(m_control->waiting(deploy));
        QVERIFY(await(
            m_control->send(ReviewEnvironments{deploy, *waiting, ReviewState::Rejected, t("no")})));
        QCOMPARE(await(m_control->run(deploy))->value.status, RunStatus::Failed);
    }

    void aDispatchStartsARunThatWaitsForItsGroup()
    {
        const QDateTime before = m_world->wallTime(m_world->clockSecond()).addSecs(-5);
        const auto taken = await(m_control->send(dispatchOf("9f3c2a1")));
        QVERIFY2(taken, taken ? "" : qPrintable(taken.error().detail));
        QVERIFY(taken->run != RunId());
        const auto run = await(m_control->run(taken->run));
        QCOMPARE(run->value.event, t("workflow_dispatch"));
        QCOMPARE(run->value.actor, t("release-manager"));
        QCOMPARE(run->value.status, RunStatus::Queued); // GitHub's "pending"
        const auto blocks = await(m_control->blocks(taken->run));
        QVERIFY(blocks);
        QCOMPARE(blocks->size(), 1);
        QCOMPARE(blocks->first().by, deploy);
        QCOMPARE(blocks->first().group, t("standalone"));
        QCOMPARE(await(m_control->blocks(deploy))->size(), 0);

        const auto found = await(m_control->dispatched(t(".github/workflows/deploy-standalone.yml"),
                                                       before, t("release-manager")));
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->first().id, taken->run);
        QCOMPARE(await(m_control->dispatched(t(".github/workflows/deploy-standalone.yml"), before,
                                             t("b-novak")))
                     ->size(),
                 0);

        QVERIFY(await(m_control->send(CancelRun{deploy, CancelRun::Force::Yes})));
        moveBy(*m_world, 1);
        QCOMPARE(await(m_control->run(taken->run))->value.status, RunStatus::Running);
        QCOMPARE(await(m_control->blocks(taken->run))->size(), 0);
    }

    void aDispatchIsRefusedInGithubsWords_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("ref");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("words");
        const QString standalone = t("deploy-standalone.yml");
        QTest::newRow("no trigger") << t("ci.yml") << t("main") << t("commit")
                                    << t("does not have 'workflow_dispatch' trigger");
        QTest::newRow("no branch")
            << standalone << t("nowhere") << t("commit") << t("No ref found for: nowhere");
        QTest::newRow("no input") << standalone << t("main") << QString()
                                  << t("Required input 'commit' not provided");
    }

    void aDispatchIsRefusedInGithubsWords()
    {
        QFETCH(const QString, file);
        QFETCH(const QString, ref);
        QFETCH(const QString, key);
        QFETCH(const QString, words);
        DispatchWorkflow order = dispatchOf("9f3c2a1");
        order.workflowPath = t(".github/workflows/") + file;
        order.ref = ref;
        if (key.isEmpty())
            order.inputs.clear();
        const auto refused = await(m_control->send(order));
        QVERIFY(!refused);
        QVERIFY2(refused.error().detail.contains(words), qPrintable(refused.error().detail));
    }

private:
    [[nodiscard]] DispatchWorkflow dispatchOf(const char *nickname) const
    {
        return {t(".github/workflows/deploy-standalone.yml"),
                t("main"),
                {{t("commit"), m_repository.commits.value(t(nickname))}}};
    }
    [[nodiscard]] static Job jobOf(const QList<Job> &jobs, const char *name)
    {
        for (const Job &job : jobs) {
            if (job.name == t(name))
                return job;
        }
        return {};
    }

    QTemporaryDir m_dir;
    MadeRepository m_repository;
    FakeCredential m_credential;
    FakeClock m_clock;
    std::unique_ptr<World> m_world;
    std::unique_ptr<GithubServer> m_github;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<GithubRuns> m_runs;
    RunControl *m_control = nullptr;
};

QTEST_GUILESS_MAIN(GithubActsTest)
#include "githubactstest.moc"
