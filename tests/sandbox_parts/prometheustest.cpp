#include "app/sandbox/parts/prometheusserver.h"
#include "sandbox_parts/metricspage.h"
#include "sandbox_parts/serverfixture.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QUrl>

namespace pilothouse::sandbox {

namespace {

constexpr double speed = 10;

/// An hour before now in steps of five seconds, as the world gives it.
QByteArray anHour()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    QByteArray text = "# TYPE http_requests counter\n";
    for (int i = 720; i > 0; --i)
        text += "http_requests_total{track=\"standalone\",version=\"candidate\",code=\"200\"} "
                + QByteArray::number((720 - i) * 600) + ' '
                + QByteArray::number(now - qint64(5) * i) + '\n';
    return text + "# EOF\n";
}

} // namespace

/// A real server, one for all functions.
class PrometheusTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theHourBeforeIsThere();
    void historyAndPresentAreOneSeries();
    void theSandboxIsScrapedInStepWithTheSpeed();
    void theAlertFiresForTheBadVersionAndIsResolved();
    void podsThatAreStartedAgainMakeAnAlertPending();
    void aLostServerAnswersNothingUntilItIsBack();
    void brokenHistoryIsTold();

private:
    /// `result` of an instant or range query, or of /api/v1/alerts.
    [[nodiscard]] QJsonObject get(const QByteArray &path);
    [[nodiscard]] QJsonArray query(const QByteArray &expression);

    QTemporaryDir m_dir;
    MetricsPage m_page;
    std::unique_ptr<PrometheusServer> m_server;
};

void PrometheusTest::initTestCase()
{
    REQUIRE_PROGRAMS(PrometheusServer::binaryFolder());
    m_server = std::make_unique<PrometheusServer>(
        PrometheusServer::Settings{m_dir.path(), freePort(), m_page.port(), speed, anHour()});
    QElapsedTimer time;
    time.start();
    const auto failure = started(*m_server);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    qInfo("started in %lld ms", time.elapsed());
}

QJsonObject PrometheusTest::get(const QByteArray &path)
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_server->port());
    QByteArray answer;
    connect(&socket, &QTcpSocket::connected, &socket,
            [&] { socket.write("GET /api/v1/" + path + " HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"); });
    if (!QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::UnconnectedState; }, 2000))
        return {};
    answer = socket.readAll();
    const QByteArray body = answer.mid(answer.indexOf("\r\n\r\n") + 4);
    return QJsonDocument::fromJson(body).object().value(QLatin1String("data")).toObject();
}

QJsonArray PrometheusTest::query(const QByteArray &expression)
{
    return get("query?query=" + QUrl::toPercentEncoding(QString::fromUtf8(expression)))
        .value(QLatin1String("result"))
        .toArray();
}

void PrometheusTest::theHourBeforeIsThere()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    const QByteArray path = "query_range?query="
                            + QUrl::toPercentEncoding(QStringLiteral(
                                "sum by (version) (rate(http_requests_total{track=\"standalone\"}"
                                "[30s]))"))
                            + "&start=" + QByteArray::number(now - 3500)
                            + "&end=" + QByteArray::number(now - 100) + "&step=10";
    const QJsonArray series = get(path).value(QLatin1String("result")).toArray();
    QCOMPARE(series.size(), 1);
    const QJsonArray values = series[0].toObject().value(QLatin1String("values")).toArray();
    QVERIFY2(values.size() > 330, qPrintable(QString::number(values.size())));
    for (const auto &value : values)
        QCOMPARE(value.toArray()[1].toString().toDouble(), 120.0);
}

void PrometheusTest::historyAndPresentAreOneSeries()
{
    QTRY_COMPARE(query("count(http_requests_total{code=\"503\"})").size(), 1);
    // With another label on either side there would be two.
    QCOMPARE(query("http_requests_total{code=\"200\"}").size(), 1);
    const QJsonObject labels = query("http_requests_total{code=\"200\"}")[0]
                                   .toObject()
                                   .value(QLatin1String("metric"))
                                   .toObject();
    QVERIFY(!labels.contains(QLatin1String("instance")));
    QVERIFY(!labels.contains(QLatin1String("job")));
    QCOMPARE(query("count_over_time(http_requests_total{code=\"200\"}[70m]) > 700").size(), 1);
}

