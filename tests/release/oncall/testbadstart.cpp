#include "release/oncall/badstart.h"

#include "release/oncall/night.h"

#include <QPromise>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const TrackName track(QStringLiteral("standalone"));

ChartSeries answerOf(const QString &name, const QString &error = {})
{
    ChartSeries chart;
    chart.check.name = name;
    chart.limit = 0.01;
    chart.error = error;
    return chart;
}

/// A metrics server that answers when the test says so.
struct Bench
{
    void look(bool isOpen = true)
    {
        start.look({track, true, isOpen, clock.now()},
                   [this](const QDateTime &from, const QDateTime &to) {
                       asked.append({from, to});
                       auto promise = std::make_shared<QPromise<QList<ChartSeries>>>();
                       promise->start();
                       open.append(promise);
                       return promise->future();
                   });
    }
    void answer(int which, const QList<ChartSeries> &charts)
    {
        open[which]->addResult(charts);
        open[which]->finish();
        QCoreApplication::processEvents();
    }
    [[nodiscard]] QString known() const
    {
        const QList<ChartSeries> charts = start.of(track).charts;
        return charts.isEmpty() ? QString() : charts.first().check.name;
    }

    FakeClock clock;
    BadStart start{clock};
    QList<std::pair<QDateTime, QDateTime>> asked;
    QList<std::shared_ptr<QPromise<QList<ChartSeries>>>> open;
};

/// A night whose candidate has been bad for forty minutes, of which the charts show fewer.
struct LateNight : Night
{
    LateNight(const QString &file, const RolloutSettings &own) : Night(file, own)
    {
        began = clock.now().addSecs(-40 * 60);
        metrics.values[errors] = {0.002, 0.002, true};
        metrics.ripple = [this](qint64 at) {
            return at < began.toMSecsSinceEpoch() ? 0.0 : 0.042;
        };
    }

    QDateTime began; ///< UTC
};

RolloutSettings drawnOver(std::chrono::milliseconds span)
{
    RolloutSettings each = settings();
    each.chartSpan = span;
    return each;
}

} // namespace

