#include "connectors/prometheus/prometheusmetrics.h"

#include "connectors/prometheus/prometheusdecode.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/scriptedhttp.h"

#include <QTest>
#include <QUrlQuery>

#include <cmath>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QDateTime from(QDate(2026, 11, 24), QTime(13, 15), Qt::UTC);

RangeQuery query(const QString &expression = QStringLiteral("up"), qint64 seconds = 900,
                 std::chrono::milliseconds step = 1s)
{
    return {expression, from, from.addSecs(seconds), step};
}

QByteArray matrix(const QByteArray &result, const QByteArray &more = {})
{
    return R"({"status":"success","data":{"resultType":"matrix","result":[)" + result + "]}" + more
           + "}";
}

struct Setup
{
    Setup() { http.systemName = QStringLiteral("Prometheus"); }

    QString field(const char *name)
    {
        const HttpRequest &request = http.requests.last();
        const QByteArray form = request.method == "POST"
                                    ? request.body
                                    : request.url.query(QUrl::FullyEncoded).toLatin1();
        return QUrlQuery(QString::fromLatin1(form))
            .queryItemValue(QLatin1String(name), QUrl::FullyDecoded);
    }

    ScriptedHttp http;
    FakeClock clock;
    PrometheusMetrics metrics{http, clock, {QUrl(QStringLiteral("http://prom.example/base/"))}};
};

} // namespace

class TestPrometheusMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sampleValues_data();
    void sampleValues();
    void aRangeIsAskedForInSeconds();
    void plusAndSpaceSurviveTheAddress();
    void aLongQueryIsPosted();
    void theStepKeepsToTheLimitOfPoints_data();
    void theStepKeepsToTheLimitOfPoints();
    void samplesKeepTheirTimesAndStrangeValues();
    void noSeriesIsNoError();
    void warningsComeThrough();
    void largeAnswersAreDecodedToo();
    void itsMatchersSayWhichAlertsAreOurs();
    void refusals_data();
    void refusals();
    void anAnswerThatIsNotPrometheus_data();
    void anAnswerThatIsNotPrometheus();
    void aTimeThatEndsBeforeItBeginsIsRefused();
    void alerts();
    void alertRules();
    void destroyedWhileWaiting();
};

void TestPrometheusMetrics::sampleValues_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("value");
    const auto row = [](const char *text, const char *value) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(value);
    };
    row("1", "1");
    row("0", "0");
    row("-2.5e-7", "-2.5e-07");
    row("NaN", "nan");
    row("+Inf", "inf");
    row("Inf", "inf");
    row("-Inf", "-inf");
    row("12 MB", "none");
    row("", "none");
}

void TestPrometheusMetrics::sampleValues()
{
    QFETCH(QString, text);
    QFETCH(QString, value);
    const auto read = sampleValue(text);
    QCOMPARE(read ? QString::number(*read) : QStringLiteral("none"), value);
}

void TestPrometheusMetrics::aRangeIsAskedForInSeconds()
{
    Setup s;
    s.http.answer(200, matrix({}));
    const auto result = await(s.metrics.range(query()));
    QVERIFY(result);
    QCOMPARE(s.http.requests.last().method, QByteArray("GET"));
    QCOMPARE(s.http.requests.last().url.path(), QStringLiteral("/base/api/v1/query_range"));
    QCOMPARE(s.field("start"), QStringLiteral("%1.000").arg(from.toSecsSinceEpoch()));
    QCOMPARE(s.field("end"), QStringLiteral("%1.000").arg(from.toSecsSinceEpoch() + 900));
    QCOMPARE(s.field("step"), QStringLiteral("1.000"));
    QCOMPARE(result->source, QStringLiteral("Prometheus"));
    QCOMPARE(result->receivedSinceBoot, s.clock.sinceBoot());
    QVERIFY(result->serverAt.isValid());
}

void TestPrometheusMetrics::plusAndSpaceSurviveTheAddress()
{
    Setup s;
    s.http.answer(200, matrix({}));
    const QString expression
        = QStringLiteral("sum by (v) (rate(x{code=~\"5..\",path=\"/a+b&c\"}[1m])) + 1 # 100%");
    QVERIFY(await(s.metrics.range(query(expression))));
    const QByteArray sent = s.http.requests.last().url.toEncoded();
    QVERIFY2(sent.contains("%2Fa%2Bb%26c"), sent);
    QVERIFY2(sent.contains("%20%2B%201%20%23%20100%25"), sent);
    QCOMPARE(s.field("query"), expression);
}

