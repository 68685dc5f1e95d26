#include "connectors/alertmanager/alertmanager.h"

#include "connectors/alertmanager/alertmanagerdecode.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// As Alertmanager 0.25 answers.
QByteArray one(const QByteArray &state, const QByteArray &silencedBy = "[]",
               const QByteArray &inhibitedBy = "[]")
{
    return R"([{"annotations":{"summary":"5xx over 1 %"},"endsAt":"2026-11-24T13:40:00.000Z",)"
           R"("fingerprint":"a08ec168476f59a4","receivers":[{"name":"night"},{"name":"chat"}],)"
           R"("startsAt":"2026-11-24T13:33:10.500Z","status":{"inhibitedBy":)"
           + inhibitedBy + R"(,"silencedBy":)" + silencedBy + R"(,"state":")" + state
           + R"("},"updatedAt":"2026-11-24T13:33:11.000Z",)"
             R"("generatorURL":"http://prom.example/graph",)"
             R"("labels":{"alertname":"HighErrorRatio","track":"standalone"}}])";
}

struct Setup
{
    ScriptedHttp http;
    FakeClock clock;
    QStringList match;
    Alertmanager alertmanager{
        http, clock, {QUrl(QStringLiteral("http://alerts.example/base/")), match}};
};

} // namespace

class TestAlertmanager final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAlertIsReadWhole()
    {
        Setup s;
        s.http.answer(200, one("active"), {{"date", "Tue, 24 Nov 2026 13:34:00 GMT"}});
        const auto answer = await(s.alertmanager.alerts());
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QCOMPARE(s.http.log(), QStringList{QStringLiteral("GET /base/api/v2/alerts")});
        QCOMPARE(answer->source, QStringLiteral("Alertmanager"));
        QCOMPARE(answer->value.size(), 1);
        const Alert &alert = answer->value.first();
        QCOMPARE(alert.name, QStringLiteral("HighErrorRatio"));
        QCOMPARE(alert.state, QStringLiteral("firing"));
        QCOMPARE(alert.activeAt, QDateTime(QDate(2026, 11, 24), QTime(13, 33, 10, 500), Qt::UTC));
        QCOMPARE(alert.labels.value(QStringLiteral("track")), QStringLiteral("standalone"));
        QCOMPARE(alert.annotations.value(QStringLiteral("summary")),
                 QStringLiteral("5xx over 1 %"));
        QCOMPARE(alert.fingerprint, QStringLiteral("a08ec168476f59a4"));
        QCOMPARE(alert.receivers, QStringList({QStringLiteral("night"), QStringLiteral("chat")}));
        QCOMPARE(alert.generator, QStringLiteral("http://prom.example/graph"));
    }

    void itsStatesAreOurs_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("state");
        QTest::newRow("active") << one("active") << QStringLiteral("firing");
        QTest::newRow("not worked on yet") << one("unprocessed") << QStringLiteral("firing");
        QTest::newRow("silenced") << one("suppressed", R"(["s1"])") << QStringLiteral("silenced");
        QTest::newRow("inhibited")
            << one("suppressed", "[]", R"(["a1"])") << QStringLiteral("inhibited");
        QTest::newRow("both") << one("suppressed", R"(["s1"])", R"(["a1"])")
                              << QStringLiteral("silenced");
    }
    void itsStatesAreOurs()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, state);
        const auto alerts = decodeManagedAlerts(body);
        QVERIFY(alerts.has_value());
        QCOMPARE(alerts->first().state, state);
    }

    void matchersNarrowTheAnswerAndMakeItOurs()
    {
        Setup s{
            {}, {}, {QStringLiteral("team=\"a+b\""), QStringLiteral("severity=~\"page|warn\"")}};
        QVERIFY(s.alertmanager.isOurs({}));
        s.http.answer(200, "[]");
        QVERIFY(await(s.alertmanager.alerts()).has_value());
        QCOMPARE(s.http.requests.first().url.query(QUrl::FullyEncoded),
                 QStringLiteral("filter=team%3D%22a%2Bb%22&filter=severity%3D~%22page%7Cwarn%22"));
        QVERIFY(!Setup().alertmanager.isOurs({}));
    }

    void noAlertsAreNoAlerts()
    {
        const auto alerts = decodeManagedAlerts("[]");
        QVERIFY(alerts && alerts->isEmpty());
    }

    void anAnswerThatIsNoneIsAnErrorAndNeverNoAlerts_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QString>("message");
        QTest::newRow("a page") << QByteArray("<html>") << QStringLiteral("Alertmanager");
        QTest::newRow("another form")
            << QByteArray(R"({"status":"success","data":[]})") << QStringLiteral("Alertmanager");
        QTest::newRow("another state") << one("resolved") << QStringLiteral("[0].status.state");
        QTest::newRow("no status")
            << QByteArray(R"([{"labels":{},"fingerprint":"f"}])") << QStringLiteral("[0].status");
    }
    void anAnswerThatIsNoneIsAnErrorAndNeverNoAlerts()
    {
        QFETCH(QByteArray, body);
        QFETCH(QString, message);
        const auto alerts = decodeManagedAlerts(body);
        QVERIFY(!alerts);
        QCOMPARE(alerts.error().kind, ErrorKind::Malformed);
        QVERIFY2(alerts.error().message.contains(message), qPrintable(alerts.error().message));
    }

    void refusalsComeThrough_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        QTest::newRow("signed out") << 401 << int(ErrorKind::SignedOut);
        QTest::newRow("not allowed") << 403 << int(ErrorKind::NotAllowed);
        QTest::newRow("a sign-in page") << 302 << int(ErrorKind::SignedOut);
        QTest::newRow("away") << 503 << int(ErrorKind::Unavailable);
    }
    void refusalsComeThrough()
    {
        QFETCH(int, status);
        QFETCH(int, kind);
        Setup s;
        s.http.answer(status, {}, {{"location", "https://login.example/"}});
        const auto answer = await(s.alertmanager.alerts());
        QVERIFY(!answer);
        QCOMPARE(int(answer.error().kind), kind);
    }
};

QTEST_GUILESS_MAIN(TestAlertmanager)
#include "alertmanagertest.moc"