void PrometheusTest::theSandboxIsScrapedInStepWithTheSpeed()
{
    // 100 ms: more than thirty points in any five seconds, once five have passed.
    QTRY_VERIFY_WITH_TIMEOUT(
        query("count_over_time(http_requests_total{code=\"503\"}[5s]) > 30").size() == 1, 10'000);
}

void PrometheusTest::theAlertFiresForTheBadVersionAndIsResolved()
{
    const auto firing = [this] {
        const QJsonArray alerts = get("alerts").value(QLatin1String("alerts")).toArray();
        for (const auto &alert : alerts)
            if (alert.toObject().value(QLatin1String("state")) == QLatin1String("firing"))
                return alert.toObject();
        return QJsonObject();
    };
    QVERIFY(firing().isEmpty());
    m_page.failing = 0.044;
    QTRY_VERIFY_WITH_TIMEOUT(!firing().isEmpty(), 15'000);
    const QJsonObject labels = firing().value(QLatin1String("labels")).toObject();
    QCOMPARE(labels.value(QLatin1String("alertname")).toString(), QStringLiteral("HighErrorRatio"));
    QCOMPARE(labels.value(QLatin1String("track")).toString(), QStringLiteral("standalone"));
    QCOMPARE(labels.value(QLatin1String("version")).toString(), QStringLiteral("candidate"));
    const QJsonObject notes = firing().value(QLatin1String("annotations")).toObject();
    QVERIFY(notes.value(QLatin1String("summary"))
                .toString()
                .startsWith(QLatin1String("standalone candidate: ")));
    QVERIFY(notes.contains(QLatin1String("runbook_url")));
    QVERIFY(notes.value(QLatin1String("dashboard_url"))
                .toString()
                .endsWith(QLatin1String("/standalone")));
    m_page.failing = 0.002;
    QTRY_VERIFY_WITH_TIMEOUT(firing().isEmpty(), 15'000);
}

void PrometheusTest::podsThatAreStartedAgainMakeAnAlertPending()
{
    const auto alert = [this] {
        const QJsonArray alerts = get("alerts").value(QLatin1String("alerts")).toArray();
        for (const auto &each : alerts)
            if (each[QLatin1String("labels")][QLatin1String("alertname")]
                == QLatin1String("PodRestarts"))
                return each.toObject();
        return QJsonObject();
    };
    QTRY_COMPARE(query("kube_pod_container_status_restarts_total == 0").size(), 1);
    QVERIFY(alert().isEmpty());
    m_page.restarts = 1;
    QTRY_COMPARE_WITH_TIMEOUT(alert().value(QLatin1String("state")).toString(),
                              QStringLiteral("pending"), 10'000);
    const QJsonValue labels = alert().value(QLatin1String("labels"));
    QCOMPARE(labels[QLatin1String("track")].toString(), QStringLiteral("standalone"));
    QCOMPARE(labels[QLatin1String("version")].toString(), QStringLiteral("candidate"));
    QCOMPARE(alert().value(QLatin1String("annotations"))[QLatin1String("summary")].toString(),
             QStringLiteral("standalone candidate: pods are started again"));
    // One restart is over after a while, and never fired.
    QTRY_VERIFY_WITH_TIMEOUT(alert().isEmpty(), 15'000);
    QVERIFY(query("ALERTS{alertname=\"PodRestarts\",alertstate=\"firing\"}[1m]").isEmpty());
}

void PrometheusTest::aLostServerAnswersNothingUntilItIsBack()
{
    m_server->setLost(true);
    QVERIFY(get("query?query=1").isEmpty());
    m_server->setLost(false);
    QTRY_VERIFY(!get("query?query=1").isEmpty());
}

void PrometheusTest::brokenHistoryIsTold()
{
    QTemporaryDir dir;
    PrometheusServer server({dir.path(), freePort(), m_page.port(), speed, "no metrics\n"});
    const auto failure = started(server);
    QVERIFY(failure);
    QCOMPARE(failure->kind, ErrorKind::Unavailable);
    QVERIFY(!failure->detail.isEmpty());
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::PrometheusTest)
#include "prometheustest.moc"
