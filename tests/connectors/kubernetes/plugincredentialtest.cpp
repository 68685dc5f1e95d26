#include "connectors/kubernetes/login/plugincredential.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakeconsent.h"
#include "support/fakerunner.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QByteArray credential(const QByteArray &token, const QDateTime &end = {})
{
    const QByteArray expiry = end.isValid() ? ",\"expirationTimestamp\":\""
                                                  + end.toString(Qt::ISODate).toLatin1() + "\""
                                            : QByteArray();
    return R"({"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{)"
           "\"token\":\""
           + token + "\"" + expiry + "}}";
}

} // namespace

class PluginCredentialTest : public QObject
{
    Q_OBJECT

private:
    struct World
    {
        FakeRunner runner;
        FakeClock clock;
        FakeConsent consent;
        LoginPath path;

        explicit World(const QString &searchPath) : path(runner, {}, searchPath) {}
        PluginSetting setting() { return {runner, path, consent, clock}; }
    };

    QTemporaryDir m_dir;

    ExecPlugin plugin()
    {
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        plugin.command = QStringLiteral("login");
        plugin.arguments = {QStringLiteral("--client-secret=hush")};
        plugin.environment = {{QStringLiteral("ZONE"), QStringLiteral("eu")},
                              {QStringLiteral("ACCOUNT"), QStringLiteral("me")}};
        plugin.info = R"({"kind":"ExecCredential"})";
        plugin.file = QStringLiteral("/home/me/.kube/config");
        plugin.context = QStringLiteral("prod");
        return plugin;
    }
    static QString said(const Error &error) { return error.message + error.detail; }

private Q_SLOTS:
    void init()
    {
        QFile file(m_dir.filePath(QStringLiteral("login")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("abc") == 3);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    void itIsAskedAboutAndThenRunWithWhatTheFileSets()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(0, credential("t0k"));
        const auto token = await(source.token());
        QVERIFY2(token, qPrintable(token ? QString() : token.error().message));
        QCOMPARE(token->expose(), QByteArray("t0k"));

        QCOMPARE(world.consent.asked.size(), 1);
        const ProgramUse &use = world.consent.asked[0];
        QCOMPARE(use.program, m_dir.filePath(QStringLiteral("login")));
        QCOMPARE(use.arguments, plugin().arguments);
        QCOMPARE(use.sha256.left(12), QByteArray("ba7816bf8f01"));
        QCOMPARE(use.environment, (QStringList{QStringLiteral("ACCOUNT"), QStringLiteral("ZONE")}));
        QCOMPARE(use.askedBy, QStringLiteral("kubeconfig /home/me/.kube/config, context prod"));

        QCOMPARE(world.runner.commands.size(), 1);
        const Command &command = world.runner.commands[0];
        QCOMPARE(command.program, use.program);
        QCOMPARE(command.arguments, use.arguments);
        QCOMPARE(command.environment.value(QStringLiteral("ZONE")), QStringLiteral("eu"));
        QCOMPARE(command.environment.value(QStringLiteral("KUBERNETES_EXEC_INFO")),
                 QStringLiteral(R"({"kind":"ExecCredential"})"));
        QCOMPARE(command.environment.value(QStringLiteral("PATH")), m_dir.path());
    }

    void withoutConsentNothingRuns()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.consent.refusal = Error{ErrorKind::SignedOut, QStringLiteral("not allowed"), {}, {}};
        QCOMPARE(await(source.token()).error(), *world.consent.refusal);
        QVERIFY(world.runner.commands.isEmpty());
        // Given in the meantime, it counts at the next try.
        world.consent.refusal.reset();
        world.runner.answer(0, credential("t0k"));
        QVERIFY(await(source.token()));
    }

