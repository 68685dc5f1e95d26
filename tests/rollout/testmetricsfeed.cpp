#include "rollout/analysis/metricsfeed.h"
#include "support/fakeclock.h"
#include "support/fakemetrics.h"
#include "support/faketraffic.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const QString errors = QStringLiteral("errors");
const QString rate = QStringLiteral("rate");

RolloutSettings settings()
{
    RolloutSettings made;
    made.track = TrackName(QStringLiteral("standalone"));
    Check check;
    check.name = QStringLiteral("error ratio");
    check.query = errors;
    check.unit = QStringLiteral("ratio");
    check.max = 0.01;
    check.minSamples = 5;
    made.checks = {check};
    made.series
        = {QStringLiteral("version"), QStringLiteral("stable"), QStringLiteral("candidate")};
    made.requestRateQuery = rate;
    return made;
}

Alert alert(const QString &name, const QString &state, const QString &track = {})
{
    Alert made;
    made.name = name;
    made.state = state;
    made.activeAt = QDateTime(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC);
    if (!track.isEmpty())
        made.labels.insert(QStringLiteral("track"), track);
    return made;
}

/// One minute of firing, a sample a second.
Series alertSeries(const QString &name, const QString &track, const QDateTime &from)
{
    Series made;
    made.labels = {{QStringLiteral("alertname"), name}};
    if (!track.isEmpty())
        made.labels.insert(QStringLiteral("track"), track);
    for (int second = 0; second < 60; ++second)
        made.samples.append({from.addSecs(second).toMSecsSinceEpoch(), 1});
    return made;
}

QStringList names(const QList<Alert> &alerts)
{
    QStringList list;
    for (const Alert &alert : alerts)
        list.append(alert.name);
    return list;
}

} // namespace

class TestMetricsFeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_metrics = std::make_unique<FakeMetrics>(*m_clock);
        m_metrics->values[errors] = {0.002, 0.044, true};
        m_metrics->values[rate] = {60, 20, true};
        m_settings = settings();
        m_feed = std::make_unique<MetricsFeed>(m_metrics.get(), m_settings, seconds(1), *m_clock);
        m_traffic.stable = readyRevision(QStringLiteral("svc"), QStringLiteral("a"), 3);
        m_traffic.candidate = readyRevision(QStringLiteral("canary"), QStringLiteral("b"), 2);
    }
    void cleanup() { m_feed.reset(); }

    void aJudgementComesWithItsAttempt()
    {
        QList<CheckResult> results;
        AttemptId attempt;
        connect(m_feed.get(), &MetricsFeed::judged, this,
                [&](const AttemptId &id, const QList<CheckResult> &all) {
                    attempt = id;
                    results = all;
                });
        m_feed->judge(AttemptId(7), m_traffic);
        QCOMPARE(attempt, AttemptId(7));
        QCOMPARE(results.size(), 1);
        QCOMPARE(results[0].verdict, Verdict::Fail);
        QCOMPARE(m_feed->health(), MetricsHealth::Answering);
    }

    void aSaturationIsAskedBesideItsCheck_data()
    {
        QTest::addColumn<bool>("answers");
        QTest::addColumn<std::optional<double>>("saturation");
        QTest::newRow("it is known") << true << std::optional<double>(0.2088);
        QTest::newRow("it has no series") << false << std::optional<double>();
    }
    void aSaturationIsAskedBesideItsCheck()
    {
        QFETCH(bool, answers);
        QFETCH(std::optional<double>, saturation);
        const QString pool = QStringLiteral("pool");
        m_settings.checks[0].scales = Scaling::WithWeight;
        m_settings.checks[0].saturationQuery = pool;
        if (answers)
            m_metrics->values[pool] = {0.14, 0.2088, true};
        QSignalSpy spy(m_feed.get(), &MetricsFeed::judged);
        m_feed->judge(AttemptId(1), m_traffic);
        QCOMPARE(spy.size(), 1);
        const auto results = spy[0][1].value<QList<CheckResult>>();
        QCOMPARE(results[0].saturation, saturation);
        QCOMPARE(m_metrics->asked.size(), 2);
    }

    void aTestLooksBackNoFurtherThanTheWeightHasHeld_data()
    {
        QTest::addColumn<JudgeMethod>("method");
        QTest::addColumn<int>("heldFor");
        QTest::addColumn<int>("looksBack");
        QTest::newRow("a test, just begun") << JudgeMethod::MannWhitney << 12 << 12;
        QTest::newRow("a test, begun now") << JudgeMethod::MannWhitney << 0 << 1;
        QTest::newRow("a test, long since") << JudgeMethod::MannWhitney << 600 << 54;
        QTest::newRow("a threshold") << JudgeMethod::Threshold << 12 << 16;
    }
    void aTestLooksBackNoFurtherThanTheWeightHasHeld()
    {
        QFETCH(JudgeMethod, method);
        QFETCH(int, heldFor);
        QFETCH(int, looksBack);
        m_settings.checks[0].method = method;
        m_feed->judge(AttemptId(1), m_traffic, seconds(heldFor));
        const RangeQuery asked = m_metrics->asked.last();
        QCOMPARE(asked.from.secsTo(asked.to), looksBack);
    }

    void aPastWindowIsAskedForAsItWas()
    {
        PastWindow past;
        past.to = m_clock->now().addSecs(-3600);
        past.from = past.to.addSecs(-600);
        past.weight = Weight{10};
        const auto answer = m_feed->judgePast(past, m_traffic);
        QVERIFY(answer.isFinished());
        QCOMPARE(answer.result().size(), 1);
        QCOMPARE(answer.result()[0].verdict, Verdict::Fail);
        QCOMPARE(answer.result()[0].evidence.from, past.from);
        QCOMPARE(m_metrics->asked.last().from, past.from);
        QCOMPARE(m_metrics->asked.last().to, past.to);
        QVERIFY(m_metrics->asked.last().step >= m_metrics->asked.first().step);
    }

    void withoutAServerThePastHasNoData()
    {
        MetricsFeed feed(nullptr, m_settings, seconds(1), *m_clock);
        const auto answer = feed.judgePast({}, m_traffic);
        QVERIFY(answer.isFinished());
        QCOMPARE(answer.result()[0].verdict, Verdict::NoData);
        QCOMPARE(answer.result()[0].sentence, QStringLiteral("no metrics server is set up"));
    }

    void aCheckThatCannotBeAskedHasNoData_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<int>("health");
        QTest::newRow("the server is away") << ErrorKind::Unavailable << int(MetricsHealth::Lost);
        QTest::newRow("a wrong expression is that check's fault alone")
            << ErrorKind::BadInput << int(MetricsHealth::Waiting);
    }
    void aCheckThatCannotBeAskedHasNoData()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(int, health);
        m_metrics->error = Error{kind, QStringLiteral("its words"), {}, {}};
        QList<CheckResult> results;
        connect(m_feed.get(), &MetricsFeed::judged, this,
                [&](const AttemptId &, const QList<CheckResult> &all) { results = all; });
        m_feed->judge(AttemptId(1), m_traffic);
        QCOMPARE(results.size(), 1);
        QCOMPARE(results[0].verdict, Verdict::NoData);
        QCOMPARE(results[0].sentence, QStringLiteral("its words"));
        QCOMPARE(int(m_feed->health()), health);
    }

    void theShareIsMeasured()
    {
        m_feed->measure(m_traffic);
        QCOMPARE(m_feed->measured(), std::optional<double>(25.0));
        QCOMPARE(m_feed->measuredAt(), m_clock->sinceBoot());
    }

    void noTrafficIsNeverZero()
    {
        m_metrics->values[rate].hasCandidate = false;
        m_feed->measure(m_traffic);
        QVERIFY(!m_feed->measured());
        m_metrics->values[rate] = {0, 0, true};
        m_feed->measure(m_traffic);
        QVERIFY(!m_feed->measured());
    }

    void chartsHaveBothSidesAndTheirLimit()
    {
        QSignalSpy drawn(m_feed.get(), &MetricsFeed::chartsChanged);
        m_feed->draw(m_traffic);
        QCOMPARE(drawn.size(), 1);
        QCOMPARE(m_feed->charts().size(), 2);
        const ChartSeries &chart = m_feed->charts()[0];
        QCOMPARE(chart.limit, std::optional<double>(0.01));
        QCOMPARE(chart.candidatePresence, ChartSeries::Presence::Present);
        QCOMPARE(chart.candidate.first().value, 0.044);
        QCOMPARE(chart.step, milliseconds(5000));
        QCOMPARE(m_feed->chartsFrom().msecsTo(m_feed->chartsTo()), 15 * 60'000);
        QCOMPARE(m_feed->charts()[1].unit, QStringLiteral("1/s"));
    }

    void whatTheServerRemarksComesWithChartAndVerdict()
    {
        m_metrics->warnings = {QStringLiteral("not a counter")};
        m_feed->draw(m_traffic);
        QCOMPARE(m_feed->charts()[0].warnings, m_metrics->warnings);
        QList<CheckResult> judged;
        connect(m_feed.get(), &MetricsFeed::judged, this,
                [&](const AttemptId &, const QList<CheckResult> &results) { judged = results; });
        m_feed->judge(AttemptId(1), m_traffic, {});
        QCOMPARE(judged.size(), 1);
        QCOMPARE(judged[0].evidence.warnings, m_metrics->warnings);
    }

    void aSeriesThatIsNotThereIsSaid()
    {
        m_metrics->values[errors].hasCandidate = false;
        m_metrics->values.remove(rate);
        m_feed->draw(m_traffic);
        const ChartSeries &chart = m_feed->charts()[0];
        QCOMPARE(chart.stablePresence, ChartSeries::Presence::Present);
        QCOMPARE(chart.candidatePresence, ChartSeries::Presence::NoSeries);
        QCOMPARE(m_feed->charts()[1].stablePresence, ChartSeries::Presence::NoSeries);
    }

    void anEarlierTimeIsDrawnOnceAndAsFinelyAsItCanBeSeen()
    {
        m_feed->draw(m_traffic);
        QList<ChartSeries> drawn;
        connect(m_feed.get(), &MetricsFeed::historyDrawn, this,
                [&](const QList<ChartSeries> &charts, const QDateTime &, const QDateTime &) {
                    drawn = charts;
                });
        QSignalSpy live(m_feed.get(), &MetricsFeed::chartsChanged);
        const QDateTime to = m_clock->now().addDays(-1);
        m_feed->drawHistory(to.addDays(-6), to, m_traffic);
        QCOMPARE(drawn.size(), 2);
        QCOMPARE(drawn[0].step, milliseconds(346'000));
        QVERIFY(drawn[0].candidate.size() <= 1501);
        QCOMPARE(drawn[0].candidate.first().at, to.addDays(-6).toMSecsSinceEpoch());
        QCOMPARE(live.size(), 0);
        m_feed->drawHistory(to.addSecs(-60), to, m_traffic);
        QCOMPARE(drawn[0].step, milliseconds(1000)); // not finer than the scrape
    }

    void anEarlierTimeThatCannotBeReadSaysSo()
    {
        m_metrics->error = Error{ErrorKind::Unavailable, QStringLiteral("lost"), {}, {}};
        QSignalSpy drawn(m_feed.get(), &MetricsFeed::historyDrawn);
        m_feed->drawHistory(m_clock->now().addSecs(-60), m_clock->now(), m_traffic);
        QCOMPARE(drawn.size(), 1);
        const auto charts = drawn[0][0].value<QList<ChartSeries>>();
        QCOMPARE(charts[0].error, QStringLiteral("lost"));
        QVERIFY(charts[0].candidate.isEmpty());
    }

    void aFailedDrawingKeepsTheOldLines()
    {
        m_feed->draw(m_traffic);
        m_metrics->error = Error{ErrorKind::Unavailable, QStringLiteral("lost"), {}, {}};
        m_feed->draw(m_traffic);
        const ChartSeries &chart = m_feed->charts()[0];
        QCOMPARE(chart.error, QStringLiteral("lost"));
        QVERIFY(!chart.candidate.isEmpty());
        QCOMPARE(m_feed->sourceState().health, SourceState::Health::Lost);
    }

    void alertsDoNotHideThatQueriesFail()
    {
        using Health = SourceState::Health;
        m_feed->measure(m_traffic);
        const milliseconds good = m_feed->sourceState().lastGoodSinceBoot;
        m_clock->advance(seconds(5));
        m_metrics->rangeError = Error{ErrorKind::Unavailable, QStringLiteral("too busy"), {}, {}};
        m_feed->measure(m_traffic);
        m_feed->askAlerts();
        QCOMPARE(m_feed->sourceState().health, Health::Lost);
        QCOMPARE(m_feed->sourceState().error->message, QStringLiteral("too busy"));
        QCOMPARE(m_feed->sourceState().lastGoodSinceBoot, good);
        QCOMPARE(m_feed->health(), MetricsHealth::Lost);
        m_metrics->rangeError.reset();
        m_feed->measure(m_traffic);
        QCOMPARE(m_feed->sourceState().health, Health::Live);
    }

    void whereNothingIsQueriedAnyMoreAlertsAreEnough()
    {
        m_metrics->rangeError = Error{ErrorKind::Unavailable, QStringLiteral("too busy"), {}, {}};
        m_feed->measure(m_traffic);
        m_clock->advance(seconds(61));
        m_feed->askAlerts();
        QCOMPARE(m_feed->sourceState().health, SourceState::Health::Live);
    }

    void theWindowFollowsTheServersClock()
    {
        m_metrics->skew = 5000;
        m_feed->measure(m_traffic);
        m_clock->advance(seconds(30));
        m_feed->measure(m_traffic);
        QCOMPARE(m_metrics->asked.last().to, m_clock->now().addMSecs(5000));
    }

    void alertsOfThisTrackFireOnce()
    {
        QList<Alert> fired;
        connect(m_feed.get(), &MetricsFeed::alertFired, this,
                [&](const Alert &alert) { fired.append(alert); });
        const QString firing = QStringLiteral("firing");
        const QString pending = QStringLiteral("pending");
        m_metrics->firing = {alert(QStringLiteral("Slow"), pending),
                             alert(QStringLiteral("Other"), firing, QStringLiteral("coditect")),
                             alert(QStringLiteral("High"), firing, QStringLiteral("standalone"))};
        m_feed->askAlerts();
        QCOMPARE(names(m_feed->alerts()),
                 (QStringList{QStringLiteral("High"), QStringLiteral("Slow")}));
        QCOMPARE(names(fired), QStringList{QStringLiteral("High")});
        m_feed->askAlerts();
        QCOMPARE(fired.size(), 1);
        m_metrics->firing = {alert(QStringLiteral("Slow"), firing)};
        m_feed->askAlerts();
        QCOMPARE(names(fired), (QStringList{QStringLiteral("High"), QStringLiteral("Slow")}));
        m_metrics->firing = {};
        m_feed->askAlerts();
        QVERIFY(m_feed->alerts().isEmpty());
    }

    void alertsThatFiredInWhatIsDrawnAreKnownThoughNobodyWatched()
    {
        const QDateTime then = m_clock->now().addSecs(-300);
        m_metrics->alertSeries
            = {alertSeries(QStringLiteral("High"), QStringLiteral("standalone"), then),
               alertSeries(QStringLiteral("Other"), QStringLiteral("coditect"), then)};
        QSignalSpy changed(m_feed.get(), &MetricsFeed::chartsChanged);
        m_feed->draw(m_traffic);
        QCOMPARE(m_feed->firings().size(), 1);
        QCOMPARE(m_feed->firings()[0].alert.name, QStringLiteral("High"));
        QVERIFY(std::abs(m_feed->firings()[0].alert.activeAt.msecsTo(then)) < 1'000);
        QVERIFY(!changed.isEmpty());
        // An earlier time that is looked at tells of its own.
        const QDateTime yesterday = m_clock->now().addDays(-1);
        m_metrics->alertSeries = {alertSeries(QStringLiteral("High"), {}, yesterday.addSecs(-120))};
        m_feed->drawHistory(yesterday.addSecs(-600), yesterday, m_traffic);
        QCOMPARE(m_feed->firings().size(), 2);
        QVERIFY(m_feed->firings()[0].alert.activeAt < m_feed->firings()[1].alert.activeAt);
    }

    void whatWasSeenToFireIsTheSameOne()
    {
        const QDateTime active = m_clock->now().addSecs(-90);
        Alert seen = alert(QStringLiteral("High"), QStringLiteral("firing"));
        seen.activeAt = active;
        seen.labels.insert(QStringLiteral("alertname"), seen.name);
        m_metrics->firing = {seen};
        m_feed->askAlerts();
        QCOMPARE(m_feed->firings().size(), 1);
        // It fired fifteen seconds after it became active.
        m_metrics->alertSeries = {alertSeries(seen.name, {}, active.addSecs(15))};
        m_feed->draw(m_traffic);
        QCOMPARE(m_feed->firings().size(), 1);
        QCOMPARE(m_feed->firings()[0].alert.activeAt, active);
    }

    void aServerThatTellsNoEarlierAlertsIsStillAMetricsServer()
    {
        m_metrics->alertSeriesError
            = Error{ErrorKind::NotAllowed, QStringLiteral("not these"), {}, {}};
        m_feed->draw(m_traffic);
        QVERIFY(m_feed->firingsError());
        QCOMPARE(m_feed->sourceState().health, SourceState::Health::Live);
        QVERIFY(!m_feed->charts()[0].candidate.isEmpty());
        m_metrics->alertSeriesError.reset();
        m_clock->advance(seconds(11));
        m_feed->draw(m_traffic);
        QVERIFY(!m_feed->firingsError());
    }

    void withoutAServerNothingIsAsked()
    {
        MetricsFeed feed(nullptr, m_settings, seconds(1), *m_clock);
        feed.judge(AttemptId(1), m_traffic);
        feed.measure(m_traffic);
        feed.draw(m_traffic);
        feed.askAlerts();
        QCOMPARE(feed.health(), MetricsHealth::NotSetUp);
        QCOMPARE(feed.sourceState().health, SourceState::Health::NotSetUp);
        QCOMPARE(feed.charts().size(), 2);
    }

    void whatWasAnsweredLongAgoIsOld()
    {
        m_feed->measure(m_traffic);
        QCOMPARE(m_feed->sourceState().health, SourceState::Health::Live);
        m_clock->advance(seconds(16));
        QCOMPARE(m_feed->sourceState().health, SourceState::Health::Old);
    }

private:
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeMetrics> m_metrics;
    RolloutSettings m_settings;
    std::unique_ptr<MetricsFeed> m_feed;
    TrafficState m_traffic;
};

QTEST_GUILESS_MAIN(TestMetricsFeed)

#include "testmetricsfeed.moc"
