#include "connectors/github/githubruns.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>
#include <QUrlQuery>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QByteArray runsPage(const QList<int> &ids)
{
    QByteArrayList runs;
    for (const int id : ids)
        runs.append(R"({"id":)" + QByteArray::number(id)
                    + R"(,"head_sha":"c41d77e","status":"completed","conclusion":"success"})");
    return R"({"total_count":)" + QByteArray::number(ids.size()) + R"(,"workflow_runs":[)"
           + runs.join(',') + "]}";
}

QList<qint64> idsOf(const QList<Run> &runs)
{
    QList<qint64> ids;
    for (const Run &run : runs)
        ids.append(run.id.value);
    return ids;
}

const CommitId commit(QStringLiteral("c41d77e"));

Run redRun()
{
    Run run;
    run.id = RunId(6998);
    run.workflowPath = QStringLiteral(".github/workflows/ci.yml");
    run.branch = QStringLiteral("feature/a&b+c");
    run.createdAt = QDateTime::fromString(QStringLiteral("2026-11-24T12:57:36Z"), Qt::ISODate);
    return run;
}

struct Setup
{
    Setup() { http.systemName = QStringLiteral("GitHub"); }

    [[nodiscard]] QByteArray sent(int request, const QByteArray &header) const
    {
        return ScriptedHttp::header(http.requests.at(request), header);
    }

    ScriptedHttp http;
    FakeClock clock;
    GithubRuns github{http,
                      clock,
                      {QUrl(QStringLiteral("https://git.example/api/v3/")), QStringLiteral("acme"),
                       QStringLiteral("shop"), "2022-11-28"}};
};

} // namespace

class TestGithubRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void runsOfACommitAreAskedFor();
    void latestRunsAreOnePage();
    void jobsOfTheLatestAttemptAreAskedFor();
    void theLastGreenRunIsAskedForByFileBranchAndTime();
    void theLastGreenRunIsNeverTheRunItselfNorALaterOne();
    void noGreenRunIsNoFailure();
    void aBranchThatIsNotToldIsNotAskedFor();
    void pagesAreFollowedByLink();
    void whatCameTwiceCountsOnce();
    void aSecondReadingCostsNothing();
    void everyPageHasItsOwnTag();
    void aTagIsNotSentForAnotherCommit();
    void nothingIsSentWhileGitHubAsksToWait_data();
    void nothingIsSentWhileGitHubAsksToWait();
    void aLimitWithoutATimeWaitsLongerEachTime();
    void theLastAllowedAnswerCounts();
    void failuresPassThrough_data();
    void failuresPassThrough();
    void aRenamedRepositoryElsewhereIsTold();
    void largePagesAreDecodedToo();
    void destroyedWhileWaiting();
};

void TestGithubRuns::runsOfACommitAreAskedFor()
{
    Setup s;
    s.http.answer(200, runsPage({3, 2, 1}));
    const auto runs = await(s.github.runs(commit));
    QVERIFY(runs);
    QCOMPARE(idsOf(runs->value), QList<qint64>({3, 2, 1}));
    QCOMPARE(runs->source, QStringLiteral("GitHub"));
    QCOMPARE(runs->receivedSinceBoot, s.clock.sinceBoot());
    QVERIFY(runs->serverAt.isValid());

    const HttpRequest &request = s.http.requests.first();
    QCOMPARE(request.url.path(), QStringLiteral("/api/v3/repos/acme/shop/actions/runs"));
    const QUrlQuery query(request.url);
    QCOMPARE(query.queryItemValue(QStringLiteral("head_sha")), QStringLiteral("c41d77e"));
    QCOMPARE(query.queryItemValue(QStringLiteral("per_page")), QStringLiteral("100"));
    QCOMPARE(query.queryItemValue(QStringLiteral("exclude_pull_requests")), QStringLiteral("true"));
    QCOMPARE(s.sent(0, "X-GitHub-Api-Version"), QByteArray("2022-11-28"));
    QCOMPARE(s.sent(0, "Accept"), QByteArray("application/vnd.github+json"));
    QVERIFY(s.sent(0, "If-None-Match").isEmpty());
}

