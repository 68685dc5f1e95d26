#include "app/wiring/signin/accounts.h"
#include "app/wiring/credentials.h"
#include "app/wiring/signin/workspacelogins.h"

#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakekeychain.h"
#include "support/fakerunner.h"

#include <QTest>

using namespace pilothouse;
using Kind = CredentialChoice::Kind;

class AccountsTest : public QObject
{
    Q_OBJECT

private:
    static RepositorySettings repository(const char *api, Kind kind = Kind::Keychain)
    {
        RepositorySettings settings;
        settings.api.url = QUrl(QString::fromLatin1(api));
        settings.credential.kind = kind;
        return settings;
    }
    static TrackSettings cloudRun(const char *project, Kind kind = Kind::Keychain)
    {
        CloudRunSettings run;
        run.project = QString::fromLatin1(project);
        run.credential.kind = kind;
        TrackSettings track;
        track.control = run;
        return track;
    }

private Q_SLOTS:
    void aGithubAccountIsThatOfTheHostPeopleSignInTo_data()
    {
        QTest::addColumn<QByteArray>("api");
        QTest::addColumn<QString>("key");
        QTest::newRow("nothing written") << QByteArray() << QStringLiteral("github github.com");
        QTest::newRow("written out")
            << QByteArray("https://api.github.com") << QStringLiteral("github github.com");
        QTest::newRow("a tenant") << QByteArray("https://api.acme.ghe.com")
                                  << QStringLiteral("github acme.ghe.com");
        QTest::newRow("a server of one's own")
            << QByteArray("https://git.example/api/v3") << QStringLiteral("github git.example");
    }
    void aGithubAccountIsThatOfTheHostPeopleSignInTo()
    {
        QFETCH(QByteArray, api);
        QTEST(githubAccount(repository(api.constData())).key(), "key");
    }

    void theVendorsLoginsAreThoseOfItsCredentials()
    {
        Workspace workspace;
        workspace.repository = repository("https://git.example/api/v3", Kind::Gh);
        workspace.repository.github = QStringLiteral("acme/app");
        workspace.tracks = {cloudRun("one", Kind::Gcloud), cloudRun("two", Kind::Gcloud)};
        QList<VendorLogin> logins = vendorLogins(workspace);
        QCOMPARE(logins.size(), 2);
        QCOMPARE(logins[0].sources, QStringList{QStringLiteral("GitHub")});
        QCOMPARE(logins[0].text(),
                 QStringLiteral("gh auth login --hostname git.example --git-protocol https --web"));
        QCOMPARE(logins[1].sources, QStringList{QStringLiteral("Cloud Run")});
        QCOMPARE(logins[1].text(), QStringLiteral("gcloud auth login"));

        workspace.repository.credential.kind = Kind::Keychain;
        workspace.tracks = {cloudRun("one", Kind::Environment)};
        QVERIFY(vendorLogins(workspace).isEmpty());
    }

    void whatTheWorkspaceWantsIsListedOnce()
    {
        Workspace workspace;
        workspace.repository = repository("");
        PrometheusSettings prometheus;
        prometheus.address.url = QUrl(QStringLiteral("https://p.example:9443/prometheus"));
        prometheus.credential.kind = Kind::Keychain;
        workspace.prometheus = prometheus;
        TrackSettings track = cloudRun("p1");
        BuildSettings build;
        build.project = QStringLiteral("p1");
        build.credential.kind = Kind::Keychain;
        track.build = build;
        workspace.tracks = {track, cloudRun("p2"), cloudRun("p3", Kind::Gcloud)};
        QStringList keys;
        for (const KeychainAccount &account : keychainAccounts(workspace))
            keys << account.key();
        QCOMPARE(keys, (QStringList{QStringLiteral("github github.com"),
                                    QStringLiteral("prometheus p.example:9443"),
                                    QStringLiteral("google-cloud p1"),
                                    QStringLiteral("google-cloud p2")}));
        workspace.repository.credential.kind = Kind::Gh;
        QCOMPARE(keychainAccounts(workspace).size(), 3);
    }

    void aKeychainCredentialReadsTheAccountsOwnEntry()
    {
        FakeRunner runner;
        FakeClock clock;
        FakeKeychain keychain;
        Credentials credentials(runner, keychain, clock, QStringLiteral("/w.yaml"));
        CredentialSource &source
            = credentials.of({Kind::Keychain, {}}, githubAccount(repository("")));
        const auto missing = await(source.token());
        QVERIFY2(missing.error().message.endsWith(
                     QStringLiteral("pilothouse-cli login github --workspace /w.yaml")),
                 qPrintable(missing.error().message));
        keychain.entries.insert(QStringLiteral("github github.com"), "t0k");
        QCOMPARE(await(source.token())->expose(), QByteArray("t0k"));
        QVERIFY(runner.commands.isEmpty());
    }
};

QTEST_GUILESS_MAIN(AccountsTest)
#include "accountstest.moc"
