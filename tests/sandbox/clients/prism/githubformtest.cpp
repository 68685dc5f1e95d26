#include "../clientprogram.h"
#include "connectors/github/githubruns.h"
#include "connectors/kubernetes/rehearsalserver.h"
#include "pipeline/act/runcontrol.h"
#include "prismproxy.h"
#include "release/seen/seensource.h"
#include "support/await.h"
#include "support/fakecredential.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <algorithm>
#include <set>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
const RunId green(7001);
const RunId waiting(7002);
const RunId red(6998);
const QString standalone = QStringLiteral(".github/workflows/deploy-standalone.yml");

/// What GitHub does and its description denies.
struct Known
{
    int status;       ///< of the answer
    const char *path; ///< its end
    const char *finding;
};
constexpr char notDescribed[] = "Unable to match the returned status code with those defined";
constexpr Known allKnown[]{
    // The guide tells of both for every path, the description of few.
    {304, "", notDescribed}, // to whoever asks with an ETag
    {404, "", notDescribed}, // what is not there, or not to be seen
    // Refusals that everybody meets; the description has but the good answers.
    {403, "/rerun-failed-jobs", notDescribed},   // the run goes on
    {422, "/dispatches", notDescribed},          // no such trigger, branch or input
    {422, "/pending_deployments", notDescribed}, // it does not wait for that environment
    // "Within the given date-time range", says the text; the form is that of one time.
    {200, "/runs", "request.query.created: "},
    // A deployment without an address has the empty one, which the description itself names as the
    // default of an address.
    {200, "/statuses", "environment_url must match format"},
};

QString q(const char *text)
{
    return QString::fromUtf8(text);
}

} // namespace

/// The console's requests and the rehearsal's answers against GitHub's own description of its API.
class GithubFormTest : public QObject
{
    Q_OBJECT

private:
    SystemClock m_clock;
    FakeCredential m_credential;
    QNetworkAccessManager m_network;
    std::unique_ptr<RehearsalServer> m_rehearsal;
    std::unique_ptr<PrismProxy> m_prism;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<GithubRuns> m_runs;
    RunControl *m_control = nullptr;

    int ask(const QUrl &url, const QByteArray &method, const QByteArray &body = {})
    {
        QNetworkRequest request(url);
        request.setHeader(QNetworkRequest::ContentTypeHeader, q("application/json"));
        request.setAttribute(QNetworkRequest::RedirectPolicyAttribute,
                             QNetworkRequest::ManualRedirectPolicy);
        const std::unique_ptr<QNetworkReply> reply(
            m_network.sendCustomRequest(request, method, body));
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 30'000))
            return 0;
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    }
    int get(const QString &path) { return ask(QUrl(m_prism->url().toString() + path), "GET"); }
    static QString repository(const QString &path)
    {
        return q("/repos/coditect-ai/coditect-dev-context") + path;
    }
    Run runOf(const RunId &id)
    {
        const auto run = await(m_control->run(id));
        return run ? run->value : Run{};
    }
    ErrorKind refusal(const RunOrder &order)
    {
        const auto taken = await(m_control->send(order));
        return taken ? ErrorKind::Internal : taken.error().kind;
    }

    /// What was wrong with the requests until now and their answers, a line each.
    QString wrong(int atLeast)
    {
        QStringList found;
        const QList<PrismProxy::Seen> all = m_prism->take();
        for (const PrismProxy::Seen &seen : all) {
            for (const QString &what : seen.wrong) {
                if (!isKnown(seen, what))
                    found.append(QStringLiteral("%1 → %2 %3")
                                     .arg(seen.request, QString::number(seen.status), what));
            }
        }
        m_requests += int(all.size());
        if (all.size() < atLeast)
            found.append(QStringLiteral("only %1 requests").arg(all.size()));
        return found.join(QLatin1Char('\n'));
    }
    bool isKnown(const PrismProxy::Seen &seen, const QString &what)
    {
        const QString path = seen.request.section(QLatin1Char('?'), 0, 0);
        for (const Known &known : allKnown) {
            if (seen.status == known.status && path.endsWith(q(known.path))
                && what.contains(q(known.finding))) {
                m_met.insert(&known);
                return true;
            }
        }
        return false;
    }
    std::set<const Known *> m_met;
    int m_requests = 0;

private Q_SLOTS:
    void initTestCase()
    {
        NEED_PART(PrismProxy::part(), "Prism");
        // Ten times as fast: what is cancelled has ended soon.
        m_rehearsal
            = std::make_unique<RehearsalServer>(atTenPerCent, QStringList{q("--speed"), q("10")});
        QVERIFY2(!m_rehearsal->ready.isEmpty(), qPrintable(m_rehearsal->complaint));
        m_prism = std::make_unique<PrismProxy>(
            QUrl(m_rehearsal->ready.value(QLatin1String("github")).toString()));
        QVERIFY2(m_prism->start(), m_prism->log().right(2000).constData());

        NetworkHttp::Settings http;
        http.systemName = q("GitHub");
        http.base = m_prism->url();
        m_http = std::make_unique<NetworkHttp>(http, m_credential, m_clock);
        m_runs = std::make_unique<GithubRuns>(*m_http, m_clock,
                                              GithubRuns::Settings{m_prism->url(), q("coditect-ai"),
                                                                   q("coditect-dev-context"),
                                                                   "2022-11-28"});
        m_control = &m_runs->control();
    }