void TestPrometheusMetrics::aLongQueryIsPosted()
{
    Setup s;
    s.http.answer(200, matrix({}));
    const QString expression = QStringLiteral("up + ").repeated(500) + QStringLiteral("up");
    QVERIFY(await(s.metrics.range(query(expression))));
    const HttpRequest &sent = s.http.requests.last();
    QCOMPARE(sent.method, QByteArray("POST"));
    QCOMPARE(sent.contentType, QByteArray("application/x-www-form-urlencoded"));
    QVERIFY(sent.url.query().isEmpty());
    QVERIFY(!sent.body.contains('+')); // which a form reads as a space
    QCOMPARE(s.field("query"), expression);
    QCOMPARE(s.field("step"), QStringLiteral("1.000"));
}

void TestPrometheusMetrics::theStepKeepsToTheLimitOfPoints_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<qint64>("step");
    QTest::addColumn<qint64>("used");
    QTest::newRow("as asked for") << qint64(900) << qint64(1000) << qint64(1000);
    QTest::newRow("just at the limit") << qint64(11'000) << qint64(1000) << qint64(1000);
    QTest::newRow("a day by the second is widened")
        << qint64(86'400) << qint64(1000) << qint64(7855);
    QTest::newRow("a step of nothing becomes one") << qint64(1) << qint64(0) << qint64(1);
}

void TestPrometheusMetrics::theStepKeepsToTheLimitOfPoints()
{
    QFETCH(qint64, seconds);
    QFETCH(qint64, step);
    QFETCH(qint64, used);
    Setup s;
    s.http.answer(200, matrix({}));
    const auto result = await(
        s.metrics.range(query(QStringLiteral("up"), seconds, std::chrono::milliseconds(step))));
    QVERIFY(result);
    QCOMPARE(qint64(result->value.step.count()), used);
    QCOMPARE(s.field("step"), QString::number(double(used) / 1000, 'f', 3));
    QVERIFY(seconds * 1000 / used <= 11'000);
}

void TestPrometheusMetrics::samplesKeepTheirTimesAndStrangeValues()
{
    Setup s;
    s.http.answer(200, matrix(R"({"metric":{"version":"stable","__name__":"x"},"values":[
        [1435781430.781,"0.002"],[1435781431,"NaN"],[1435781435.0005,"+Inf"],[1435781436,"-Inf"]]},
        {"metric":{},"values":[]})"));
    const auto result = await(s.metrics.range(query()));
    QVERIFY(result);
    QCOMPARE(result->value.series.size(), 2);
    const Series &series = result->value.series.first();
    QCOMPARE(series.labels.value(QStringLiteral("version")), QStringLiteral("stable"));
    QCOMPARE(series.samples.size(), 4);
    QCOMPARE(series.samples.at(0).at, Q_INT64_C(1435781430781));
    QCOMPARE(series.samples.at(0).value, 0.002);
    QVERIFY(std::isnan(series.samples.at(1).value));
    QCOMPARE(series.samples.at(2).at, Q_INT64_C(1435781435001));
    QVERIFY(std::isinf(series.samples.at(2).value) && series.samples.at(2).value > 0);
    QVERIFY(std::isinf(series.samples.at(3).value) && series.samples.at(3).value < 0);
    QVERIFY(result->value.series.last().labels.isEmpty());
}

void TestPrometheusMetrics::noSeriesIsNoError()
{
    Setup s;
    s.http.answer(200, matrix({}));
    const auto result = await(s.metrics.range(query()));
    QVERIFY(result);
    QVERIFY(result->value.series.isEmpty());
}

void TestPrometheusMetrics::warningsComeThrough()
{
    Setup s;
    s.http.answer(200, matrix(R"({"metric":{},"histograms":[[1,{}]]})",
                              R"(,"warnings":["slow store"],"infos":["not a counter"])"));
    const auto result = await(s.metrics.range(query()));
    QVERIFY(result);
    QCOMPARE(result->value.warnings.mid(0, 2),
             QStringList({QStringLiteral("slow store"), QStringLiteral("not a counter")}));
    QCOMPARE(result->value.warnings.size(), 3);
    QVERIFY(result->value.warnings.last().contains(QStringLiteral("native histograms")));
    QVERIFY(result->value.series.first().samples.isEmpty());
}

void TestPrometheusMetrics::largeAnswersAreDecodedToo()
{
    Setup s;
    QByteArray values;
    constexpr int count = 11'000;
    for (int i = 0; i < count; ++i)
        values += (i ? ",[" : "[") + QByteArray::number(1'700'000'000 + i) + ",\""
                  + QByteArray::number(i) + "\"]";
    s.http.answer(200, matrix(R"({"metric":{},"values":[)" + values + "]}"));
    const auto future = s.metrics.range(query());
    QVERIFY(!future.isFinished()); // in the pool, not here
    const auto result = await(future);
    QVERIFY(result);
    QCOMPARE(result->value.series.first().samples.size(), count);
    QCOMPARE(result->value.series.first().samples.last().value, double(count - 1));
}

void TestPrometheusMetrics::refusals_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");
    QTest::newRow("a wrong expression, in its words")
        << 400
        << QByteArray(
               R"({"status":"error","errorType":"bad_data","error":"1:5: parse error: unclosed left parenthesis"})")
        << int(ErrorKind::BadInput)
        << QStringLiteral(
               "Prometheus does not take the query: 1:5: parse error: unclosed left parenthesis");
    QTest::newRow("what it cannot work out, in its words")
        << 422
        << QByteArray(
               R"({"status":"error","errorType":"execution","error":"many-to-many matching not allowed"})")
        << int(ErrorKind::BadInput)
        << QStringLiteral(
               "Prometheus cannot work out the query: many-to-many matching not allowed");
    QTest::newRow("a query that took too long")
        << 503
        << QByteArray(
               R"({"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"})")
        << int(ErrorKind::Unavailable)
        << QStringLiteral("Prometheus gave up on the query: query timed out in expression "
                          "evaluation. Try again, or ask for a shorter time.");
    QTest::newRow("a proxy's own page")
        << 503 << QByteArray("<html>upstream connect error</html>") << int(ErrorKind::Unavailable)
        << QStringLiteral("Prometheus cannot answer now (503). Try again in a moment.");
    QTest::newRow("signed out") << 401 << QByteArray("Unauthorized") << int(ErrorKind::SignedOut)
                                << QStringLiteral("Prometheus does not accept the credential "
                                                  "(401). Sign in again.");
    QTest::newRow("not there")
        << 404 << QByteArray("404 page not found") << int(ErrorKind::NotFound)
        << QStringLiteral("Prometheus does not have what was asked for (404). Check the names in "
                          "the workspace file.");
}

void TestPrometheusMetrics::refusals()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, kind);
    QFETCH(QString, message);
    Setup s;
    s.http.answer(status, body);
    const auto result = await(s.metrics.range(query()));
    QVERIFY(!result);
    QCOMPARE(int(result.error().kind), kind);
    QCOMPARE(result.error().message, message);
    QVERIFY(result.error().detail.contains(QString::fromUtf8(body)));
}

