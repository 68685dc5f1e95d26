#include "ownhome.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

/// The program itself, with a home folder of its own.
class CliConsentTest final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<OwnHome> m_home;

    QJsonObject listed()
    {
        const Ended list = m_home->run({QStringLiteral("consent"), QStringLiteral("--json")});
        return QJsonDocument::fromJson(list.out).array().at(0).toObject();
    }

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<OwnHome>();
        m_home->write("sign-me-in", "#!/bin/sh\nexit 1\n");
        m_home->write("kubeconfig",
                      "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:9'}}]\n"
                      "contexts: [{name: prod, context: {cluster: c, user: u}}]\n"
                      "users: [{name: u, user: {exec: {command: sign-me-in, args: [--zone, eu], "
                      "env: [{name: ACCOUNT, value: hush}], "
                      "apiVersion: client.authentication.k8s.io/v1beta1}}}]\n");
        m_home->write("pilothouse.yaml",
                      "pilothouse: 1\nname: it\nrepository: {path: .}\ntracks:\n  t:\n"
                      "    plan: [{weight: 100}]\n    control: {kind: http-route, context: prod, "
                      "namespace: n, name: r, stable: a, candidate: b}\n");
    }

    void whatIsAskedForIsListedAndNotGiven()
    {
        const Ended list = m_home->run({QStringLiteral("consent")});
        QCOMPARE(list.code, 1);
        for (const QByteArray &told :
             {m_home->path("sign-me-in").toUtf8(), QByteArray("--zone eu"), QByteArray("ACCOUNT"),
              QByteArray("context prod"), QByteArray("not given; --confirm ")})
            QVERIFY2(list.out.contains(told), list.out.constData());
        QVERIFY(!list.out.contains("hush"));
    }

    void theWayToADatabaseIsAskedAboutToo()
    {
        m_home->write("way", "#!/bin/sh\nexit 1\n");
        m_home->write("pilothouse.yaml",
                      "pilothouse: 1\nname: it\nrepository: {path: .}\ndatabases:\n  context:\n"
                      "    host: db\n    dbname: context\n    via: ["
                          + m_home->path("way").toUtf8() + ", 'svc/db', '{port}:5432']\n");
        const QJsonObject way = listed();
        QCOMPARE(way[QLatin1String("program")].toString(), m_home->path("way"));
        QVERIFY(way[QLatin1String("askedBy")].toString().endsWith(
            QLatin1String("pilothouse.yaml, databases.context.via")));
        QVERIFY(!way[QLatin1String("allowed")].toBool());
        const QString token = way[QLatin1String("confirm")].toString();
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code,
                 0);
        QVERIFY(listed()[QLatin1String("allowed")].toBool());
    }

    void itIsGivenTakenBackAndLostWhenTheFileChanges()
    {
        const QString token = listed().value(QLatin1String("confirm")).toString();
        QCOMPARE(token.size(), 12);
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code,
                 0);
        QCOMPARE(m_home->run({QStringLiteral("consent")}).code, 0);
        QVERIFY(listed().value(QLatin1String("allowed")).toBool());

        m_home->write("sign-me-in", "#!/bin/sh\nexit 2\n");
        QCOMPARE(m_home->run({QStringLiteral("consent")}).code, 1);
        QVERIFY(listed().value(QLatin1String("changed")).toBool());
        // What was looked at before is not what would run now.
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code,
                 2);

        m_home->write("sign-me-in", "#!/bin/sh\nexit 1\n");
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--withdraw"), token}).code,
                 0);
        QVERIFY(!listed().value(QLatin1String("allowed")).toBool());
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--withdraw"), token}).code,
                 4);
    }

    void statusSaysHowToGiveIt()
    {
        const Ended status = m_home->run(
            {QStringLiteral("status"), QStringLiteral("--wait"), QStringLiteral("5s")});
        QVERIFY2(status.out.contains("You have not allowed the program")
                     && status.out.contains("pilothouse-cli consent --workspace "),
                 status.out.constData());
        const QString token = listed().value(QLatin1String("confirm")).toString();
        QCOMPARE(m_home->run({QStringLiteral("consent"), QStringLiteral("--confirm"), token}).code,
                 0);
        // Now it runs, and fails as it is written to.
        const Ended after = m_home->run(
            {QStringLiteral("status"), QStringLiteral("--wait"), QStringLiteral("5s")});
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
        const Ended ended = m_home->run(QStringList{QStringLiteral("consent")} + arguments);
        QCOMPARE(ended.code, 2);
        QVERIFY2(ended.err.contains(said), ended.err.constData());
    }
};

QTEST_GUILESS_MAIN(CliConsentTest)
#include "consenttest.moc"