    void cleanupTestCase()
    {
        m_runs.reset();
        qInfo("%d requests", m_requests);
    }

    /// That the others can fail.
    void whatIsWrongIsFound()
    {
        QCOMPARE(get(repository(q("/actions/runs?per_page=many"))), 200);
        QVERIFY(wrong(1).contains(q("per_page must be integer")));
        QCOMPARE(get(repository(q("/nowhere"))), 404);
        QVERIFY(wrong(1).contains(q("route not found")));
        QCOMPARE(ask(m_rehearsal->control(q("/fault")), "POST", R"({"spec":"github=5xx*1"})"), 200);
        QVERIFY(get(repository(q("/actions/runs"))) >= 500);
        QVERIFY(wrong(1).contains(q(notDescribed)));
    }

    void theConsoleReads()
    {
        const auto latest = await(m_runs->latestRuns());
        QVERIFY2(latest, latest ? "" : qPrintable(latest.error().message));
        QVERIFY(await(m_runs->latestRuns())); // unchanged
        for (const Run &run : latest->value) {
            QVERIFY(await(m_runs->runs(run.commit)));
            QVERIFY(await(m_runs->jobs(run.id)));
            QVERIFY(await(m_control->run(run.id)));
            QVERIFY(await(m_control->waiting(run.id)));
            QVERIFY(await(m_control->reviews(run.id)));
            QVERIFY(await(m_control->blocks(run.id)));
        }
        QVERIFY(await(m_runs->lastGreen(runOf(red)))->value);
        QVERIFY(await(m_control->active()));
        QVERIFY(await(m_control->dispatched(standalone, QDateTime::currentDateTimeUtc().addDays(-1),
                                            q("release-manager"))));
        QVERIFY(await(m_control->access())->mayWrite);
        QCOMPARE(wrong(60), QString());
    }

    void theConsoleReadsWhoDeployed()
    {
        const auto deeds = await(m_runs->deployments().newest());
        QVERIFY2(deeds, deeds ? "" : qPrintable(deeds.error().message));
        QVERIFY(!deeds->isEmpty());
        const bool toStaging
            = std::any_of(deeds->cbegin(), deeds->cend(), [](const SeenDeed &deed) {
                  return deed.what.contains(q("deployed to staging")) && deed.run == waiting;
              });
        QVERIFY(toStaging);
        for (const SeenDeed &deed : *deeds) {
            QVERIFY(deed.at.isValid());
            QCOMPARE(deed.who, q("github-actions[bot]"));
            QVERIFY2(deed.run.value > 0, qPrintable(deed.what));
        }
        QVERIFY(await(m_runs->deployments().newest()));
        QCOMPARE(wrong(3), QString());
    }

    void theConsoleReadsALog()
    {
        const auto jobs = await(m_runs->jobs(red));
        QVERIFY(jobs);
        for (const Job &job : jobs->value) {
            std::optional<Result<void>> outcome;
            const auto stream = m_runs->open(JobLog{red, job.id});
            connect(stream.get(), &LogStream::ended, this,
                    [&](const Result<void> &ended) { outcome = ended; });
            QTRY_VERIFY(outcome);
            QVERIFY2(*outcome, *outcome ? "" : qPrintable(outcome->error().message));
        }
        QCOMPARE(wrong(8), QString());
    }