void TestGithubRuns::latestRunsAreOnePage()
{
    Setup s;
    s.http.answer(200, runsPage({9, 8}),
                  {{"link", "<https://git.example/api/v3/more?page=2>; rel=\"next\""}});
    const auto runs = await(s.github.latestRuns());
    QVERIFY(runs);
    QCOMPARE(idsOf(runs->value), QList<qint64>({9, 8}));
    QCOMPARE(s.http.requests.size(), 1);
    QVERIFY(!s.http.log().first().contains(QStringLiteral("head_sha")));
}

void TestGithubRuns::jobsOfTheLatestAttemptAreAskedFor()
{
    Setup s;
    s.http.answer(200, R"({"total_count":1,"jobs":[{"id":5,"run_id":7,"name":"build",
                           "status":"queued"}]})");
    const auto jobs = await(s.github.jobs(RunId(7)));
    QVERIFY(jobs);
    QCOMPARE(jobs->value.first().id, JobId(5));
    QCOMPARE(s.http.log(),
             QStringList{QStringLiteral("GET /api/v3/repos/acme/shop/actions/runs/7/jobs"
                                        "?filter=latest&per_page=100")});
}

void TestGithubRuns::theLastGreenRunIsAskedForByFileBranchAndTime()
{
    Setup s;
    s.http.answer(200, runsPage({6990, 6981}));
    const auto green = await(s.github.lastGreen(redRun()));
    QVERIFY(green);
    QCOMPARE(green->value.value_or(Run()).id, RunId(6990));
    QVERIFY(green->serverAt.isValid());
    const HttpRequest &request = s.http.requests.first();
    QCOMPARE(request.url.path(),
             QStringLiteral("/api/v3/repos/acme/shop/actions/workflows/ci.yml/runs"));
    const QUrlQuery query(request.url);
    const auto asked = [&query](const char *name) {
        return query.queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
    };
    QCOMPARE(asked("status"), QStringLiteral("success"));
    QCOMPARE(asked("branch"), QStringLiteral("feature/a&b+c"));
    QCOMPARE(asked("created"), QStringLiteral("<=2026-11-24T12:57:36Z"));
    QCOMPARE(asked("per_page"), QStringLiteral("10"));
}

void TestGithubRuns::theLastGreenRunIsNeverTheRunItselfNorALaterOne()
{
    Setup s;
    s.http.answer(200, runsPage({7001, 6998, 6981, 6990}),
                  {{"link", "<https://git.example/2>; rel=\"next\""}});
    QCOMPARE(await(s.github.lastGreen(redRun()))->value.value_or(Run()).id, RunId(6990));
    QCOMPARE(s.http.requests.size(), 1);
}

void TestGithubRuns::noGreenRunIsNoFailure()
{
    Setup s;
    s.http.answer(200, runsPage({}));
    s.http.answer(200, R"({"workflow_runs":[{"id":6990,"head_sha":"c41d77e","status":"completed",
                           "conclusion":"failure"}]})"); // a host that does not know the filter
    for (int i = 0; i < 2; ++i) {
        const auto green = await(s.github.lastGreen(redRun()));
        QVERIFY(green);
        QVERIFY(!green->value);
    }
}

void TestGithubRuns::aBranchThatIsNotToldIsNotAskedFor()
{
    Setup s;
    s.http.answer(200, runsPage({6990}));
    Run run = redRun();
    run.branch.clear();
    QVERIFY(await(s.github.lastGreen(run)));
    QVERIFY(!s.http.log().first().contains(QStringLiteral("branch")));
}

void TestGithubRuns::pagesAreFollowedByLink()
{
    Setup s;
    s.http.answer(200, runsPage({4, 3}),
                  {{"link", "<https://git.example/odd/place?page=2>; rel=\"next\""}});
    s.http.answer(200, runsPage({2, 1}), {{"link", "<https://git.example/x>; rel=\"first\""}});
    const auto runs = await(s.github.runs(commit));
    QVERIFY(runs);
    QCOMPARE(idsOf(runs->value), QList<qint64>({4, 3, 2, 1}));
    QCOMPARE(s.http.log().last(), QStringLiteral("GET /odd/place?page=2"));
}

