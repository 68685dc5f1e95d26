#include "workspace/workspacereader.h"

#include <QDir>
#include <QTest>

using namespace pilothouse;

using Kind = CredentialChoice::Kind;

/// How the console signs in to a metrics server and to an Alertmanager.
class ServerSignInTest final : public QObject
{
    Q_OBJECT

private:
    static Result<Workspace> read(const QByteArray &server)
    {
        const auto workspace
            = readWorkspace("pilothouse: 1\nname: demo\nrepository: {path: .}\n" + server + "\n",
                            QStringLiteral("/project/w.yaml"));
        if (!workspace)
            return fail(workspace.error().toError());
        return *workspace;
    }

private Q_SLOTS:
    void aPasswordHasAUser()
    {
        const auto workspace
            = read("prometheus: {url: https://p.example, user: console, credential: env PASSWORD}");
        QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
        QCOMPARE(workspace->prometheus->user, QStringLiteral("console"));
        QCOMPARE(int(workspace->prometheus->credential.kind), int(Kind::Environment));
        QCOMPARE(workspace->prometheus->credential.variable, QStringLiteral("PASSWORD"));
    }

    void aFileIsFoundFromTheWorkspaceOrTheHome_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("found");
        QTest::newRow("whole") << QByteArray("/run/secrets/token")
                               << QStringLiteral("/run/secrets/token");
        QTest::newRow("beside") << QByteArray("./token") << QStringLiteral("/project/token");
        QTest::newRow("above") << QByteArray("../token") << QStringLiteral("/token");
        QTest::newRow("home") << QByteArray("~/a b")
                              << QDir::home().filePath(QStringLiteral("a b"));
    }
    void aFileIsFoundFromTheWorkspaceOrTheHome()
    {
        QFETCH(QByteArray, path);
        QFETCH(QString, found);
        for (const QByteArray &server : {QByteArray("prometheus"), QByteArray("alertmanager")}) {
            const auto workspace
                = read(server + ": {url: https://p.example, credential: 'file " + path + "'}");
            QVERIFY2(workspace, workspace ? "" : qPrintable(workspace.error().detail));
            const CredentialChoice &choice = server == "prometheus"
                                                 ? workspace->prometheus->credential
                                                 : workspace->alertmanager->credential;
            QCOMPARE(int(choice.kind), int(Kind::File));
            QCOMPARE(choice.path, found);
        }
    }

    void whatIsWrongIsTold_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QString>("told");
        const auto row = [](const char *name, const char *keys, const char *told) {
            QTest::newRow(name) << QByteArray(keys) << QString::fromUtf8(told);
        };
        row("a user without a password", "url: https://p.example, user: console",
            "user: expected a credential beside it that tells where the password is: keychain, env "
            "NAME or file PATH");
        row("a colon in the user", "url: https://p.example, user: 'a:hunter2', credential: env P",
            "user: expected a name without \":\"");
        row("a token in place of a path", "url: https://p.example, credential: file hunter2",
            "credential: expected one of none, keychain, env NAME, file PATH; a token itself does "
            "not belong in this file");
        row("a password over open http",
            "url: http://p.example, allow_http: true, user: console, credential: file /run/p",
            "credential: expected none, as no credential is sent over http; use https for "
            "p.example");
    }
    void whatIsWrongIsTold()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QString, told);
        for (const QByteArray &server : {QByteArray("prometheus"), QByteArray("alertmanager")}) {
            const auto workspace = read(server + ": {" + keys + "}");
            QVERIFY(!workspace);
            const QString all = workspace.error().message + workspace.error().detail;
            QVERIFY2(all.contains(told), qPrintable(all));
            QVERIFY(!all.contains(QLatin1String("hunter2")));
        }
    }
};

QTEST_GUILESS_MAIN(ServerSignInTest)
#include "serversignintest.moc"
