#include "app/sandbox/parts/prometheusserver.h"
#include "connectors/http/networkhttp.h"
#include "connectors/prometheus/prometheusmetrics.h"
#include "rollout/alerts/firings.h"
#include "sandbox_parts/metricspage.h"
#include "sandbox_parts/serverfixture.h"
#include "support/await.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr double speed = 10;
constexpr int patience = 20'000;
constexpr char errorRatio[] = R"(sum by (version) (rate(http_requests_total{code=~"5.."}[2s])))"
                              R"( / sum by (version) (rate(http_requests_total[2s])))";

quint16 freePortOfTest()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : quint16(0);
}

} // namespace

/// The connector on a real Prometheus that scrapes a page of ours. The steps build on each other.
class RealPrometheusTest final : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    sandbox::MetricsPage m_page;
    std::unique_ptr<sandbox::PrometheusServer> m_server;
    SystemClock m_clock;
    NoCredential m_nobody;
    std::unique_ptr<NetworkHttp> m_http;
    std::unique_ptr<PrometheusMetrics> m_metrics;
    QDateTime m_active; ///< of the alert
    QDateTime m_firing; ///< when it was seen to fire

    [[nodiscard]] Result<Reading<SeriesSet>> range(const char *expression, int seconds)
    {
        const QDateTime now = QDateTime::currentDateTimeUtc();
        return await(m_metrics->range({QString::fromLatin1(expression), now.addSecs(-seconds), now,
                                       std::chrono::milliseconds(500)}));
    }
    /// The newest value of the first series; NaN without one.
    [[nodiscard]] double newest(const char *expression)
    {
        const auto answer = range(expression, 5);
        if (!answer || answer->value.series.isEmpty()
            || answer->value.series.first().samples.isEmpty())
            return qQNaN();
        return answer->value.series.first().samples.last().value;
    }
    /// The states of the alert HighErrorRatio: "", "pending", "firing".
    [[nodiscard]] QString stateOfAlert()
    {
        const auto alerts = await(m_metrics->alerts());
        if (!alerts)
            return alerts.error().message;
        for (const Alert &alert : alerts->value) {
            if (alert.name == QLatin1String("HighErrorRatio"))
                return alert.state;
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_PROGRAMS(sandbox::PrometheusServer::binaryFolder());
        m_server = std::make_unique<sandbox::PrometheusServer>(sandbox::PrometheusServer::Settings{
            m_dir.path(), freePortOfTest(), m_page.port(), speed, {}});
        const auto failure = sandbox::started(*m_server);
        QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Prometheus");
        settings.base = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
        m_http = std::make_unique<NetworkHttp>(settings, m_nobody, m_clock);
        m_metrics = std::make_unique<PrometheusMetrics>(*m_http, m_clock,
                                                        PrometheusMetrics::Settings{settings.base});
    }
    void cleanupTestCase()
    {
        m_metrics.reset();
        m_http.reset();
        m_server.reset();
    }

    void aRatioIsReadAsItIsScraped()
    {
        QTRY_VERIFY_WITH_TIMEOUT(std::abs(newest(errorRatio) - 0.002) < 0.001, patience);
        const auto answer = range(errorRatio, 5);
        QVERIFY(answer);
        QCOMPARE(answer->value.series.size(), 1);
        QCOMPARE(answer->value.series.first().labels.value(QStringLiteral("version")),
                 QStringLiteral("candidate"));
        QVERIFY(answer->serverAt.isValid());
        QCOMPARE(stateOfAlert(), QString());
    }

    void whatNobodyMeasuresIsNoDataAndNoFailure()
    {
        const auto answer = range("nothing_like_this_total", 5);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QVERIFY(answer->value.series.isEmpty());
    }

    void aWrongExpressionIsRefusedInTheServersWords()
    {
        const auto answer = range("sum(rate(http_requests_total[2s])", 5);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::BadInput);
        QVERIFY2(answer.error().message.contains(QStringLiteral("unclosed left parenthesis")),
                 qPrintable(answer.error().message));
    }

    void itsRulesTellOfWhichTrackTheyAre()
    {
        const auto rules = await(m_metrics->alertRules());
        QVERIFY2(rules, rules ? "" : qPrintable(rules.error().message));
        QStringList names;
        for (const AlertRule &rule : rules->value)
            names << rule.name;
        QCOMPARE(names,
                 (QStringList{QStringLiteral("HighErrorRatio"), QStringLiteral("HighErrorRatio"),
                              QStringLiteral("PodRestarts")}));
        QVERIFY(rulesOf(rules->value, QStringLiteral("standalone"), *m_metrics).ofTrack > 0);
    }

    void moreThanItGivesAtOnceIsAskedForInWiderSteps()
    {
        const auto answer = range("up", 7'200); // 14,400 points
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QVERIFY(answer->value.step > std::chrono::milliseconds(500));
    }

    void anAlertIsPendingThenFiringThenGone()
    {
        m_page.failing = 0.3;
        QStringList states{stateOfAlert()};
        const auto sees = [&](const char *wanted) {
            const QString now = stateOfAlert();
            if (states.last() != now)
                states << now;
            return now == QLatin1String(wanted);
        };
        QTRY_VERIFY_WITH_TIMEOUT(sees("firing"), patience);
        const auto alerts = await(m_metrics->alerts());
        QVERIFY(alerts);
        const Alert alert = alerts->value.first();
        QCOMPARE(alert.labels.value(QStringLiteral("track")), QStringLiteral("standalone"));
        QCOMPARE(alert.labels.value(QStringLiteral("version")), QStringLiteral("candidate"));
        QVERIFY(!alert.annotations.value(QStringLiteral("summary")).isEmpty());
        m_firing = QDateTime::currentDateTimeUtc();
        m_active = alert.activeAt;
        QVERIFY(std::abs(m_active.secsTo(m_firing)) < 60);
        m_page.failing = 0.002;
        QTRY_VERIFY_WITH_TIMEOUT(sees(""), patience);
        QCOMPARE(states, QStringList({QString(), QStringLiteral("pending"),
                                      QStringLiteral("firing"), QString()}));
    }

    void whatFiredBeforeAnybodyLookedIsTold()
    {
        QDateTime now;
        const auto firings = [&](std::chrono::milliseconds step) {
            now = QDateTime::currentDateTimeUtc();
            const QDateTime from = now.addSecs(-120);
            const auto answer = await(m_metrics->range({firingQuery(step), from, now, step}));
            return answer ? firingsOf(answer->value, from) : QList<Firing>();
        };
        // It is over: only the range knows of it.
        QCOMPARE(stateOfAlert(), QString());
        QList<Firing> fine;
        const auto isOver = [&] {
            fine = firings(std::chrono::milliseconds(500));
            return fine.size() == 1 && fine.first().until < now.addSecs(-1);
        };
        QTRY_VERIFY_WITH_TIMEOUT(isOver(), patience);
        const Alert &alert = fine.first().alert;
        QCOMPARE(alert.name, QStringLiteral("HighErrorRatio"));
        QCOMPARE(alert.labels.value(QStringLiteral("track")), QStringLiteral("standalone"));
        QCOMPARE(alert.labels.value(QStringLiteral("version")), QStringLiteral("candidate"));
        QVERIFY(!alert.labels.contains(QStringLiteral("alertstate")));
        QVERIFY2(m_active.msecsTo(alert.activeAt) > 0 && alert.activeAt <= m_firing.addSecs(1),
                 qPrintable(alert.activeAt.toString(Qt::ISODateWithMs)));
        // In steps that it is shorter than, too: the points lie where it did not fire.
        const QList<Firing> coarse = firings(std::chrono::seconds(40));
        QCOMPARE(coarse.size(), 1);
        const qint64 late = alert.activeAt.msecsTo(coarse.first().alert.activeAt);
        QVERIFY2(late >= -500 && late <= 40'000, qPrintable(QString::number(late)));
        // Both tell of the same one.
        FiringLog log;
        QVERIFY(log.take(coarse));
        QVERIFY(log.take(fine));
        QCOMPARE(log.firings().size(), 1);
        QCOMPARE(log.firings().first().alert.activeAt, alert.activeAt);
    }

    void aServerThatDoesNotAnswerIsTimedOutAndBackAgain()
    {
        m_server->setLost(true);
        // A request that was on its way may still be answered.
        std::optional<Error> error;
        for (int tries = 0; !error && tries < 5; ++tries) {
            const auto asked = m_metrics->alerts();
            QVERIFY(QTest::qWaitFor([&asked] { return asked.isFinished(); }, patience));
            if (const auto answer = await(asked); !answer)
                error = answer.error();
        }
        m_server->setLost(false);
        QVERIFY(error);
        QCOMPARE(error->kind, ErrorKind::TimedOut);
        QVERIFY(error->message.startsWith(QLatin1String("Prometheus")));
        QTRY_COMPARE_WITH_TIMEOUT(stateOfAlert(), QString(), patience);
    }
};

QTEST_GUILESS_MAIN(RealPrometheusTest)
#include "realservertest.moc"
