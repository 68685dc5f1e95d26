#include "connectors/secrets/adcfile.h"
#include "connectors/secrets/basicsignin.h"
#include "connectors/secrets/environmenttoken.h"
#include "connectors/secrets/filetoken.h"
#include "connectors/secrets/gcloudtoken.h"
#include "connectors/secrets/ghtoken.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakerunner.h"

#include <QFile>
#include <QTemporaryDir>
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
    void init();
    void ghIsAskedOnceUntilForgotten();
    void ghNamesTheLogin_data();
    void ghNamesTheLogin();
    void ghIsAskedForTheAccountThatIsNamed();
    void whatTheEnvironmentHasComesFirst_data();
    void whatTheEnvironmentHasComesFirst();
    void ghSaysWhichProgramSpokeAndNoToken();
    void gcloudIsAskedAgainWhenItsTokenExpires();
    void gcloudWithoutAHelperPrintsItsToken();
    void gcloudNamesTheLogin();
    void gcloudMissingNamesTheLogin();
    void slowAnswersArePassedOn();
    void whoAsksMeanwhileGetsTheSameAnswer();
    void failuresAreNotKept();
    void environmentIsReadEachTime();
    void aFileIsReadEachTime();
    void aFileThatIsNoCredentialIsRefusedWithoutAWordOfIt_data();
    void aFileThatIsNoCredentialIsRefusedWithoutAWordOfIt();
    void aPasswordComesWithItsUser();
    void aKeyOfAServiceAccountIsKnown_data();
    void aKeyOfAServiceAccountIsKnown();
};

void TestTokens::init()
{
    for (const char *variable :
         {"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"})
        qunsetenv(variable);
}

void TestTokens::ghIsAskedOnceUntilForgotten()
{
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock, {QStringLiteral("git.example"), {}});
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
                           << QStringLiteral("The program “gh” was not found, and GH_TOKEN is not "
                                             "set. Install gh and run “gh auth login --hostname "
                                             "github.com”.");
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

void TestTokens::ghIsAskedForTheAccountThatIsNamed()
{
    FakeRunner runner;
    FakeClock clock;
    // gh gives a named account's own token, whatever the environment says.
    qputenv("GH_TOKEN", "of somebody else");
    GhToken gh(runner, clock, {QStringLiteral("github.com"), QStringLiteral("octocat")});
    runner.answer(0, "gho_x\n");
    runner.answer(1, {});
    QCOMPARE(tokenOf(gh), QByteArray("gho_x"));
    QCOMPARE(runner.commands.first().arguments.join(QLatin1Char(' ')),
             QStringLiteral("auth token --hostname github.com --user octocat"));
    gh.forget();
    QCOMPARE(tokenOf(gh), QByteArray("error: gh is not signed in to github.com as octocat. Run "
                                     "“gh auth login --hostname github.com”."));
}

void TestTokens::whatTheEnvironmentHasComesFirst_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QList<QByteArray>>("set");
    QTest::addColumn<QByteArray>("taken"); // gh = the program is asked
    const QList<QByteArray> all{"GH_TOKEN", "GITHUB_TOKEN", "GH_ENTERPRISE_TOKEN",
                                "GITHUB_ENTERPRISE_TOKEN"};
    const QString github = QStringLiteral("github.com");
    const QString own = QStringLiteral("git.example");
    QTest::newRow("GitHub itself") << github << all << QByteArray("GH_TOKEN");
    QTest::newRow("GitHub, the second") << github << all.mid(1) << QByteArray("GITHUB_TOKEN");
    QTest::newRow("GitHub with the others' alone") << github << all.mid(2) << QByteArray("gh");
    QTest::newRow("a tenant") << QStringLiteral("acme.ghe.com") << all << QByteArray("GH_TOKEN");
    QTest::newRow("a server of one's own") << own << all << QByteArray("GH_ENTERPRISE_TOKEN");
    QTest::newRow("such a server, the second")
        << own << QList<QByteArray>{"GH_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}
        << QByteArray("GITHUB_ENTERPRISE_TOKEN");
    QTest::newRow("GitHub's own goes to no such server")
        << own << all.mid(0, 2) << QByteArray("gh");
    QTest::newRow("a host that only ends alike")
        << QStringLiteral("notgithub.com") << all.mid(0, 2) << QByteArray("gh");
}

void TestTokens::whatTheEnvironmentHasComesFirst()
{
    QFETCH(QString, host);
    QFETCH(QList<QByteArray>, set);
    QFETCH(QByteArray, taken);
    for (const QByteArray &variable : set)
        qputenv(variable.constData(), variable + "\n");
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock, {host, {}});
    runner.answer(0, "gh\n");
    QCOMPARE(tokenOf(gh), taken);
    QCOMPARE(runner.commands.size(), taken == "gh" ? 1 : 0);
}