void TestGithubRuns::whatCameTwiceCountsOnce()
{
    Setup s;
    s.http.answer(200, runsPage({4, 3}), {{"link", "<https://git.example/2>; rel=\"next\""}});
    s.http.answer(200, runsPage({3, 2}));
    QCOMPARE(idsOf(await(s.github.runs(commit))->value), QList<qint64>({4, 3, 2}));
}

void TestGithubRuns::aSecondReadingCostsNothing()
{
    Setup s;
    s.http.answer(200, runsPage({3}), {{"etag", "W/\"abc\""}});
    s.http.answer(304, {}, {{"etag", "W/\"abc\""}});
    s.http.answer(200, runsPage({4, 3}), {{"etag", "W/\"def\""}});
    s.http.answer(304);
    QVERIFY(await(s.github.runs(commit)));
    s.clock.advance(5s);
    const auto second = await(s.github.runs(commit));
    QVERIFY(second);
    QCOMPARE(s.sent(1, "If-None-Match"), QByteArray("W/\"abc\""));
    QCOMPARE(idsOf(second->value), QList<qint64>({3}));
    QCOMPARE(second->age(s.clock), 0ms); // a 304 renews it
    QCOMPARE(idsOf(await(s.github.runs(commit))->value), QList<qint64>({4, 3}));
    QCOMPARE(idsOf(await(s.github.runs(commit))->value), QList<qint64>({4, 3}));
    QCOMPARE(s.sent(3, "If-None-Match"), QByteArray("W/\"def\""));
}

void TestGithubRuns::everyPageHasItsOwnTag()
{
    Setup s;
    const HttpHeaders first{{"etag", "\"one\""}, {"link", "<https://git.example/2>; rel=\"next\""}};
    s.http.answer(200, runsPage({4}), first);
    s.http.answer(200, runsPage({3}), {{"etag", "\"two\""}});
    s.http.answer(304); // without a Link: the one before counts
    s.http.answer(304);
    QVERIFY(await(s.github.runs(commit)));
    QCOMPARE(idsOf(await(s.github.runs(commit))->value), QList<qint64>({4, 3}));
    QCOMPARE(s.sent(2, "If-None-Match"), QByteArray("\"one\""));
    QCOMPARE(s.sent(3, "If-None-Match"), QByteArray("\"two\""));
}

void TestGithubRuns::aTagIsNotSentForAnotherCommit()
{
    Setup s;
    s.http.answer(200, runsPage({3}), {{"etag", "\"one\""}});
    s.http.answer(200, runsPage({5}));
    QVERIFY(await(s.github.runs(commit)));
    QCOMPARE(idsOf(await(s.github.runs(CommitId(QStringLiteral("9f3c2a1"))))->value),
             QList<qint64>({5}));
    QVERIFY(s.sent(1, "If-None-Match").isEmpty());
}

void TestGithubRuns::nothingIsSentWhileGitHubAsksToWait_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("seconds");
    FakeClock clock;
    QTest::newRow("the secondary limit")
        << 403 << QByteArray("retry-after") << QByteArray("90") << 90;
    QTest::newRow("too many requests")
        << 429 << QByteArray("retry-after") << QByteArray("30") << 30;
    QTest::newRow("the hour's limit")
        << 403 << QByteArray("x-ratelimit-reset")
        << QByteArray::number(clock.now().addSecs(1200).toSecsSinceEpoch()) << 1200;
}

void TestGithubRuns::nothingIsSentWhileGitHubAsksToWait()
{
    QFETCH(int, status);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(int, seconds);
    Setup s;
    s.http.answer(status, R"({"message":"API rate limit exceeded"})",
                  {{name, value}, {"x-ratelimit-remaining", "0"}});
    const QDateTime until = s.clock.now().addSecs(seconds);

    const auto limited = await(s.github.runs(commit));
    QVERIFY(!limited);
    QCOMPARE(limited.error().kind, ErrorKind::RateLimited);
    QCOMPARE(limited.error().retryAt.value_or(QDateTime()), until);
    QCOMPARE(s.http.requests.size(), 1);

    s.clock.advance(std::chrono::seconds(seconds) - 1ms);
    const auto still = await(s.github.jobs(RunId(7)));
    QVERIFY(!still);
    QCOMPARE(still.error().kind, ErrorKind::RateLimited);
    QCOMPARE(still.error().retryAt.value_or(QDateTime()), until);
    QCOMPARE(still.error().message,
             QStringLiteral("GitHub limits requests; the next one goes out at %1.")
                 .arg(until.toLocalTime().toString(QStringLiteral("HH:mm:ss"))));
    QCOMPARE(s.http.requests.size(), 1);

    s.clock.advance(1ms);
    s.http.answer(200, runsPage({1}));
    QVERIFY(await(s.github.runs(commit)));
}

