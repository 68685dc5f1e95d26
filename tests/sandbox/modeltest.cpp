#include "app/sandbox/world/alertwatch.h"
#include "sandboxworld.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace pilothouse::sandbox;

namespace {

const QString standalone = QStringLiteral("standalone");

/// The sum of the samples whose line holds all of `parts`.
double valueOf(const QByteArray &page, const QByteArrayList &parts)
{
    double sum = 0;
    for (const QByteArray &line : page.split('\n')) {
        const bool hit = std::all_of(parts.begin(), parts.end(), [&line](const QByteArray &part) {
            return line.contains(part);
        });
        if (hit && !line.startsWith('#'))
            sum += line.mid(line.lastIndexOf(' ') + 1).toDouble();
    }
    return sum;
}

/// histogram_quantile(0.95) over the difference of two pages, as Prometheus computes it.
double p95Between(const QByteArray &before, const QByteArray &after, const QByteArray &version)
{
    static const QRegularExpression bound(QStringLiteral("le=\"([^\"]+)\""));
    QMap<double, double> buckets;
    const auto collect = [&](const QByteArray &page, double sign) {
        for (const QByteArray &line : page.split('\n')) {
            if (!line.startsWith("http_request_duration_seconds_bucket")
                || !line.contains("version=\"" + version + '"'))
                continue;
            const QString le = bound.match(QString::fromLatin1(line)).captured(1);
            const double at = le == QLatin1String("+Inf") ? HUGE_VAL : le.toDouble();
            buckets[at] += sign * line.mid(line.lastIndexOf(' ') + 1).toDouble();
        }
    };
    collect(after, 1);
    collect(before, -1);
    const double rank = 0.95 * buckets.last();
    double lower = 0;
    double below = 0;
    for (auto it = buckets.begin(); it != buckets.end(); ++it) {
        if (it.value() >= rank)
            return lower + (it.key() - lower) * (rank - below) / (it.value() - below);
        lower = it.key();
        below = it.value();
    }
    return NAN;
}

} // namespace

class ModelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void steadyFiguresAreThoseOfTheTable_data();
    void steadyFiguresAreThoseOfTheTable();
    void aHealthyRevisionStaysHealthyUnderAllDemand();
    void thePoolIsFullThreeSecondsAfterHalfOfTheTraffic();
    void theAlertFiresAboutTwentyThreeSecondsAfterHalfOfTheTraffic();
    void countersGiveTheRatesAndTheP95();
    void connectionsAreHeldAsLongAsTheCodeSays();
    void afterARollbackTheCandidateCountsNothing();
    void speedLeavesRequestRatesAlone();
    void sameSeedGivesTheSameNumbersWhoeverLooks();
    void anotherSeedGivesOtherNoiseWithinOnePerCent();
    void theHourBeforeEndsWhereTheLivePageBegins();
    void anAlertWaitsAndIsQuietAgain();
};

void ModelTest::steadyFiguresAreThoseOfTheTable_data()
{
    QTest::addColumn<int>("weight");
    QTest::addColumn<double>("pool");
    QTest::addColumn<double>("errorPercent");
    QTest::addColumn<double>("p95Ms");
    QTest::addColumn<double>("wholePercent");
    QTest::newRow("nothing at 0 %") << 0 << 0.0 << 0.2 << 64.0 << 0.2;
    QTest::newRow("healthy at 10 %") << 10 << 4.2 << 0.2 << 64.0 << 0.2;
    QTest::newRow("overrun at 50 %") << 50 << 20.0 << 4.4 << 205.0 << 2.3;
    QTest::newRow("broken at 100 %") << 100 << 20.0 << 52.3 << 214.0 << 52.3;
}

void ModelTest::steadyFiguresAreThoseOfTheTable()
{
    QFETCH(int, weight);
    QFETCH(double, pool);
    QFETCH(double, errorPercent);
    QFETCH(double, p95Ms);
    QFETCH(double, wholePercent);
    const auto scenario = goodThenBad();
    const Behaviour bad = scenario->revisions.value(QStringLiteral("c41d77e"));
    const LoadFigures figures = steadyLoad(bad, 20, 120.0 * weight / 100);
    QVERIFY2(std::abs(figures.poolInUse - pool) < 0.05,
             qPrintable(QString::number(figures.poolInUse)));
    QVERIFY(std::abs(figures.errorRatio * 100 - errorPercent) < 0.05);
    QVERIFY(std::abs(figures.p95 * 1000 - p95Ms) < 0.6);
    const double whole = (figures.errorRatio * weight + 0.002 * (100 - weight)) / 100;
    QVERIFY(std::abs(whole * 100 - wholePercent) < 0.05);
}

