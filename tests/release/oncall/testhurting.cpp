#include "release/oncall/earlier.h"
#include "release/oncall/hurting.h"
#include "release/things/namedthings.h"

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
    made.from = start.addSecs(-60);
    made.to = start;
    for (const ChartSeries &each : charts) {
        for (const QList<Sample> *side : {&each.stable, &each.candidate}) {
            if (!side->isEmpty() && side->last().at > made.to.toMSecsSinceEpoch())
                made.to = QDateTime::fromMSecsSinceEpoch(side->last().at, Qt::UTC);
        }
    }
    made.candidatePercent = 50;
    made.stablePercent = 50;
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

    void aLongSilenceIsAnotherTroubleWhereTheOtherSideSpoke()
    {
        Check check;
        check.max = 0.01;
        const auto at = [](int minute) {
            return start.addSecs(60 * minute).toMSecsSinceEpoch();
        };
        // Rolled back for an hour, then tried again.
        const QList<Sample> twice{{at(0), 0.02}, {at(1), 0.02}, {at(61), 0.02}, {at(62), 0.02}};
        const QList<Sample> stable{{at(0), 0.002}, {at(30), 0.002}, {at(62), 0.002}};
        QCOMPARE(badSince(twice, check, 1s, stable), start.addSecs(61 * 60));
        // Nobody measured: it may have gone on.
        QCOMPARE(badSince(twice, check, 1s), start);
    }

    void whatHurtsSinceTheChartsBeginMayBeOlder()
    {
        TrackHealth health = ::health(
            {chart(QStringLiteral("error ratio"), {0.002, 0.002, 0.002}, {0.02, 0.02, 0.02})});
        QCOMPARE(hurtLine(health).sinceKind, HurtLine::Since::Exact); // it had a minute before
        health.from = start.addSecs(-2);
        QCOMPARE(hurtLine(health).since, start);
        QCOMPARE(hurtLine(health).sinceKind, HurtLine::Since::Before);
        // What an earlier time tells joins it, and its own beginning counts.
        ChartSeries hour = health.charts.first();
        hour.step = 10s;
        hour.stable.clear();
        hour.candidate.clear();
        for (int before = 3600; before > 0; before -= 10) {
            const qint64 at = start.addSecs(-before).toMSecsSinceEpoch();
            hour.stable.append({at, 0.002});
            hour.candidate.append({at, before > 1200 ? 0.003 : 0.03});
        }
        health.history = {hour};
        health.historyFrom = start.addSecs(-3600);
        QCOMPARE(hurtLine(health).since, start.addSecs(-1200));
        QCOMPARE(hurtLine(health).sinceKind, HurtLine::Since::Exact);
        health.history[0].error = QStringLiteral("too many samples");
        QCOMPARE(hurtLine(health).sinceKind, HurtLine::Since::Before);
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
        stable.candidatePercent = 0;
        const HurtLine line = hurtLine(stable);
        QCOMPARE(line.state, HurtLine::State::Hurting);
        QCOMPARE(line.words, QStringLiteral("error ratio 5 % (normal 0.2 %)"));
        QCOMPARE(line.since, start.addSecs(3));
    }

    void aCandidateWithoutTrafficHurtsNobody()
    {
        TrackHealth gone
            = health({chart(QStringLiteral("error ratio"), {0.002, 0.002}, {0.9, 0.9})});
        gone.candidatePercent = 0;
        QCOMPARE(hurtLine(gone).state, HurtLine::State::Well);
    }

    void aSideWithTrafficAndWithoutDataIsNeverWell_data()
    {
        QTest::addColumn<QList<ChartSeries>>("charts");
        QTest::addColumn<int>("secondsLater"); ///< that nothing more was told
        QTest::addColumn<QString>("words");
        const auto ratio = [](const QList<double> &stable, const QList<double> &candidate) {
            return chart(QStringLiteral("error ratio"), stable, candidate);
        };
        ChartSeries refused = chart(QStringLiteral("p95"), {0.002}, {0.002});
        refused.error = QStringLiteral("parse error: unexpected end\nat char 12");
        using Charts = QList<ChartSeries>;
        QTest::newRow("the candidate has no series")
            << Charts{ratio({0.002}, {})} << 0
            << QStringLiteral("error ratio: no data of the candidate, which has 50 %");
        QTest::newRow("neither has one")
            << Charts{ratio({}, {})} << 0 << QStringLiteral("no data: nobody can say how it does");
        QTest::newRow("the candidate's last sample is old")
            << Charts{ratio({0.002}, {0.002})} << 600
            << QStringLiteral("error ratio: no data of the candidate for 10 min, which has 50 %");
        QTest::newRow("the query of one check failed")
            << Charts{ratio({0.002}, {0.002}), refused} << 0
            << QStringLiteral(
                   "error ratio 0.2 % · p95: cannot be asked: parse error: unexpected end");
        QTest::newRow("one check has no data")
            << Charts{ratio({0.002}, {0.002}), chart(QStringLiteral("p95"), {0.002}, {})} << 0
            << QStringLiteral("error ratio 0.2 % · p95: no data of the candidate, which has 50 %");
        QTest::newRow("the stable has none")
            << Charts{ratio({}, {0.002}), chart(QStringLiteral("p95"), {0.002}, {0.002})} << 0
            << QStringLiteral("p95 0.2 % · error ratio: no data of the stable, which has 50 %");
    }

    void aSideWithTrafficAndWithoutDataIsNeverWell()
    {
        QFETCH(QList<ChartSeries>, charts);
        QFETCH(int, secondsLater);
        QFETCH(QString, words);
        TrackHealth asked = health(charts);
        asked.to = asked.to.addSecs(secondsLater);
        const HurtLine line = hurtLine(asked);
        QCOMPARE(line.state, HurtLine::State::NoData);
        QCOMPARE(line.words, words);
    }

    void aSideWithoutTrafficNeedsNoData()
    {
        TrackHealth full = health({chart(QStringLiteral("error ratio"), {}, {0.002})});
        full.candidatePercent = 100;
        full.stablePercent = 0;
        QCOMPARE(hurtLine(full).state, HurtLine::State::Well);
        // What it did before it lost its traffic hurts nobody now.
        full.charts = {chart(QStringLiteral("error ratio"), {0.5, notANumber}, {0.002, 0.002})};
        QCOMPARE(hurtLine(full).state, HurtLine::State::Well);
    }

    void whatWasBadWhenItWasLastToldStaysBad()
    {
        TrackHealth crashed
            = health({chart(QStringLiteral("error ratio"), {0.002, 0.002}, {0.002, 0.44}),
                      chart(QStringLiteral("p95"), {0.002, 0.002}, {})});
        crashed.to = crashed.to.addSecs(600);
        const HurtLine line = hurtLine(crashed);
        QCOMPARE(line.state, HurtLine::State::Hurting);
        QCOMPARE(line.since, start.addSecs(1));
        QCOMPARE(line.words, QStringLiteral("error ratio 44 % (normal 0.2 %), no data for 10 min"
                                            " · p95: no data of the candidate, which has 50 %"));
        crashed.to = start.addSecs(1);
        crashed.charts[0].error = QStringLiteral("too many samples");
        QVERIFY2(hurtLine(crashed).words.startsWith(QStringLiteral(
                     "error ratio 44 % (normal 0.2 %), cannot be asked now: too many samples")),
                 qPrintable(hurtLine(crashed).words));
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
        QCOMPARE(actedOn(alert, {line(10, QStringLiteral("before"))}, true),
                 QStringLiteral("nobody yet"));
        QCOMPARE(actedOn(alert,
                         {line(-20, QStringLiteral("standalone roll back 50 → 0")),
                          line(-10, QStringLiteral("standalone hold"))},
                         true),
                 QStringLiteral("A. Muster: standalone roll back 50 → 0"));
        // Silence is not the same as that nobody did anything.
        QCOMPARE(actedOn(alert, {}, false), QStringLiteral("nobody yet, as far as is heard"));
        Alert pending = alert;
        pending.state = QStringLiteral("pending");
        const QList<AlertLine> lines = alertLines({pending, alert, alert}, {}, true);
        QCOMPARE(lines.size(), 2); // the same one from two tracks is one
        QCOMPARE(lines[0].state, QStringLiteral("firing"));
        QCOMPARE(lines[0].runbook, QUrl(QStringLiteral("https://wiki/errors")));
        QVERIFY(lines[0].dashboard.isEmpty()); // no address that a browser opens
    }

    void whatAColleagueDidCountsToo()
    {
        Alert alert;
        alert.activeAt = start;
        alert.labels = {{QStringLiteral("track"), QStringLiteral("standalone")}};
        LatelyLine moved
            = line(-60, QStringLiteral("standalone 50 → 0"), LatelyLine::Source::TrafficObject);
        moved.who = QStringLiteral("B. Novak");
        moved.seenIn = QStringLiteral("the traffic object");
        moved.about = {trackThing(TrackName(QStringLiteral("standalone")))};
        QCOMPARE(actedOn(alert, {moved}, true),
                 QStringLiteral("B. Novak: standalone 50 → 0 (seen in the traffic object)"));
        // What was done to another track, a run that ended and a note are no answer to it.
        LatelyLine other = line(-70, QStringLiteral("coditect hold"));
        other.about = {trackThing(TrackName(QStringLiteral("coditect")))};
        LatelyLine note = moved;
        note.kind = LatelyLine::Kind::Note;
        LatelyLine run = moved;
        run.source = LatelyLine::Source::Pipeline;
        LatelyLine fired = moved;
        fired.source = LatelyLine::Source::Alert;
        QCOMPARE(actedOn(alert, {other, note, run, fired}, true), QStringLiteral("nobody yet"));
        alert.labels.clear();
        QCOMPARE(actedOn(alert, {other}, true), QStringLiteral("A. Muster: coditect hold"));
    }

    void theNewestWeightOfWhatIsInFlightSaysSo()
    {
        const TrackName track(QStringLiteral("standalone"));
        LatelyLine newer = line(250, QStringLiteral("standalone 10 → 50"));
        newer.moved = track;
        LatelyLine older = line(900, QStringLiteral("standalone 0 → 10"));
        older.moved = track;
        QList<EarlierLine> lines
            = changedBefore({line(10, QStringLiteral("ci.yml green")), newer, older}, start);
        tellInFlight(lines, TrackName(QStringLiteral("coditect")), QStringLiteral("no guard"));
        tellInFlight(lines, track, QStringLiteral("no guard"));
        QCOMPARE(lines[0].what, QStringLiteral("ci.yml green"));
        QCOMPARE(lines[1].what, QStringLiteral("standalone 10 → 50 · IN FLIGHT, no guard"));
        QCOMPARE(lines[2].what, QStringLiteral("standalone 0 → 10"));
    }

    void anAlertOfNoTrackStandsBelowTheOthersOnce()
    {
        Alert own;
        own.name = QStringLiteral("HighErrorRatio");
        own.state = QStringLiteral("pending");
        Alert watchdog = own;
        watchdog.name = QStringLiteral("Watchdog");
        Alert fires = watchdog;
        fires.state = QStringLiteral("firing");
        QList<AlertLine> lines = alertLines({own}, {}, true);
        for (int track = 0; track < 2; ++track)
            addOfNoTrack({fires, watchdog}, lines);
        QCOMPARE(lines.size(), 2);
        QVERIFY(!lines[0].isOfNoTrack);
        QCOMPARE(lines[1].name, QStringLiteral("Watchdog"));
        QVERIFY(lines[1].isOfNoTrack);
        QVERIFY(lines[1].acted.isEmpty()); // nobody is asked to
    }
};

QTEST_GUILESS_MAIN(TestHurting)
#include "testhurting.moc"