    void itRunsAgainWhenTheTokenEndsByTheWallClock()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(0, credential("one", world.clock.now().addSecs(3600)));
        world.runner.answer(0, credential("two", world.clock.now().addSecs(7200)));
        QCOMPARE(await(source.token())->expose(), QByteArray("one"));
        world.clock.advance(58min);
        QCOMPARE(await(source.token())->expose(), QByteArray("one"));
        world.clock.advance(61s);
        QCOMPARE(await(source.token())->expose(), QByteArray("two"));
        QCOMPARE(world.consent.asked.size(), 2);
    }

    void itRunsAgainAfterItWasRefused()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(0, credential("one"));
        world.runner.answer(0, credential("two"));
        QCOMPARE(await(source.signIn())->token.expose(), QByteArray("one"));
        source.forget();
        QCOMPARE(await(source.signIn())->token.expose(), QByteArray("two"));
        QCOMPARE(await(source.signIn())->token.expose(), QByteArray("two"));
        QCOMPARE(world.runner.commands.size(), 2);
    }

    void whatChangedOnDiskIsAskedAboutAsWhatItIsNow()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(0, credential("one"));
        world.runner.answer(0, credential("two"));
        QVERIFY(await(source.token()));
        QFile file(m_dir.filePath(QStringLiteral("login")));
        QVERIFY(file.open(QIODevice::Append) && file.write("d") == 1);
        file.close();
        source.forget();
        QVERIFY(await(source.token()));
        QVERIFY(world.consent.asked[0].sha256 != world.consent.asked[1].sha256);
    }

    void aMissingProgramIsSaidWithTheHintOfTheFile()
    {
        World world(m_dir.path());
        ExecPlugin missing = plugin();
        missing.command = QStringLiteral("not-there");
        const auto plain = await(PluginCredential(missing, world.setting()).token());
        QVERIFY(!plain);
        QCOMPARE(plain.error().kind, ErrorKind::SignedOut);
        QCOMPARE(plain.error().message,
                 QStringLiteral("The sign-in program “not-there” of context “prod” was not found. "
                                "Install it or put it on the PATH of your login shell."));
        missing.installHint = QStringLiteral("Install it from https://example.test.");
        const auto hinted = await(PluginCredential(missing, world.setting()).token());
        QVERIFY(hinted.error().message.endsWith(missing.installHint));
        QVERIFY(world.consent.asked.isEmpty());
    }

    void aFailureNamesTheProgramAndKeepsSecretsOut()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(
            1, "s3cret", "please log in; Authorization: Bearer abcdefghijklmnopqrstuvwxyz012345");
        const auto token = await(source.token());
        QVERIFY(!token);
        QCOMPARE(token.error().kind, ErrorKind::SignedOut);
        QVERIFY(token.error().message.contains(m_dir.filePath(QStringLiteral("login"))));
        QVERIFY(token.error().message.contains(QStringLiteral("kubectl --context prod version")));
        QVERIFY(token.error().detail.contains(QStringLiteral("please log in")));
        for (const char *secret : {"s3cret", "hush", "abcdefghijklm"})
            QVERIFY2(!said(token.error()).contains(QString::fromLatin1(secret)),
                     qPrintable(said(token.error())));
    }

    void afterAFailureItRestsAndIsThenRunAnew()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        const Error slow{ErrorKind::TimedOut, QStringLiteral("no answer"), {}, {}};
        world.runner.answer(slow);
        world.runner.answer(0, credential("t"));
        const Error told = await(source.token()).error();
        QCOMPARE(told.kind, ErrorKind::SignedOut);
        QCOMPARE(told.message,
                 QStringLiteral("no answer Run “kubectl --context prod version” in a terminal to "
                                "see what it asks for."));
        world.clock.advance(29s);
        QCOMPARE(await(source.token()).error(), told);
        QCOMPARE(world.runner.commands.size(), 1);
        world.clock.advance(1s);
        QVERIFY(await(source.token()));
    }

    void aClusterThatRefusesEverythingDoesNotRunItAtEveryPoll()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        for (const char *token : {"one", "two", "three"})
            world.runner.answer(0, credential(token));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(await(source.token()));
            source.forget();
        }
        const auto refused = await(source.token());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::SignedOut);
        QVERIFY(refused.error().message.contains(QStringLiteral("The cluster refuses")));
        QCOMPARE(world.runner.commands.size(), 2);
        world.clock.advance(30s);
        QCOMPARE(await(source.token())->expose(), QByteArray("three"));
    }

    void whatSeemsToHaveEndedIsShownForHalfAMinute()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        const QDateTime told = world.clock.now().addSecs(-3600);
        world.runner.answer(0, credential("one", told));
        world.runner.answer(0, credential("two", told));
        QCOMPARE(await(source.token())->expose(), QByteArray("one"));
        QCOMPARE(source.expiresAt(), told);
        world.clock.advance(29s);
        QCOMPARE(await(source.token())->expose(), QByteArray("one"));
        world.clock.advance(1s);
        QCOMPARE(await(source.token())->expose(), QByteArray("two"));
    }

    void whatIsRefusedAndHasEndedIsToldWithItsEnd()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        for (int i = 0; i < 2; ++i) {
            world.runner.answer(0, credential("old", world.clock.now().addSecs(-60)));
            QVERIFY(await(source.token()));
            source.forget();
        }
        QCOMPARE(
            await(source.token()).error().message,
            QStringLiteral("The cluster refuses what the sign-in program “login” of context "
                           "“prod” gives, which ended at %1 UTC by this computer's clock. "
                           "Sign in with its own tool; it is tried again within 30 s.")
                .arg(world.clock.now().addSecs(-60).toString(QStringLiteral("yyyy-MM-dd HH:mm"))));
        QVERIFY(!source.expiresAt().isValid());
    }

    void whoAsksMeanwhileGetsTheSameRun()
    {
        World world(m_dir.path());
        PluginCredential source(plugin(), world.setting());
        world.runner.answer(0, credential("t"));
        const auto one = source.token();
        const auto two = source.signIn();
        QCOMPARE(await(one)->expose(), QByteArray("t"));
        QCOMPARE(await(two)->token.expose(), QByteArray("t"));
        QCOMPARE(world.runner.commands.size(), 1);
    }

    void aRealProgramIsRun()
    {
        QFile file(m_dir.filePath(QStringLiteral("login")));
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("#!/bin/sh\necho '" + credential("$ZONE").replace("$ZONE", "'$ZONE'") + "'\n");
        file.close();
        FakeRunner unused;
        LoginPath path(unused, {}, m_dir.path() + QStringLiteral(":/usr/bin:/bin"));
        ProcessRunner runner;
        FakeConsent consent;
        FakeClock clock;
        PluginCredential source(plugin(), {runner, path, consent, clock});
        const auto token = await(source.token());
        QVERIFY2(token, qPrintable(token ? QString() : said(token.error())));
        QCOMPARE(token->expose(), QByteArray("eu"));
    }
};

QTEST_GUILESS_MAIN(PluginCredentialTest)
#include "plugincredentialtest.moc"
