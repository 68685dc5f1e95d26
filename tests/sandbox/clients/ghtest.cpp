#include "clientprogram.h"
#include "connectors/github/githubruns.h"
#include "connectors/kubernetes/rehearsalserver.h"
#include "pipeline/act/runcontrol.h"
#include "socketbridge.h"
#include "support/await.h"
#include "support/fakecredential.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
const RunId green(7001);
const RunId waiting(7002);
const RunId red(6998);

QString q(const char *text)
{
    return QString::fromUtf8(text);
}

/// gh's word for how a run or a job stands: what came of it, or that it goes on.
QString standing(const QJsonValue &told)
{
    const QString conclusion = told[QLatin1String("conclusion")].toString();
    return conclusion.isEmpty() ? told[QLatin1String("status")].toString() : conclusion;
}

QString standing(RunStatus status)
{
    switch (status) {
    case RunStatus::Queued:
        return q("queued");
    case RunStatus::Waiting:
        return q("waiting");
    case RunStatus::Running:
        return q("in_progress");
    case RunStatus::Succeeded:
        return q("success");
    case RunStatus::Failed:
        return q("failure");
    case RunStatus::Cancelled:
        return q("cancelled");
    case RunStatus::Skipped:
        return q("skipped");
    case RunStatus::TimedOut:
    case RunStatus::Neutral:
    case RunStatus::Unknown:
        break;
    }
    return q("not in the rehearsal");
}

QDateTime timeIn(const QJsonValue &told, const char *name)
{
    return QDateTime::fromString(told[QLatin1String(name)].toString(), Qt::ISODate);
}

} // namespace

/// GitHub's own client against the rehearsal's GitHub, beside the console's connector.
class GhTest : public QObject
{
    Q_OBJECT

private:
    using Output = ClientProgram::Output;

    SystemClock m_clock;
    FakeCredential m_credential;
    std::unique_ptr<RehearsalServer> m_rehearsal;
    std::unique_ptr<ClientProgram> m_gh;
    std::unique_ptr<SocketBridge> m_bridge;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<GithubRuns> m_runs;
    RunControl *m_control = nullptr;

