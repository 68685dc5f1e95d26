#include "connectors/secrets/environmenttoken.h"
#include "connectors/secrets/gcloudtoken.h"
#include "connectors/secrets/ghtoken.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QByteArray tokenOf(CredentialSource &source)
{
    const auto result = await(source.token());
    return result ? result->expose() : "error: " + result.error().message.toUtf8();
}

QByteArray helper(const QByteArray &token, const QDateTime &expiry)
{
    return R"({"configuration":{},"credential":{"access_token":")" + token
           + R"(","id_token":"x","token_expiry":")" + expiry.toString(Qt::ISODate).toUtf8()
           + "\"}}";
}

} // namespace

class TestTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ghIsAskedOnceUntilForgotten();
    void ghNamesTheLogin_data();
    void ghNamesTheLogin();
    void gcloudIsAskedAgainWhenItsTokenExpires();
    void gcloudWithoutAHelperPrintsItsToken();
    void gcloudNamesTheLogin();
    void gcloudMissingNamesTheLogin();
    void slowAnswersArePassedOn();
    void whoAsksMeanwhileGetsTheSameAnswer();
    void failuresAreNotKept();
    void environmentIsReadEachTime();
};

void TestTokens::ghIsAskedOnceUntilForgotten()
{
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock, QStringLiteral("git.example"));
    runner.answer(0, "gho_first\n");
    runner.answer(0, "gho_second\n");

    QCOMPARE(tokenOf(gh), QByteArray("gho_first"));
    clock.advance(24h);
    QCOMPARE(tokenOf(gh), QByteArray("gho_first"));
    gh.forget();
    QCOMPARE(tokenOf(gh), QByteArray("gho_second"));

    QCOMPARE(runner.commands.size(), 2);
    QCOMPARE(runner.commands.first().program, QStringLiteral("gh"));
    QCOMPARE(runner.commands.first().arguments.join(QLatin1Char(' ')),
             QStringLiteral("auth token --hostname git.example"));
    for (const Command &command : runner.commands)
        QVERIFY(!command.arguments.join(QString()).contains(QStringLiteral("gho_")));
}

void TestTokens::ghNamesTheLogin_data()
{
    QTest::addColumn<int>("exitCode"); // -1 = there is no gh
    QTest::addColumn<QByteArray>("out");
    QTest::addColumn<QString>("message");
    const QString signedOut = QStringLiteral(
        "gh is not signed in to github.com. Run “gh auth login --hostname github.com”.");
    QTest::newRow("not signed in") << 1 << QByteArray() << signedOut;
    QTest::newRow("nothing printed") << 0 << QByteArray("\n") << signedOut;
    QTest::newRow("no gh") << -1 << QByteArray()
                           << QStringLiteral("The program “gh” was not found. Install it and run "
                                             "“gh auth login --hostname github.com”.");
}

void TestTokens::ghNamesTheLogin()
{
    QFETCH(int, exitCode);
    QFETCH(QByteArray, out);
    QFETCH(QString, message);
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock);
    if (exitCode >= 0)
        runner.answer(exitCode, out, "no oauth token found for github.com\n");
    const auto result = await(gh.token());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(result.error().message, message);
    if (exitCode == 1)
        QCOMPARE(result.error().detail, QStringLiteral("no oauth token found for github.com"));
}

void TestTokens::gcloudIsAskedAgainWhenItsTokenExpires()
{
    FakeRunner runner;
    FakeClock clock;
    GcloudToken gcloud(runner, clock);
    runner.answer(0, helper("ya29.first", clock.now().addSecs(3600)));
    runner.answer(0, helper("ya29.second", clock.now().addSecs(7200)));

    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.first"));
    clock.advance(58min);
    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.first"));
    clock.advance(61s); // a minute before its end it is as good as over
    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.second"));

    QCOMPARE(runner.commands.size(), 2);
    QCOMPARE(runner.commands.first().arguments.join(QLatin1Char(' ')),
             QStringLiteral("config config-helper --format=json"));
}

void TestTokens::gcloudWithoutAHelperPrintsItsToken()
{
    FakeRunner runner;
    FakeClock clock;
    GcloudToken gcloud(runner, clock);
    runner.answer(2, {}, "Invalid choice: 'config-helper'.");
    runner.answer(0, "ya29.printed\n");
    runner.answer(0, "no json");
    runner.answer(0, "ya29.again\n");

    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.printed"));
    QCOMPARE(runner.commands.last().arguments.join(QLatin1Char(' ')),
             QStringLiteral("auth print-access-token"));
    clock.advance(4min);
    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.printed"));
    clock.advance(2min);
    QCOMPARE(tokenOf(gcloud), QByteArray("ya29.again"));
}

void TestTokens::gcloudNamesTheLogin()
{
    FakeRunner runner;
    FakeClock clock;
    GcloudToken gcloud(runner, clock);
    runner.answer(1, {}, "no");
    runner.answer(1, {}, "ERROR: You do not currently have an active account selected.");
    const auto result = await(gcloud.token());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(result.error().message,
             QStringLiteral("gcloud is not signed in. Run “gcloud auth login”."));
    QVERIFY(result.error().detail.contains(QStringLiteral("active account")));
}

void TestTokens::gcloudMissingNamesTheLogin()
{
    FakeRunner runner;
    FakeClock clock;
    GcloudToken gcloud(runner, clock);
    const auto result = await(gcloud.token());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(result.error().message, QStringLiteral("The program “gcloud” was not found. Install "
                                                    "it and run “gcloud auth login”."));
    QCOMPARE(runner.commands.size(), 1);
}

void TestTokens::slowAnswersArePassedOn()
{
    FakeRunner runner;
    FakeClock clock;
    GcloudToken gcloud(runner, clock);
    const Error slow{ErrorKind::TimedOut, QStringLiteral("“gcloud” gave no answer."), {}, {}};
    runner.answer(slow);
    const auto result = await(gcloud.token());
    QVERIFY(!result);
    QCOMPARE(result.error(), slow);
}

void TestTokens::whoAsksMeanwhileGetsTheSameAnswer()
{
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock);
    const auto held = runner.hold();
    const auto one = gh.token();
    const auto two = gh.token();
    QCOMPARE(runner.commands.size(), 1);
    FakeRunner::settle(held, CommandOutput{0, "gho_x\n", {}});
    QCOMPARE(await(one).value().expose(), QByteArray("gho_x"));
    QCOMPARE(await(two).value().expose(), QByteArray("gho_x"));
    QCOMPARE(runner.commands.size(), 1);
}

void TestTokens::failuresAreNotKept()
{
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock);
    runner.answer(1, {});
    runner.answer(0, "gho_x\n");
    QVERIFY(!await(gh.token()));
    QCOMPARE(tokenOf(gh), QByteArray("gho_x"));
}

void TestTokens::environmentIsReadEachTime()
{
    EnvironmentToken source(QStringLiteral("PILOTHOUSE_TEST_TOKEN"));
    qunsetenv("PILOTHOUSE_TEST_TOKEN");
    const auto missing = await(source.token());
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::SignedOut);
    QCOMPARE(missing.error().message,
             QStringLiteral("The environment variable PILOTHOUSE_TEST_TOKEN is empty. Set it to "
                            "the token and start the console again."));
    qputenv("PILOTHOUSE_TEST_TOKEN", " t0ken\n");
    QCOMPARE(tokenOf(source), QByteArray("t0ken"));
    qunsetenv("PILOTHOUSE_TEST_TOKEN");
    QVERIFY(!await(source.token()));
}

QTEST_GUILESS_MAIN(TestTokens)
#include "tokens.moc"