void TestPrometheusMetrics::anAnswerThatIsNotPrometheus_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    QTest::newRow("a sign-in page")
        << QByteArray("<html>Sign in</html>")
        << QStringLiteral("Prometheus answered with something that is not JSON.");
    QTest::newRow("no matrix")
        << QByteArray(R"({"status":"success","data":{"resultType":"vector","result":[]}})")
        << QStringLiteral("Prometheus gave an answer that cannot be read: data: expected "
                          "resultType matrix.");
    QTest::newRow("a value that is no number")
        << matrix(R"({"metric":{},"values":[[1,"1"]]},{"metric":{},"values":[[1,"1"],[2,"x"]]})")
        << QStringLiteral("Prometheus gave an answer that cannot be read: "
                          "data.result[1].values[1]: expected a time and a value");
    QTest::newRow("a time that is no number")
        << matrix(R"({"metric":{},"values":[["1","1"]]})")
        << QStringLiteral("Prometheus gave an answer that cannot be read: "
                          "data.result[0].values[0]: expected a time and a value");
    QTest::newRow("a label that is no text")
        << matrix(R"({"metric":{"le":5},"values":[]})")
        << QStringLiteral("Prometheus gave an answer that cannot be read: "
                          "data.result[0].metric.le: expected a string.");
    QTest::newRow("an error with status 200")
        << QByteArray(R"({"status":"error","error":"store gone"})")
        << QStringLiteral("Prometheus did not answer with success: store gone.");
}

void TestPrometheusMetrics::anAnswerThatIsNotPrometheus()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    Setup s;
    s.http.answer(200, body);
    const auto result = await(s.metrics.range(query()));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Malformed);
    QVERIFY2(result.error().message.startsWith(message), qPrintable(result.error().message));

    s.http.answer(302, {}, {{"location", "https://login.example/?to=x"}});
    const auto redirected = await(s.metrics.range(query()));
    QVERIFY(!redirected);
    QCOMPARE(redirected.error().kind, ErrorKind::SignedOut);
    QVERIFY(redirected.error().message.contains(QStringLiteral("login.example")));
}