    Output gh(const QString &line, const QByteArray &input = {})
    {
        return m_gh->run(ClientProgram::words(line), input);
    }
    /// What `gh auth login` leaves behind, which in Debian 13 asks for GraphQL.
    bool signIn()
    {
        QFile hosts(m_gh->home() + q("/.config/gh/hosts.yml"));
        return hosts.open(QIODevice::WriteOnly)
               && hosts.write("github.rehearsal:\n"
                              "    user: release-manager\n"
                              "    oauth_token: a-token\n"
                              "    users: {release-manager: {oauth_token: a-token}}\n")
                      > 0;
    }
    QJsonDocument told(const QString &line)
    {
        const Output output = gh(line);
        if (output.exitCode != 0)
            QTest::qFail(qPrintable(output.all()), __FILE__, __LINE__);
        return QJsonDocument::fromJson(output.out.toUtf8());
    }
    Run runOf(const RunId &id)
    {
        const auto run = await(m_control->run(id));
        return run ? run->value : Run{};
    }
    static void commands()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("says");
    }
    static void row(const char *name, const char *line, int exitCode, const char *says)
    {
        QTest::newRow(name) << q(line) << exitCode << q(says);
    }
    void saysAsExpected()
    {
        QFETCH(QString, line);
        QFETCH(int, exitCode);
        QFETCH(QString, says);
        const Output output = gh(line);
        QVERIFY2(output.all().contains(says), qPrintable(output.all()));
        QCOMPARE(output.exitCode, exitCode);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString program = ClientProgram::part(q("gh/usr/bin/gh"));
        NEED_PART(program, "gh");
        // Ten times as fast: what runs again ends within seconds.
        m_rehearsal
            = std::make_unique<RehearsalServer>(atTenPerCent, QStringList{q("--speed"), q("10")});
        QVERIFY2(!m_rehearsal->ready.isEmpty(), qPrintable(m_rehearsal->complaint));
        const QUrl api(m_rehearsal->ready.value(QLatin1String("github")).toString());
        m_gh = std::make_unique<ClientProgram>(program);
        for (const auto &[name, value] :
             std::initializer_list<std::pair<const char *, const char *>>{
                 {"GH_HOST", "github.rehearsal"},
                 {"GH_REPO", "github.rehearsal/coditect-ai/coditect-dev-context"},
                 {"GH_PROMPT_DISABLED", "1"},
                 {"GH_NO_UPDATE_NOTIFIER", "1"}})
            m_gh->setEnvironment(q(name), q(value));
        m_bridge
            = std::make_unique<SocketBridge>(m_gh->home() + q("/gh.sock"), quint16(api.port()));
        QVERIFY(m_bridge->isOpen());
        QCOMPARE(gh(q("config set http_unix_socket ") + m_bridge->path()).all(), QString());
        QVERIFY(signIn());

        NetworkHttp::Settings http;
        http.systemName = q("GitHub");
        http.base = api;
        m_http = std::make_unique<NetworkHttp>(http, m_credential, m_clock);
        m_runs = std::make_unique<GithubRuns>(
            *m_http, m_clock,
            GithubRuns::Settings{api, q("coditect-ai"), q("coditect-dev-context"), "2022-11-28"});
        m_control = &m_runs->control();
    }

    void cleanupTestCase()
    {
        m_runs.reset();
        if (m_gh)
            qInfo("%d gh commands", m_gh->runs());
    }

    void itListsTheRunsThatTheConsoleReads()
    {
        const auto ours = await(m_runs->latestRuns());
        QVERIFY2(ours, ours ? "" : qPrintable(ours.error().message));
        QVERIFY(ours->value.size() >= 10);
        const QJsonArray theirs
            = told(q("run list --json databaseId,displayTitle,event,headBranch,headSha,status,"
                     "conclusion,createdAt,updatedAt,url"))
                  .array();
        QCOMPARE(theirs.size(), ours->value.size());
        for (qsizetype i = 0; i < theirs.size(); ++i) {
            const QJsonValue run = theirs[i];
            const Run &same = ours->value[i];
            QCOMPARE(RunId(run[QLatin1String("databaseId")].toInteger()), same.id);
            QCOMPARE(run[QLatin1String("displayTitle")].toString(), same.title);
            QCOMPARE(run[QLatin1String("event")].toString(), same.event);
            QCOMPARE(run[QLatin1String("headBranch")].toString(), same.branch);
            QCOMPARE(run[QLatin1String("headSha")].toString(), same.commit.value);
            QCOMPARE(run[QLatin1String("url")].toString(), same.page.toString());
            QCOMPARE(standing(run), standing(same.status));
            QCOMPARE(timeIn(run, "createdAt"), same.createdAt);
            QCOMPARE(timeIn(run, "updatedAt"), same.updatedAt);
        }
    }

    void itShowsTheJobsThatTheConsoleReads()
    {
        for (const RunId &run : {green, waiting, red}) {
            const auto ours = await(m_runs->jobs(run));
            QVERIFY2(ours, ours ? "" : qPrintable(ours.error().message));
            const QJsonArray theirs = told(QStringLiteral("run view %1 --json jobs").arg(run.value))
                                          .object()[QLatin1String("jobs")]
                                          .toArray();
            QCOMPARE(theirs.size(), ours->value.size());
            for (qsizetype i = 0; i < theirs.size(); ++i) {
                const QJsonValue job = theirs[i];
                const Job &same = ours->value[i];
                QCOMPARE(JobId(job[QLatin1String("databaseId")].toInteger()), same.id);
                QCOMPARE(job[QLatin1String("name")].toString(), same.name);
                QCOMPARE(standing(job), standing(same.status));
                QCOMPARE(job[QLatin1String("steps")].toArray().size(), same.steps.size());
            }
        }
    }

    /// gh takes it out of the zip file of the whole run and cuts it into steps by their names.
    void itShowsTheLogsThatTheConsoleReads()
    {
        const auto jobs = await(m_runs->jobs(red));
        QVERIFY(jobs);
        for (const Job &job : jobs->value) {
            QByteArray ours;
            bool ended = false;
            const auto stream = m_runs->open(JobLog{red, job.id});
            connect(stream.get(), &LogStream::bytesArrived, this,
                    [&](const QByteArray &bytes) { ours += bytes; });
            connect(stream.get(), &LogStream::ended, this, [&] { ended = true; });
            QTRY_VERIFY(ended);
            const Output output = gh(QStringLiteral("run view --log --job %1").arg(job.id.value));
            QCOMPARE(output.exitCode, 0);
            QStringList theirs;
            for (const QString &line : output.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
                QCOMPARE(line.section(QLatin1Char('\t'), 0, 0), job.name);
                theirs.append(line.section(QLatin1Char('\t'), 2));
            }
            QCOMPARE(theirs, QString::fromUtf8(ours).split(QLatin1Char('\n'), Qt::SkipEmptyParts));
        }
    }

    void itReads_data()
    {
        commands();
        row("the workflows", "workflow list", 0, "Deploy Standalone (Kubernetes)");
        row("a workflow's runs", "workflow view ci.yml", 0,
            "completed\tsuccess\tWrite organization_id with every conversation (#412)");
        row("runs of a workflow",
            "run list --workflow ci.yml --limit 1 -q .[].databaseId --json "
            "databaseId",
            0, "7001");
        row("runs of a branch", "run list --branch none --json databaseId", 0, "[]");
        row("a green run", "run view 7001", 0, "✓ unit-tests in ");
        row("a red run", "run view 6998 --exit-status", 1, "X integration-tests in ");
        row("a waiting run", "run view 7002", 0, "* finish");
        row("steps", "run view 7001 --verbose", 0, "✓ Build migrations image");
        row("what has ended", "run watch 7001", 0, "has already completed with 'success'");
        row("what failed", "run view 6998 --log-failed", 0, "= FAILURES =");
        row("no log of a run that goes on", "run view 7002 --log", 1,
            "logs will be available when it is complete");
        row("no such run", "run view 1", 1, "HTTP 404: Not Found");
        row("no such job", "run view --job 1", 1, "HTTP 404: Not Found");
        row("no artifacts", "run download 7001", 1, "no valid artifacts found");
        row("who waits",
            "api repos/{owner}/{repo}/actions/runs/7002/pending_deployments "
            "-q .[].environment.name",
            0, "production");
        row("who one is", "api user -q .login", 0, "release-manager");
        row("the pull request of a commit", "api repos/{owner}/{repo}/pulls/412 -q .state", 0,
            "closed");
        row("a page", "api repos/{owner}/{repo}/commits?per_page=2 -q length", 0, "2\n");
    }
    void itReads() { saysAsExpected(); }

    void itFollowsThePages()
    {
        const QString path
            = q("api repos/{owner}/{repo}/commits?per_page=%1 -q .[].sha --paginate");
        const Output byTwos = gh(path.arg(2));
        QCOMPARE(byTwos.exitCode, 0);
        QVERIFY(byTwos.out.count(QLatin1Char('\n')) > 4);
        QCOMPARE(byTwos.out, gh(path.arg(100)).out);
    }

    void itIsRefusedInGithubsWords_data()
    {
        commands();
        row("too late to cancel", "run cancel 7001", 1, "Cannot cancel a workflow run");
        row("running already", "run rerun 7002", 1, "cannot be rerun");
        row("not to be started", "workflow run ci.yml --ref main", 1,
            "HTTP 422: Workflow does not have 'workflow_dispatch' trigger");
        row("without its input", "workflow run deploy-standalone.yml --ref main", 1,
            "Required input 'commit' not provided");
        row("no such workflow", "workflow run none.yml --ref main", 1, "HTTP 404: Not Found");
    }
    void itIsRefusedInGithubsWords() { saysAsExpected(); }

    void aFailedJobRunsAgainAndFailsAgain()
    {
        QCOMPARE(runOf(red).attempt, 1);
        const Output again = gh(q("run rerun 6998 --failed"));
        QVERIFY2(again.exitCode == 0, qPrintable(again.all()));
        QCOMPARE(runOf(red).attempt, 2);
        const Output watched = gh(q("run watch 6998 --interval 1 --exit-status"));
        QCOMPARE(watched.exitCode, 1);
        QVERIFY2(watched.out.contains(q("X integration-tests")), qPrintable(watched.all()));
        QCOMPARE(runOf(red).status, RunStatus::Failed);
    }

    void aRunIsCancelled()
    {
        const Output again = gh(q("run rerun 6981"));
        QVERIFY2(again.exitCode == 0, qPrintable(again.all()));
        const Output cancelled = gh(q("run cancel 6981"));
        QVERIFY2(cancelled.exitCode == 0, qPrintable(cancelled.all()));
        QTRY_COMPARE(runOf(RunId(6981)).status, RunStatus::Cancelled);
        QCOMPARE(standing(told(q("run view 6981 --json status,conclusion")).object()),
                 q("cancelled"));
    }

    void aRunIsStartedByHand()
    {
        const Output started = gh(QStringLiteral("workflow run deploy-standalone.yml --ref main "
                                                 "-f commit=%1")
                                      .arg(runOf(green).commit.value));
        QVERIFY2(started.exitCode == 0, qPrintable(started.all()));
        const Run begun = await(m_runs->latestRuns())->value.first();
        QCOMPARE(begun.event, q("workflow_dispatch"));
        QCOMPARE(begun.actor, q("release-manager"));
        QCOMPARE(begun.commit, runOf(green).commit);
        // The run before it has the group, and keeps it while it waits for a person.
        QCOMPARE(begun.status, RunStatus::Queued);
        const Output cancelled = gh(QStringLiteral("run cancel %1").arg(begun.id.value));
        QVERIFY2(cancelled.exitCode == 0, qPrintable(cancelled.all()));
        QTRY_COMPARE(runOf(begun.id).status, RunStatus::Cancelled);
    }

    void aGateIsApproved()
    {
        const auto before = await(m_control->waiting(waiting));
        QVERIFY(before);
        QCOMPARE(before->size(), 1);
        const QString path = q("api repos/{owner}/{repo}/actions/runs/7002/pending_deployments ");
        const QByteArray review
            = QStringLiteral(
                  R"({"environment_ids":[%1],"state":"approved","comment":"by another hand"})")
                  .arg(before->first().id)
                  .toUtf8();
        const Output approved = gh(path + q("--method POST --input - -q .[].environment"), review);
        QVERIFY2(approved.exitCode == 0, qPrintable(approved.all()));
        QCOMPARE(approved.out.trimmed(), q("production"));
        QCOMPARE(await(m_control->waiting(waiting))->size(), 0);
        QCOMPARE(await(m_control->reviews(waiting))->last().comment, q("by another hand"));
        QCOMPARE(gh(path + q("-q length")).out.trimmed(), q("0"));
        const Output watched = gh(q("run watch 7002 --interval 1 --exit-status"));
        QVERIFY2(watched.exitCode == 0, qPrintable(watched.all()));
    }

    /// What gh asks by GraphQL, which the console never does, and what the console reads elsewhere.
    void theRehearsalLeavesOut_data()
    {
        commands();
        row("a list of pull requests", "pr list", 1, "404");
        row("a pull request", "pr view 412", 1, "404");
        row("releases", "release list", 1, "404");
        row("the default branch", "workflow run deploy-standalone.yml -f commit=any", 1, "404");
        row("files", "workflow view ci.yml --yaml", 1, "could not find workflow file");
        row("secrets", "secret list", 1, "HTTP 404");
    }
    void theRehearsalLeavesOut() { saysAsExpected(); }
};

QTEST_GUILESS_MAIN(GhTest)
#include "ghtest.moc"
