#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace {

struct Ended
{
    int code = -1;
    QByteArray out;
    QByteArray err;
};

} // namespace

/// The program itself, with a home folder of its own.
class CliConsentTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_home;

    QString path(const char *name) const { return m_home->filePath(QString::fromLatin1(name)); }
    void write(const char *name, const QByteArray &content)
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }
    Ended run(const QStringList &arguments, const QByteArray &input = {})
    {
        QProcess program;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("HOME"), m_home->path());
        environment.insert(QStringLiteral("SHELL"), QStringLiteral("/bin/sh"));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), path("config"));
        environment.insert(QStringLiteral("KUBECONFIG"), path("kubeconfig"));
        environment.insert(QStringLiteral("PATH"),
                           m_home->path() + QStringLiteral(":/usr/bin:/bin"));
        program.setProcessEnvironment(environment);
        program.setWorkingDirectory(m_home->path());
        program.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"), arguments);
        program.write(input);
        program.closeWriteChannel();
        if (!program.waitForFinished() || program.exitStatus() != QProcess::NormalExit)
            return {};
        return {program.exitCode(), program.readAllStandardOutput(),
                program.readAllStandardError()};
    }
    QJsonObject listed()
    {
        const Ended list = run({QStringLiteral("consent"), QStringLiteral("--json")});
        return QJsonDocument::fromJson(list.out).array().at(0).toObject();
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<QTemporaryDir>();
        write("sign-me-in", "#!/bin/sh\nexit 1\n");
        write("kubeconfig",
              "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:9'}}]\n"
              "contexts: [{name: prod, context: {cluster: c, user: u}}]\n"
              "users: [{name: u, user: {exec: {command: sign-me-in, args: [--zone, eu], "
              "env: [{name: ACCOUNT, value: hush}], "
              "apiVersion: client.authentication.k8s.io/v1beta1}}}]\n");
        write("pilothouse.yaml",
              "pilothouse: 1\nname: it\nrepository: {path: .}\ntracks:\n  t:\n"
              "    plan: [{weight: 100}]\n    control: {kind: http-route, context: prod, "
              "namespace: n, name: r, stable: a, candidate: b}\n");
    }

    void whatIsAskedForIsListedAndNotGiven()
    {
        const Ended list = run({QStringLiteral("consent")});
        QCOMPARE(list.code, 1);
        for (const QByteArray &told :
             {path("sign-me-in").toUtf8(), QByteArray("--zone eu"), QByteArray("ACCOUNT"),
              QByteArray("context prod"), QByteArray("not given; --confirm ")})
            QVERIFY2(list.out.contains(told), list.out.constData());
        QVERIFY(!list.out.contains("hush"));
    }

    void itIsGivenTakenBackAndLostWhenTheFileChanges()
    {
        const QString token = listed().value(QLatin1String("confirm")).toString();
        QCOMPARE(token.size(), 12);
        QCOMPARE(run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code, 0);
        QCOMPARE(run({QStringLiteral("consent")}).code, 0);
        QVERIFY(listed().value(QLatin1String("allowed")).toBool());

        write("sign-me-in", "#!/bin/sh\nexit 2\n");
        QCOMPARE(run({QStringLiteral("consent")}).code, 1);
        QVERIFY(listed().value(QLatin1String("changed")).toBool());
        // What was looked at before is not what would run now.
        QCOMPARE(run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code, 2);

        write("sign-me-in", "#!/bin/sh\nexit 1\n");
        QCOMPARE(run({QStringLiteral("consent"), QStringLiteral("--withdraw"), token}).code, 0);
        QVERIFY(!listed().value(QLatin1String("allowed")).toBool());
        QCOMPARE(run({QStringLiteral("consent"), QStringLiteral("--withdraw"), token}).code, 4);
    }

    void statusSaysHowToGiveIt()
    {
        const Ended status
            = run({QStringLiteral("status"), QStringLiteral("--wait"), QStringLiteral("5s")});
        QVERIFY2(status.out.contains("You have not allowed the sign-in program")
                     && status.out.contains("pilothouse-cli consent --workspace "),
                 status.out.constData());
        const QString token = listed().value(QLatin1String("confirm")).toString();
        QCOMPARE(run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code, 0);
        // Now it runs, and fails as it is written to.
        const Ended after
            = run({QStringLiteral("status"), QStringLiteral("--wait"), QStringLiteral("5s")});
        QVERIFY2(after.out.contains("ended with code 1"), after.out.constData());
    }

    void mistakesAreSaid_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("no such token")
            << QStringList{QStringLiteral("--confirm=abc")} << QByteArray("has the token abc");
        QTest::newRow("both ways")
            << QStringList{QStringLiteral("--confirm=a"), QStringLiteral("--withdraw=b")}
            << QByteArray("write one of them");
        QTest::newRow("no such workspace")
            << QStringList{QStringLiteral("--workspace=nowhere.yaml")} << QByteArray("nowhere");
    }
    void mistakesAreSaid()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, said);
        const Ended ended = run(QStringList{QStringLiteral("consent")} + arguments);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(said), ended.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliConsentTest)
#include "consenttest.moc"