void TestTokens::ghSaysWhichProgramSpokeAndNoToken()
{
    FakeRunner runner;
    FakeClock clock;
    GhToken gh(runner, clock);
    FakeRunner::settle(runner.hold(), CommandOutput{1,
                                                    {},
                                                    "bad ghp_abcdefghijklmnopqrstuvwxyz0123456789",
                                                    QStringLiteral("/opt/bin/gh")});
    const auto result = await(gh.token());
    QVERIFY(!result);
    QVERIFY2(result.error().detail.startsWith(QStringLiteral("/opt/bin/gh: bad ")),
             qPrintable(result.error().detail));
    QVERIFY(!result.error().detail.contains(QStringLiteral("abcdefghij")));
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

void TestTokens::aFileIsReadEachTime()
{
    const QTemporaryDir dir;
    const QString path = dir.filePath(QStringLiteral("token"));
    const auto write = [&path](const QByteArray &content) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QCOMPARE(file.write(content), content.size());
    };
    FileToken source(path);
    const auto missing = await(source.token());
    QVERIFY(!missing);
    QCOMPARE(missing.error().kind, ErrorKind::SignedOut);
    QVERIFY2(missing.error().message.contains(path), qPrintable(missing.error().message));
    write("first\n");
    QCOMPARE(tokenOf(source), QByteArray("first"));
    write("a pass word\r\n");
    QCOMPARE(tokenOf(source), QByteArray("a pass word"));
}

void TestTokens::aFileThatIsNoCredentialIsRefusedWithoutAWordOfIt_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray(" \n");
    QTest::newRow("two lines") << QByteArray("hunter2\nhunter3\n");
    QTest::newRow("no text") << QByteArray("hunter2\0x", 9);
    QTest::newRow("too long") << QByteArray(70'000, 'h');
}

void TestTokens::aFileThatIsNoCredentialIsRefusedWithoutAWordOfIt()
{
    QFETCH(QByteArray, content);
    const QTemporaryDir dir;
    QFile file(dir.filePath(QStringLiteral("token")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
    file.close();
    FileToken source(file.fileName());
    const auto token = await(source.token());
    QVERIFY(!token);
    QCOMPARE(token.error().kind, ErrorKind::SignedOut);
    QVERIFY(!token.error().message.contains(QLatin1String("hunter")));
    QVERIFY(token.error().detail.isEmpty());
}

void TestTokens::aPasswordComesWithItsUser()
{
    qputenv("PILOTHOUSE_TEST_TOKEN", "hunter2");
    BasicSignIn source(QStringLiteral("console"),
                       std::make_unique<EnvironmentToken>(QStringLiteral("PILOTHOUSE_TEST_TOKEN")));
    const auto signIn = await(source.signIn());
    QVERIFY(signIn);
    QCOMPARE(signIn->user, QStringLiteral("console"));
    QCOMPARE(signIn->token.expose(), QByteArray("hunter2"));
    qunsetenv("PILOTHOUSE_TEST_TOKEN");
    QCOMPARE(await(source.signIn()).error().kind, ErrorKind::SignedOut);
}

void TestTokens::aKeyOfAServiceAccountIsKnown_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("type"); // empty = nothing is known
    QTest::newRow("a key") << QByteArray(R"({"type":"service_account","private_key":"hush"})")
                           << QStringLiteral("service_account");
    QTest::newRow("a person") << QByteArray(R"({"type":"authorized_user"})")
                              << QStringLiteral("authorized_user");
    QTest::newRow("no JSON") << QByteArray("hush") << QString();
}

void TestTokens::aKeyOfAServiceAccountIsKnown()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, type);
    QTemporaryDir folder;
    qputenv("CLOUDSDK_CONFIG", folder.path().toLocal8Bit());
    qunsetenv("GOOGLE_APPLICATION_CREDENTIALS");
    QVERIFY(!applicationDefaultCredentials());
    for (const char *name : {"application_default_credentials.json", "other.json"}) {
        QFile file(folder.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) > 0);
        file.close();
        if (QByteArray(name) == "other.json")
            qputenv("GOOGLE_APPLICATION_CREDENTIALS", file.fileName().toLocal8Bit());
        const auto known = applicationDefaultCredentials();
        QCOMPARE(known.has_value(), !type.isEmpty());
        if (!known)
            continue;
        QCOMPARE(known->type, type);
        QCOMPARE(known->path, file.fileName());
        QCOMPARE(known->isKey(), type == QLatin1String("service_account"));
    }
    qunsetenv("CLOUDSDK_CONFIG");
    qunsetenv("GOOGLE_APPLICATION_CREDENTIALS");
}

QTEST_GUILESS_MAIN(TestTokens)
#include "tokens.moc"
