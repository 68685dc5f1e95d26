#include "release/oncall/earlier.h"
#include "release/oncall/hurting.h"

#include <QTest>

#include <limits>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QDateTime start(QDate(2026, 11, 24), QTime(2, 59), Qt::UTC);
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();

/// A sample a second from `start` on.
QList<Sample> samples(const QList<double> &values)
{
    QList<Sample> made;
    for (const double value : values)
        made.append({start.addSecs(made.size()).toMSecsSinceEpoch(), value});
    return made;
}

ChartSeries chart(const QString &name, const QList<double> &stable, const QList<double> &candidate)
{
    ChartSeries made;
    made.check.name = name;
    made.unit = QStringLiteral("ratio");
    made.check.max = 0.01;
    made.limit = limitOf(made.check);
    made.step = 1s;
    made.stable = samples(stable);
    made.candidate = samples(candidate);
    return made;
}

TrackHealth health(const QList<ChartSeries> &charts)
{
    TrackHealth made;
    made.track = TrackName(QStringLiteral("standalone"));
    made.charts = charts;
    made.candidateHasTraffic = true;
    made.metrics.health = SourceState::Health::Live;
    return made;
}

LatelyLine line(int secondsBefore, const QString &what,
                LatelyLine::Source source = LatelyLine::Source::Journal)
{
    return {start.addSecs(-secondsBefore), QStringLiteral("A. Muster"), what, source};
}

} // namespace