void ModelTest::aHealthyRevisionStaysHealthyUnderAllDemand()
{
    const auto scenario = goodThenBad();
    const Behaviour good = scenario->revisions.value(QStringLiteral("9f3c2a1"));
    const LoadFigures figures = steadyLoad(good, 30, 121.2);
    QVERIFY(figures.poolInUse < 5);
    QCOMPARE(figures.errorRatio, 0.002);
    QCOMPARE(figures.p95, 0.064);
}

void ModelTest::thePoolIsFullThreeSecondsAfterHalfOfTheTraffic()
{
    WorldOptions options;
    options.startAt = 9;
    auto world = makeWorld(options);
    moveBy(*world, 30);
    QVERIFY(std::abs(world->meter(standalone).figures("candidate").poolInUse - 4.2) < 0.1);
    world->setTraffic(standalone, {QStringLiteral("9f3c2a1"), QStringLiteral("c41d77e"), 50});
    moveBy(*world, 2.5);
    QVERIFY(world->meter(standalone).figures("candidate").poolInUse < 20);
    moveBy(*world, 1);
    QCOMPARE(world->meter(standalone).figures("candidate").poolInUse, 20.0);
}

void ModelTest::theAlertFiresAboutTwentyThreeSecondsAfterHalfOfTheTraffic()
{
    WorldOptions options;
    options.startAt = 9;
    auto world = makeWorld(options);
    AlertWatch watch(world->scenario().alert);
    const auto moveAndLook = [&](double seconds) {
        moveBy(*world, seconds);
        watch.observe(world->second(), world->meter(standalone).count("candidate"));
    };
    for (int i = 0; i < 60; ++i)
        moveAndLook(0.5);
    QCOMPARE(watch.state(), AlertWatch::State::Quiet);
    world->setTraffic(standalone, {QStringLiteral("9f3c2a1"), QStringLiteral("c41d77e"), 50});
    const double promoted = world->second();
    while (watch.state() == AlertWatch::State::Quiet && world->second() < promoted + 60)
        moveAndLook(0.25);
    const double pending = world->second() - promoted;
    QVERIFY2(pending > 6 && pending < 10, qPrintable(QString::number(pending)));
    while (watch.state() != AlertWatch::State::Firing && world->second() < promoted + 60)
        moveAndLook(0.25);
    const double firing = world->second() - promoted;
    QVERIFY2(firing > 21 && firing < 25, qPrintable(QString::number(firing)));
}

void ModelTest::countersGiveTheRatesAndTheP95()
{
    WorldOptions options;
    options.startAt = 10;
    auto world = makeWorld(options);
    moveBy(*world, 40);
    const QByteArray before = world->metricsText();
    moveBy(*world, 15);
    const QByteArray after = world->metricsText();
    const auto grown = [&](const QByteArrayList &parts) {
        return valueOf(after, parts) - valueOf(before, parts);
    };
    const double requests = grown({"http_requests_total", "version=\"candidate\""});
    const double failed = grown({"http_requests_total", "version=\"candidate\"", "code=\"503\""});
    QVERIFY(std::abs(requests / 15 - 60) < 0.6);
    QVERIFY2(std::abs(failed / requests - 0.044) < 0.004,
             qPrintable(QString::number(failed / requests)));
    const double candidate = p95Between(before, after, "candidate");
    QVERIFY2(std::abs(candidate - 0.205) < 0.004, qPrintable(QString::number(candidate)));
    const double stable = p95Between(before, after, "stable");
    QVERIFY2(std::abs(stable - 0.064) < 0.0013, qPrintable(QString::number(stable)));
}

void ModelTest::connectionsAreHeldAsLongAsTheCodeSays()
{
    WorldOptions options;
    options.startAt = 9;
    auto world = makeWorld(options);
    moveBy(*world, 20);
    const QByteArray page = world->metricsText();
    const double held = valueOf(page, {"db_connection_held_seconds_sum", "candidate"})
                        / valueOf(page, {"db_connection_held_seconds_count", "candidate"});
    QVERIFY(std::abs(held - 0.348) < 1e-6);
}