void TestGithubRuns::aLimitWithoutATimeWaitsLongerEachTime()
{
    Setup s;
    for (const int seconds : {60, 120, 240}) {
        s.http.answer(429, {});
        QVERIFY(!await(s.github.runs(commit)));
        const auto before = s.http.requests.size();
        s.clock.advance(std::chrono::seconds(seconds) - 1ms);
        QVERIFY(!await(s.github.runs(commit)));
        QCOMPARE(s.http.requests.size(), before);
        s.clock.advance(1ms);
    }
    s.http.answer(200, runsPage({1}));
    QVERIFY(await(s.github.runs(commit)));
    s.http.answer(429, {});
    QVERIFY(!await(s.github.runs(commit)));
    s.clock.advance(60s); // a good answer in between begins anew
    s.http.answer(200, runsPage({1}));
    QVERIFY(await(s.github.runs(commit)));
}

void TestGithubRuns::theLastAllowedAnswerCounts()
{
    Setup s;
    const QByteArray reset = QByteArray::number(s.clock.now().addSecs(300).toSecsSinceEpoch());
    s.http.answer(200, runsPage({1}),
                  {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", reset}});
    QVERIFY(await(s.github.runs(commit)));
    const auto limited = await(s.github.runs(commit));
    QVERIFY(!limited);
    QCOMPARE(limited.error().retryAt.value_or(QDateTime()), s.clock.now().addSecs(300));
    QCOMPARE(s.http.requests.size(), 1);
}

void TestGithubRuns::failuresPassThrough_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::newRow("401") << 401 << int(ErrorKind::SignedOut);
    QTest::newRow("403 without a limit") << 403 << int(ErrorKind::NotAllowed);
    QTest::newRow("404") << 404 << int(ErrorKind::NotFound);
    QTest::newRow("409") << 409 << int(ErrorKind::Conflict);
    QTest::newRow("500") << 500 << int(ErrorKind::Unavailable);
}

void TestGithubRuns::failuresPassThrough()
{
    QFETCH(int, status);
    QFETCH(int, kind);
    Setup s;
    s.http.answer(200, runsPage({4}), {{"link", "<https://git.example/2>; rel=\"next\""}});
    s.http.answer(status, R"({"message":"Bad weather"})"); // on the second page
    const auto result = await(s.github.runs(commit));
    QVERIFY(!result);
    QCOMPARE(int(result.error().kind), kind);
    QVERIFY(result.error().message.contains(QStringLiteral("It says: Bad weather.")));
}

void TestGithubRuns::aRenamedRepositoryElsewhereIsTold()
{
    Setup s;
    s.http.answer(301, {}, {{"location", "https://other.example/repositories/1"}});
    const auto result = await(s.github.runs(commit));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Malformed);
    QVERIFY(result.error().message.contains(QStringLiteral("other.example")));
}

void TestGithubRuns::largePagesAreDecodedToo()
{
    Setup s;
    QList<int> ids;
    for (int i = 0; i < 3000; ++i)
        ids.append(i);
    s.http.answer(200, runsPage(ids));
    const auto future = s.github.runs(commit);
    QVERIFY(!future.isFinished()); // in the pool, not here
    QCOMPARE(await(future)->value.size(), ids.size());
}

void TestGithubRuns::destroyedWhileWaiting()
{
    ScriptedHttp http;
    FakeClock clock;
    auto github = std::make_unique<GithubRuns>(http, clock, GithubRuns::Settings{});
    const auto held = http.hold();
    const auto future = github->runs(commit);
    github.reset();
    ScriptedHttp::settle(held, 200, runsPage({1}));
    QCOMPARE(await(future).error().kind, ErrorKind::Cancelled);
}

QTEST_GUILESS_MAIN(TestGithubRuns)
#include "githubruns.moc"