    void theConsoleActs()
    {
        const QList<Job> jobs = await(m_runs->jobs(green))->value;
        QVERIFY(!jobs.isEmpty());
        QVERIFY(await(m_control->send(RerunFailedJobs{red, 1})));
        QVERIFY(await(m_control->send(RerunJob{green, 1, jobs.first().id, jobs.first().name})));
        QVERIFY(await(m_control->send(CancelRun{red, CancelRun::Force::No})));
        QTRY_COMPARE(runOf(red).status, RunStatus::Cancelled);
        QVERIFY(await(m_control->send(CancelRun{green, CancelRun::Force::Yes})));
        const auto begun = await(m_control->send(
            DispatchWorkflow{standalone, q("main"), {{q("commit"), runOf(green).commit.value}}}));
        QVERIFY(begun);
        QCOMPARE(await(m_control->blocks(begun->run))->size(), 1);
        QVERIFY(await(m_control->send(CancelRun{begun->run, CancelRun::Force::Yes})));
        const auto gate = await(m_control->waiting(waiting));
        QCOMPARE(gate->size(), 1);
        QVERIFY(await(
            m_control->send(ReviewEnvironments{waiting, *gate, ReviewState::Approved, q("go")})));
        QCOMPARE(await(m_control->reviews(waiting))->size(), 1);
        QVERIFY(await(m_runs->jobs(waiting)));
        QCOMPARE(wrong(15), QString());
    }

    void theConsoleIsRefused()
    {
        QCOMPARE(refusal(CancelRun{RunId(6961), CancelRun::Force::No}), ErrorKind::Conflict);
        QCOMPARE(refusal(CancelRun{RunId(1), CancelRun::Force::No}), ErrorKind::NotFound);
        QVERIFY(!await(
            m_control->send(DispatchWorkflow{q(".github/workflows/ci.yml"), q("main"), {}})));
        QVERIFY(!await(
            m_control->send(ReviewEnvironments{waiting,
                                               {PendingEnvironment{1, q("none"), true, {}, {}}},
                                               ReviewState::Rejected,
                                               q("no")})));
        QVERIFY(await(m_control->send(RerunFailedJobs{RunId(6998), 2})));
        QCOMPARE(refusal(RerunFailedJobs{RunId(6998), 3}), ErrorKind::NotAllowed);
        QCOMPARE(await(m_control->run(RunId(1))).error().kind, ErrorKind::NotFound);
        QCOMPARE(wrong(7), QString());
    }

    /// Answers of the rehearsal that the console does not ask for.
    void othersRead_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<int>("status");
        const auto row = [](const QString &path, int status) {
            QTest::newRow(path.toUtf8()) << path << status;
        };
        for (const char *path : {"/", "/user", "/rate_limit"})
            row(q(path), 200);
        for (const char *path :
             {"", "/actions/workflows", "/actions/workflows/ci.yml",
              "/actions/workflows/ci.yml/runs?per_page=2&page=2", "/actions/runs/6998/attempts/1",
              "/actions/runs/6998/attempts/1/jobs", "/actions/runs/7001/artifacts",
              "/actions/jobs/30006961000", "/check-runs/30006961000/annotations", "/environments",
              "/deployments?environment=production", "/commits?per_page=2", "/commits/main",
              "/commits/main/pulls", "/pulls/412", "/issues/comments", "/issues/418/comments"})
            row(repository(q(path)), 200);
        for (const char *path : {"/actions/runs/6961/logs", "/actions/runs/6961/attempts/1/logs"})
            row(repository(q(path)), 302);
        for (const char *path : {"/pulls/1", "/actions/workflows/none.yml", "/actions/jobs/1"})
            row(repository(q(path)), 404);
    }
    void othersRead()
    {
        QFETCH(QString, path);
        QFETCH(int, status);
        QCOMPARE(get(path), status);
        QCOMPARE(wrong(1), QString());
    }

    /// What is known and does not come any more is to be taken off the list.
    void allThatIsKnownHasCome()
    {
        for (const Known &known : allKnown)
            QVERIFY2(m_met.contains(&known), known.path);
    }
};

QTEST_GUILESS_MAIN(GithubFormTest)
#include "githubformtest.moc"