void ModelTest::afterARollbackTheCandidateCountsNothing()
{
    WorldOptions options;
    options.startAt = 10;
    auto world = makeWorld(options);
    moveBy(*world, 30);
    world->setTraffic(standalone, {QStringLiteral("9f3c2a1"), QStringLiteral("c41d77e"), 0});
    const double before = world->meter(standalone).count("candidate").requests;
    const double whole = world->meter(standalone).total().requests;
    moveBy(*world, 10);
    QCOMPARE(world->meter(standalone).count("candidate").requests, before);
    QVERIFY(std::abs(world->meter(standalone).total().requests - whole - 1200) < 12);
    QVERIFY(world->metricsText().contains("version=\"candidate\",code=\"503\""));
}

void ModelTest::speedLeavesRequestRatesAlone()
{
    WorldOptions options;
    options.speed = 5;
    auto world = makeWorld(options);
    const double before = world->meter(standalone).total().requests;
    moveBy(*world, 50); // ten seconds on the clock
    QCOMPARE(world->clockSecond(), 10.0);
    const double rate = (world->meter(standalone).total().requests - before) / 10;
    QVERIFY2(std::abs(rate - 120) < 1.3, qPrintable(QString::number(rate)));
}

void ModelTest::sameSeedGivesTheSameNumbersWhoeverLooks()
{
    auto often = makeWorld();
    auto seldom = makeWorld();
    for (int i = 0; i < 400; ++i) {
        moveBy(*often, 0.05);
        QVERIFY(!often->metricsText().isEmpty());
    }
    moveBy(*seldom, often->second() - seldom->second());
    const double a = often->meter(standalone).total().requests;
    const double b = seldom->meter(standalone).total().requests;
    QVERIFY2(std::abs(a - b) <= 12.2, "at most one step of a tenth of a second apart");
    QCOMPARE(often->meter(standalone).demand(7.3), seldom->meter(standalone).demand(7.3));
}

void ModelTest::anotherSeedGivesOtherNoiseWithinOnePerCent()
{
    WorldOptions options;
    options.seed = 2;
    auto one = makeWorld();
    auto two = makeWorld(options);
    bool differs = false;
    for (double at = 0.5; at < 100; at += 1) {
        const double demand = two->meter(standalone).demand(at);
        QVERIFY(std::abs(demand - 120) <= 1.2);
        differs = differs || demand != one->meter(standalone).demand(at);
    }
    QVERIFY(differs);
}

void ModelTest::theHourBeforeEndsWhereTheLivePageBegins()
{
    auto world = makeWorld();
    const QByteArray history = world->historyOpenMetrics();
    QVERIFY(history.endsWith("# EOF\n"));
    QVERIFY(history.contains("# TYPE http_requests counter\n"));
    const QByteArray series = "http_requests_total{track=\"standalone\",version=\"stable\","
                              "code=\"200\"} ";
    double last = 0;
    double previousStamp = 0;
    int count = 0;
    for (const QByteArray &line : history.split('\n')) {
        if (!line.startsWith(series))
            continue;
        const QByteArrayList parts = line.mid(series.size()).split(' ');
        QVERIFY(parts[1].toDouble() > previousStamp);
        QVERIFY(parts[0].toDouble() >= last);
        previousStamp = parts[1].toDouble();
        last = parts[0].toDouble();
        ++count;
    }
    QCOMPARE(count, 720);
    const double now = valueOf(world->metricsText(), {series.trimmed()});
    QVERIFY2(now >= last && now - last < 5 * 122, qPrintable(QString::number(now - last)));
    const double start = double(world->startedAt().toMSecsSinceEpoch()) / 1000;
    QVERIFY(previousStamp < start && start - previousStamp <= 5.001);
}

void ModelTest::anAlertWaitsAndIsQuietAgain()
{
    AlertWatch watch({QStringLiteral("HighErrorRatio"), 0.01, 15, 15});
    RequestCount count;
    double second = 0;
    const auto play = [&](double seconds, double ratio) {
        for (double until = second + seconds; second < until; second += 1) {
            count.requests += 60;
            count.failed += 60 * ratio;
            watch.observe(second, count);
        }
    };
    play(20, 0.002);
    QCOMPARE(watch.state(), AlertWatch::State::Quiet);
    play(10, 0.05);
    QCOMPARE(watch.state(), AlertWatch::State::Pending);
    play(20, 0.05);
    QCOMPARE(watch.state(), AlertWatch::State::Firing);
    play(20, 0.002);
    QCOMPARE(watch.state(), AlertWatch::State::Quiet);
}

QTEST_GUILESS_MAIN(ModelTest)
#include "modeltest.moc"
