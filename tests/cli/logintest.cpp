#include "ownhome.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTest>

/// The program itself, with and without a keychain.
class CliLoginTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<OwnHome> m_home;

    /// Words before a command that give it a desktop's keychain, unlocked; empty if this machine
    /// has none to give.
    [[nodiscard]] QStringList withKeychain() const
    {
        const QString bus = QStandardPaths::findExecutable(QStringLiteral("dbus-run-session"));
        if (bus.isEmpty()
            || QStandardPaths::findExecutable(QStringLiteral("gnome-keyring-daemon")).isEmpty())
            return {};
        m_home->write("with-keyring",
                      "#!/bin/sh\n"
                      "printf password | gnome-keyring-daemon --unlock --components=secrets "
                      ">/dev/null 2>&1\n"
                      "\"$@\"\n"
                      "code=$?\n"
                      "exit $code\n");
        return {bus, QStringLiteral("--"), m_home->path("with-keyring")};
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<OwnHome>();
        m_home->set("XDG_RUNTIME_DIR", m_home->path("."));
        m_home->set("XDG_CURRENT_DESKTOP", QStringLiteral("GNOME"));
        m_home->set("XDG_DATA_HOME", m_home->path("data"));
        m_home->write("pilothouse.yaml",
                      "pilothouse: 1\nname: it\nrepository: {path: ., github: a/b, "
                      "credential: keychain}\n"
                      "prometheus: {url: 'https://p.example', credential: keychain}\n"
                      "tracks:\n  one:\n    plan: [{weight: 100}]\n    control: {kind: "
                      "cloud-run, project: p1, region: r, service: s, credential: keychain}\n"
                      "  two:\n    plan: [{weight: 100}]\n    control: {kind: "
                      "cloud-run, project: p2, region: r, service: s, credential: keychain}\n");
    }

    void mistakesAreSaidAndNoTokenIsRepeated_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("said");
        const QString github = QStringLiteral("github");
        QTest::newRow("a token among the arguments")
            << QStringList{github, QStringLiteral("ghp_s3cret")} << QByteArray("t")
            << QByteArray("never from the arguments");
        QTest::newRow("a token in place of a system")
            << QStringList{QStringLiteral("ghp_s3cret")} << QByteArray("t")
            << QByteArray("but: github github.com, prometheus p.example");
        QTest::newRow("no token") << QStringList{github} << QByteArray(" \n")
                                  << QByteArray("No token was given");
        QTest::newRow("two words")
            << QStringList{github} << QByteArray("ghp_s3cret more") << QByteArray("not one token");
        QTest::newRow("one of two projects")
            << QStringList{QStringLiteral("google-cloud")} << QByteArray("t")
            << QByteArray("--account tells which: google-cloud p1, google-cloud p2");
        QTest::newRow("no such project")
            << QStringList{QStringLiteral("google-cloud"), QStringLiteral("--account=p3")}
            << QByteArray("t") << QByteArray("wants no such token");
    }
    void mistakesAreSaidAndNoTokenIsRepeated()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, said);
        const Ended ended = m_home->run(QStringList{QStringLiteral("login")} + arguments, input);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(said), ended.err.constData());
        QVERIFY(!(ended.out + ended.err).contains("s3cret"));
    }

    void withoutAKeychainItIsSaidWhatToDo()
    {
        const Ended ended
            = m_home->run({QStringLiteral("login"), QStringLiteral("github")}, "ghp_s3cret\n");
        QCOMPARE(ended.code, 4);
        QVERIFY2(ended.err.contains("keychain"), ended.err.constData());
        QVERIFY(!(ended.out + ended.err).contains("s3cret"));
    }

    void statusSaysWhatIsWrongWithTheKeychain()
    {
        const Ended status = m_home->run(
            {QStringLiteral("status"), QStringLiteral("--wait"), QStringLiteral("2s")});
        QVERIFY2(status.out.contains("Cloud Run: signed out"), status.out.constData());
        QVERIFY2(status.out.contains("The token for Google Cloud (p1) was not read. No keychain "
                                     "answers here."),
                 status.out.constData());
    }

    void aTokenGoesInIsFoundAndComesOutAgain()
    {
        const QStringList launcher = withKeychain();
        if (launcher.isEmpty())
            QSKIP("this machine has no keychain to try (dbus-run-session, gnome-keyring-daemon)");
        const QStringList github{QStringLiteral("login"), QStringLiteral("github")};
        const Ended before = m_home->run({QStringLiteral("login")}, {}, launcher);
        QVERIFY2(before.code == 1, (before.out + before.err).constData());
        const Ended put = m_home->run(github, "ghp_s3cret\n", launcher);
        QVERIFY2(put.code == 0, (put.out + put.err).constData());
        QVERIFY(!(put.out + put.err).contains("s3cret"));
        const Ended list = m_home->run({QStringLiteral("login")}, {}, launcher);
        QVERIFY2(list.out.contains("github github.com: there is a token"), list.out.constData());
        QCOMPARE(list.code, 1); // the others are missing
        const Ended json
            = m_home->run({QStringLiteral("login"), QStringLiteral("--json")}, {}, launcher);
        const QJsonArray accounts = QJsonDocument::fromJson(json.out).array();
        QCOMPARE(accounts.size(), 4);
        QVERIFY(accounts[0][QLatin1String("present")].toBool());
        QVERIFY(!accounts[1][QLatin1String("present")].toBool());
        const Ended out
            = m_home->run(github + QStringList{QStringLiteral("--remove")}, {}, launcher);
        QVERIFY2(out.code == 0, (out.out + out.err).constData());
        const Ended after = m_home->run({QStringLiteral("login")}, {}, launcher);
        QVERIFY2(after.out.contains("github github.com: The keychain has no such entry"),
                 after.out.constData());
    }
};

QTEST_GUILESS_MAIN(CliLoginTest)
#include "logintest.moc"