class TestBadStart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anHourIsAskedForFirstAndThenMoreUntilItBeginsWithin()
    {
        Bench b;
        b.look();
        QCOMPARE(b.asked.size(), 1);
        QCOMPARE(b.asked[0].first, b.clock.now().addSecs(-3600));
        QCOMPARE(b.asked[0].second, b.clock.now());
        QVERIFY(b.start.isReading());
        b.look();
        QCOMPARE(b.asked.size(), 1);
        b.answer(0, {answerOf(QStringLiteral("hour"))});
        QVERIFY(!b.start.isReading());
        b.look();
        QCOMPARE(b.asked.size(), 2);
        QCOMPARE(b.asked[1].first, b.clock.now().addSecs(-6 * 3600));
        QCOMPARE(b.known(), QStringLiteral("hour")); // what is known stays meanwhile
        b.answer(1, {answerOf(QStringLiteral("six hours"))});
        b.look();
        b.answer(2, {answerOf(QStringLiteral("day"))});
        QCOMPARE(b.asked[2].first, b.clock.now().addSecs(-24 * 3600));
        QCOMPARE(b.start.of(track).from, b.asked[2].first);
        b.look(); // it is older than a day: that is all that is asked for
        QCOMPARE(b.asked.size(), 3);
    }

    void itIsAskedAgainFromTheSameMomentAfterAMinute()
    {
        Bench b;
        b.look();
        b.answer(0, {answerOf(QStringLiteral("first"))});
        b.clock.advance(59s);
        b.look(false);
        QCOMPARE(b.asked.size(), 1);
        b.clock.advance(1s);
        b.look(false);
        QCOMPARE(b.asked.size(), 2);
        QCOMPARE(b.asked[1].first, b.asked[0].first);
        QCOMPARE(b.asked[1].second, b.clock.now());
        QVERIFY(!b.start.isReading()); // the beginning is known
    }

    void theNewerQuestionWins()
    {
        Bench b;
        b.look();
        b.clock.advance(60s);
        b.look(); // the first got no answer
        QCOMPARE(b.asked.size(), 2);
        b.answer(1, {answerOf(QStringLiteral("newer"))});
        b.answer(0, {answerOf(QStringLiteral("older"))});
        QCOMPARE(b.known(), QStringLiteral("newer"));
    }

    void whatFailsIsSaidAndTriedAgain()
    {
        Bench b;
        QSignalSpy changed(&b.start, &BadStart::changed);
        b.look();
        b.answer(0, {answerOf(QStringLiteral("p95"), QStringLiteral("Prometheus is busy."))});
        QCOMPARE(changed.size(), 1);
        QCOMPARE(b.start.failure(), QStringLiteral("Prometheus is busy."));
        QVERIFY(b.start.of(track).charts.isEmpty());
        b.look(); // more of what failed is not asked for
        QCOMPARE(b.asked.size(), 1);
        b.clock.advance(60s);
        b.look();
        b.answer(1, {});
        QCOMPARE(b.start.failure(), QStringLiteral("the metrics server gave no answer"));
        b.clock.advance(60s);
        b.look();
        b.answer(2, {answerOf(QStringLiteral("p95"))});
        QCOMPARE(b.start.failure(), QString());
    }

    void whatIsNotNeededIsForgotten()
    {
        Bench b;
        b.look();
        b.start.look({track, false, false, b.clock.now()}, {});
        b.answer(0, {answerOf(QStringLiteral("late"))});
        QVERIFY(b.start.of(track).charts.isEmpty());
        QVERIFY(!b.start.isReading());
    }

    void whoLooksFortyMinutesLateReadsWhenItBegan_data()
    {
        QTest::addColumn<std::chrono::milliseconds>("span"); ///< of the drawn charts
        QTest::newRow("charts of a quarter of an hour") << std::chrono::milliseconds(15min);
        QTest::newRow("charts of a minute") << std::chrono::milliseconds(1min);
    }

    void whoLooksFortyMinutesLateReadsWhenItBegan()
    {
        QFETCH(std::chrono::milliseconds, span);
        QTemporaryDir dir;
        LateNight night(dir.filePath(QStringLiteral("k.json")), drawnOver(span));
        night.start();
        for (int refresh = 0; refresh < 10; ++refresh) {
            const OnCallView view = night.onCall->view();
            QCOMPARE(view.firstBadKind, HurtLine::Since::Exact);
            const qint64 late = night.began.msecsTo(view.firstBad);
            QVERIFY2(late >= 0 && late < 15'000, qPrintable(QString::number(late)));
            QCOMPARE(view.earlierReading, QString());
            QVERIFY(view.hurting[0].words.contains(QLatin1String("4.4 % (normal 0.2 %)")));
            night.settle();
        }
    }

    void whatTheDayBeforeDoesNotTellIsSaid()
    {
        QTemporaryDir dir;
        LateNight night(dir.filePath(QStringLiteral("k.json")), drawnOver(15min));
        night.began = night.clock.now().addDays(-2);
        night.start();
        const OnCallView view = night.onCall->view();
        QCOMPARE(view.firstBadKind, HurtLine::Since::Before);
        QVERIFY(view.firstBad.secsTo(night.clock.now()) > 23 * 3600);
        QVERIFY(view.firstBad > night.began);
    }

    void whatWasDrawnLongAgoIsNotTheNightOfNow()
    {
        QTemporaryDir dir;
        Night night(dir.filePath(QStringLiteral("k.json")));
        for (Way *way : {&night.standalone, &night.coditect}) {
            way->traffic.world.asked = Weight{0};
            way->traffic.world.accepted = Weight{0};
        }
        night.start();
        QCOMPARE(night.onCall->view().hurting[0].state, HurtLine::State::Well);
        night.onCall->setVisible(false);
        night.metrics.values[errors] = {0.044, 0.0, false};
        for (int i = 0; i < 20; ++i)
            night.settle();
        const auto state = [&night] {
            return night.onCall->view().hurting[0].state;
        };
        QVERIFY(state() != HurtLine::State::Well);
        night.onCall->setVisible(true);
        QVERIFY(state() != HurtLine::State::Well);
        night.settle();
        QCOMPARE(state(), HurtLine::State::Hurting);
    }

    void nobodyIsAskedWhileNobodyLooks()
    {
        QTemporaryDir dir;
        LateNight night(dir.filePath(QStringLiteral("k.json")), drawnOver(15min));
        night.start();
        night.onCall->setVisible(false);
        const auto isLong = [](const RangeQuery &query) {
            return query.from.secsTo(query.to) > 1800;
        };
        night.metrics.asked.clear();
        for (int i = 0; i < 10; ++i)
            night.settle();
        QVERIFY(std::none_of(night.metrics.asked.cbegin(), night.metrics.asked.cend(), isLong));
        night.onCall->setVisible(true);
        night.settle();
        QVERIFY(std::any_of(night.metrics.asked.cbegin(), night.metrics.asked.cend(), isLong));
    }
};

QTEST_GUILESS_MAIN(TestBadStart)
#include "testbadstart.moc"