class TestHurting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itHurtsSinceTheFirstSampleThatStayedOverTheLimit_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<int>("since"); ///< index; -1 = it does not
        QTest::newRow("never") << QList<double>{0, 0, 0} << -1;
        QTest::newRow("from the third on") << QList<double>{0, 0, 0.02, 0.03} << 2;
        QTest::newRow("at the limit is not over it") << QList<double>{0.01, 0.01} << -1;
        QTest::newRow("it is over") << QList<double>{0.02, 0.02, 0, 0, 0, 0, 0} << -1;
        QTest::newRow("a short pause is the same trouble")
            << QList<double>{0, 0.02, 0, 0.02, 0.02} << 1;
        QTest::newRow("a long pause is another one")
            << QList<double>{0.02, 0, 0, 0, 0, 0, 0.02} << 6;
        QTest::newRow("NaN is neither") << QList<double>{0, 0.02, notANumber, notANumber} << 1;
        QTest::newRow("from the first on") << QList<double>{0.02, 0.02} << 0;
        QTest::newRow("no sample") << QList<double>{} << -1;
        QTest::newRow("only NaN") << QList<double>{notANumber} << -1;
    }

    void itHurtsSinceTheFirstSampleThatStayedOverTheLimit()
    {
        QFETCH(QList<double>, values);
        QFETCH(int, since);
        Check check;
        check.max = 0.01;
        QCOMPARE(badSince(samples(values), check, 1s),
                 since < 0 ? QDateTime() : start.addSecs(since));
    }

    void whatIsNormalStandsBesideWhatHurts()
    {
        const HurtLine line
            = hurtLine(health({chart(QStringLiteral("error ratio"), {0.002, 0.002}, {0.002, 0.044}),
                               chart(QStringLiteral("p95"), {0.002, 0.002}, {0.003, 0.003})}));
        QCOMPARE(line.state, HurtLine::State::Hurting);
        QCOMPARE(line.words, QStringLiteral("error ratio 4.4 % (normal 0.2 %)"));
        QCOMPARE(line.since, start.addSecs(1));
        QVERIFY(line.old.isEmpty());
    }

    void whatHasALowerLimitHurtsUnderIt_data()
    {
        QTest::addColumn<double>("max"); ///< 0 = none
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<int>("since"); ///< index; -1 = it does not
        QTest::newRow("over it is well") << 0.0 << QList<double>{0.999, 0.999} << -1;
        QTest::newRow("at it is not under it") << 0.0 << QList<double>{0.99, 0.99} << -1;
        QTest::newRow("under it from the second on") << 0.0 << QList<double>{0.999, 0.95, 0.9} << 1;
        QTest::newRow("between two") << 1.5 << QList<double>{0.999, 1.2} << -1;
        QTest::newRow("over the upper of two") << 1.5 << QList<double>{0.999, 1.2, 1.6} << 2;
        QTest::newRow("under the lower of two") << 1.5 << QList<double>{0.999, 0.9, 0.9} << 1;
    }

    void whatHasALowerLimitHurtsUnderIt()
    {
        QFETCH(double, max);
        QFETCH(QList<double>, values);
        QFETCH(int, since);
        ChartSeries success = chart(QStringLiteral("success ratio"), {0.999, 0.999}, values);
        success.check.max = max > 0 ? std::optional(max) : std::nullopt;
        success.check.min = 0.99;
        success.limit = limitOf(success.check);
        const HurtLine line = hurtLine(health({success}));
        QCOMPARE(line.state, since < 0 ? HurtLine::State::Well : HurtLine::State::Hurting);
        QCOMPARE(line.since, since < 0 ? QDateTime() : start.addSecs(since));
    }

    void aStableThatHurtsIsComparedWithItself()
    {
        TrackHealth stable
            = health({chart(QStringLiteral("error ratio"), {0.002, 0.002, 0.002, 0.05, 0.05}, {})});
        stable.candidateHasTraffic = false;
        const HurtLine line = hurtLine(stable);
        QCOMPARE(line.state, HurtLine::State::Hurting);
        QCOMPARE(line.words, QStringLiteral("error ratio 5 % (normal 0.2 %)"));
        QCOMPARE(line.since, start.addSecs(3));
    }

    void aCandidateWithoutTrafficHurtsNobody()
    {
        TrackHealth gone
            = health({chart(QStringLiteral("error ratio"), {0.002, 0.002}, {0.9, 0.9})});
        gone.candidateHasTraffic = false;
        QCOMPARE(hurtLine(gone).state, HurtLine::State::Well);
    }

    void noDataIsNeverWell()
    {
        QCOMPARE(hurtLine(health({})).state, HurtLine::State::NoData);
        QCOMPARE(
            hurtLine(health({chart(QStringLiteral("error ratio"), {notANumber}, {notANumber})}))
                .state,
            HurtLine::State::NoData);
        TrackHealth none = health({});
        none.metrics.health = SourceState::Health::NotSetUp;
        QVERIFY(hurtLine(none).words.contains(QLatin1String("pilothouse.yaml")));
    }

    void whatIsStillToBeDrawnIsReadAndNotWithoutData()
    {
        TrackHealth first = health({chart(QStringLiteral("error ratio"), {}, {})});
        first.isDrawn = false;
        QCOMPARE(hurtLine(first).state, HurtLine::State::Reading);
        QCOMPARE(hurtLine(first).words, QStringLiteral("its metrics are being read"));
        first.metrics.health = SourceState::Health::Loading;
        QCOMPARE(hurtLine(first).state, HurtLine::State::Reading);
        // Who gave an error is not waited for.
        first.metrics.health = SourceState::Health::Lost;
        QCOMPARE(hurtLine(first).state, HurtLine::State::NoData);
    }

    void whatWasWellBeforeTheMetricsWereLostIsNotWellNow()
    {
        TrackHealth lost = health({chart(QStringLiteral("error ratio"), {0.002}, {0.002})});
        lost.metrics.health = SourceState::Health::Lost;
        lost.metrics.lastGoodSinceBoot = 1000s;
        lost.age = 240s;
        const HurtLine well = hurtLine(lost);
        QCOMPARE(well.state, HurtLine::State::NoData);
        QCOMPARE(well.old, QStringLiteral("4 min old: metrics lost"));
        lost.charts = {chart(QStringLiteral("error ratio"), {0.002}, {0.04})};
        lost.age = 74s;
        const HurtLine bad = hurtLine(lost);
        QCOMPARE(bad.state, HurtLine::State::Hurting); // what hurt may still
        QCOMPARE(bad.old, QStringLiteral("74 s old: metrics lost"));
    }

    void whatNeverAnsweredHasNoAge()
    {
        TrackHealth never = health({});
        never.metrics.health = SourceState::Health::Lost;
        never.metrics.lastGoodSinceBoot = 0s;
        QCOMPARE(hurtLine(never).state, HurtLine::State::NoData);
        QCOMPARE(hurtLine(never).old, QStringLiteral("metrics never answered"));
    }

    void theFirstBadSampleOfAllTracksCounts()
    {
        HurtLine first;
        first.state = HurtLine::State::Hurting;
        first.since = start.addSecs(5);
        HurtLine second = first;
        second.since = start;
        HurtLine well;
        well.since = start.addSecs(-100);
        QCOMPARE(firstBad({first, well, second}), start);
        QCOMPARE(firstBad({well}), QDateTime());
    }

    void causesStandByTheirDistanceAndAlertsAreNone()
    {
        const QList<LatelyLine> lately{line(-10, QStringLiteral("after it")),
                                       line(5, QStringLiteral("firing"), LatelyLine::Source::Alert),
                                       line(250, QStringLiteral("standalone promote 10 → 50")),
                                       line(3600 * 9, QStringLiteral("ci.yml green")),
                                       line(3600 * 25, QStringLiteral("yesterday"))};
        const QList<EarlierLine> causes = changedBefore(lately, start);
        QCOMPARE(causes.size(), 2);
        QCOMPARE(causes[0].what, QStringLiteral("standalone promote 10 → 50"));
        QCOMPARE(causes[0].before, std::chrono::milliseconds(250s));
        QCOMPARE(causes[1].what, QStringLiteral("ci.yml green"));
        QVERIFY(changedBefore(lately, {}).isEmpty());
    }

    void aRiseOfTheRequestsIsACauseAndAShiftIsNone()
    {
        QList<double> level(600, 60.0);
        QList<double> risen = level;
        for (int i = 540; i < 600; ++i)
            risen[i] = 120;
        const QDateTime bad = start.addSecs(600);
        const TrackName track(QStringLiteral("standalone"));
        ChartSeries requests = chart(QStringLiteral("requests/s"), risen, {});
        const auto rise = trafficRise(track, requests, bad);
        QVERIFY(rise);
        QCOMPARE(rise->what, QStringLiteral("standalone 60 → 120/s"));
        requests.stable = samples(level);
        QVERIFY(!trafficRise(track, requests, bad));
        // Half of it goes from the stable to the candidate.
        QList<double> leaving = level;
        QList<double> coming(600, 0.0);
        for (int i = 540; i < 600; ++i) {
            leaving[i] = 30;
            coming[i] = 30;
        }
        requests.stable = samples(leaving);
        requests.candidate = samples(coming);
        QVERIFY(!trafficRise(track, requests, bad));
        QVERIFY(!trafficRise(track, ChartSeries(), bad));
    }

    void anAlertSaysWhoActedOnIt()
    {
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        alert.state = QStringLiteral("firing");
        alert.activeAt = start;
        alert.annotations
            = {{QStringLiteral("runbook_url"), QStringLiteral("https://wiki/errors")},
               {QStringLiteral("dashboard_url"), QStringLiteral("javascript:alert(1)")}};
        QCOMPARE(actedOn(alert, {line(10, QStringLiteral("before"))}),
                 QStringLiteral("nobody yet"));
        QCOMPARE(actedOn(alert, {line(-20, QStringLiteral("standalone roll back 50 → 0")),
                                 line(-10, QStringLiteral("a note"))}),
                 QStringLiteral("A. Muster: standalone roll back 50 → 0"));
        Alert pending = alert;
        pending.state = QStringLiteral("pending");
        const QList<AlertLine> lines = alertLines({pending, alert, alert}, {});
        QCOMPARE(lines.size(), 2); // the same one from two tracks is one
        QCOMPARE(lines[0].state, QStringLiteral("firing"));
        QCOMPARE(lines[0].runbook, QUrl(QStringLiteral("https://wiki/errors")));
        QVERIFY(lines[0].dashboard.isEmpty()); // no address that a browser opens
    }
};

QTEST_GUILESS_MAIN(TestHurting)
#include "testhurting.moc"