void TestPrometheusMetrics::aTimeThatEndsBeforeItBeginsIsRefused()
{
    Setup s;
    const auto result = await(s.metrics.range({QStringLiteral("up"), from, from.addSecs(-1), 1s}));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::BadInput);
    QVERIFY(s.http.requests.isEmpty());
}

void TestPrometheusMetrics::alerts()
{
    Setup s;
    s.http.answer(200, R"({"status":"success","data":{"alerts":[
        {"labels":{"alertname":"HighErrorRatio","version":"candidate"},
         "annotations":{"runbook_url":"https://x"},"state":"firing",
         "activeAt":"2026-11-24T13:28:10.123456789Z","value":"4.4e-02"}]}})");
    const auto result = await(s.metrics.alerts());
    QVERIFY(result);
    QCOMPARE(s.http.log(), QStringList{QStringLiteral("GET /base/api/v1/alerts")});
    QCOMPARE(result->value.size(), 1);
    const Alert &alert = result->value.first();
    QCOMPARE(alert.name, QStringLiteral("HighErrorRatio"));
    QCOMPARE(alert.state, QStringLiteral("firing"));
    QCOMPARE(alert.activeAt, QDateTime(QDate(2026, 11, 24), QTime(13, 28, 10, 123), Qt::UTC));
    QCOMPARE(alert.labels.value(QStringLiteral("version")), QStringLiteral("candidate"));
    QCOMPARE(alert.annotations.value(QStringLiteral("runbook_url")), QStringLiteral("https://x"));
}

void TestPrometheusMetrics::alertRules()
{
    Setup s;
    s.http.answer(200, R"({"status":"success","data":{"groups":[{"name":"g","rules":[
        {"type":"alerting","name":"HighErrorRatio","query":"errors > 1","health":"ok",
         "labels":{"track":"standalone"},"alerts":[
            {"labels":{"alertname":"HighErrorRatio","track":"standalone"},"annotations":{},
             "state":"firing","activeAt":"2026-11-24T13:28:10Z"}]},
        {"type":"recording","name":"job:errors","query":"sum by (job) (errors) > 0"},
        {"type":"alerting","name":"Broken","query":"a * b","health":"err",
         "lastError":"many-to-many matching not allowed"}]}]}})");
    const auto result = await(s.metrics.alertRules());
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(s.http.log(), QStringList{QStringLiteral("GET /base/api/v1/rules?type=alert")});
    QCOMPARE(result->value.size(), 2);
    const AlertRule &rule = result->value.first();
    QCOMPARE(rule.name, QStringLiteral("HighErrorRatio"));
    QCOMPARE(rule.query, QStringLiteral("errors > 1"));
    QCOMPARE(rule.labels.value(QStringLiteral("track")), QStringLiteral("standalone"));
    QCOMPARE(rule.active.size(), 1);
    QVERIFY(rule.active.first().isFiring());
    QVERIFY(rule.trouble.isEmpty());
    QCOMPARE(result->value.last().trouble, QStringLiteral("many-to-many matching not allowed"));
}

void TestPrometheusMetrics::destroyedWhileWaiting()
{
    ScriptedHttp http;
    FakeClock clock;
    auto metrics = std::make_unique<PrometheusMetrics>(
        http, clock, PrometheusMetrics::Settings{QUrl(QStringLiteral("http://prom.example"))});
    const auto held = http.hold();
    const auto future = metrics->range(query());
    metrics.reset();
    ScriptedHttp::settle(held, 200, matrix({}));
    QCOMPARE(await(future).error().kind, ErrorKind::Cancelled);
}

void TestPrometheusMetrics::itsMatchersSayWhichAlertsAreOurs()
{
    Alert alert;
    alert.labels.insert(QStringLiteral("team"), QStringLiteral("context"));
    ScriptedHttp http;
    FakeClock clock;
    const PrometheusMetrics shared{http, clock, {QUrl(QStringLiteral("http://prom.example/"))}};
    QVERIFY(!shared.isOurs(alert));
    const PrometheusMetrics narrowed{
        http,
        clock,
        {QUrl(QStringLiteral("http://prom.example/")), {QStringLiteral("team=\"context\"")}}};
    QVERIFY(narrowed.isOurs(alert));
    QVERIFY(!narrowed.isOurs({}));
}

QTEST_GUILESS_MAIN(TestPrometheusMetrics)
#include "prometheusmetrics.moc"
