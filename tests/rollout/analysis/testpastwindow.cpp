#include "rollout/analysis/pastwindow.h"
#include "support/faketraffic.h"

#include <QtTest>

using namespace pilothouse;

namespace {

const QDateTime start(QDate(2026, 11, 24), QTime(13, 0), Qt::UTC);
const CommitId older(QString(40, QLatin1Char('a')));
const CommitId good(QString(40, QLatin1Char('b')));
const CommitId bad(QString(40, QLatin1Char('c')));

WeightMark mark(int minute, int from, int to, const CommitId &candidate)
{
    return {start.addSecs(60 * minute), Weight{from}, Weight{to}, QStringLiteral("A. Muster"),
            candidate};
}

/// A good one to the end, then a bad one that was rolled back.
QList<WeightMark> story()
{
    return {mark(0, 0, 10, good), mark(5, 10, 50, good), mark(15, 50, 100, good),
            mark(60, 0, 10, bad), mark(65, 10, 50, bad), mark(66, 50, 0, bad)};
}

TrafficState traffic()
{
    TrafficState made;
    made.stable = readyRevision(QStringLiteral("good-1"), good.value, 3);
    made.candidate = readyRevision(QStringLiteral("bad-1"), bad.value, 2);
    made.reachable = {readyRevision(QStringLiteral("older-1"), older.value, 3)};
    for (const WeightMark &each : story())
        made.changes.prepend({each.at, each.actor, each.from, each.to, {}, {}, each.candidate});
    WeightChange before;
    before.at = start.addDays(-4);
    before.to = Weight{100};
    before.candidate = older;
    made.changes.append(before);
    return made;
}

} // namespace

class TestPastWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWeightThatWasHeldIsAWindow()
    {
        const QList<PastWindow> windows = pastWindows(story(), start.addSecs(7200));
        QStringList told;
        for (const PastWindow &each : windows) {
            told.append(QStringLiteral("%1 %2 % from %3 for %4 min")
                            .arg(each.candidate.value.left(1))
                            .arg(each.weight.percent)
                            .arg(start.secsTo(each.from) / 60)
                            .arg(each.from.secsTo(each.to) / 60));
            QVERIFY(each.end == PastWindow::End::Over);
            QCOMPARE(each.actor, QStringLiteral("A. Muster"));
        }
        QCOMPARE(told, (QStringList{QStringLiteral("c 50 % from 65 for 1 min"),
                                    QStringLiteral("c 10 % from 60 for 5 min"),
                                    QStringLiteral("b 100 % from 15 for 45 min"),
                                    QStringLiteral("b 50 % from 5 for 10 min"),
                                    QStringLiteral("b 10 % from 0 for 5 min")}));
    }

    void theWeightThatHoldsNowHasNoEnd()
    {
        QList<WeightMark> marks = story();
        marks.removeLast();
        const QDateTime now = start.addSecs(7200);
        const PastWindow newest = pastWindows(marks, now).first();
        QVERIFY(newest.end == PastWindow::End::Open);
        QCOMPARE(newest.to, now);
        QVERIFY(pastWindows({}, now).isEmpty());
    }

    void whatIsDoneHoldsNoLongerThoughNoMarkSaysSo()
    {
        const QDateTime now = start.addSecs(7200);
        RolloutState state;
        state.traffic = traffic();
        state.traffic->changes = {{start, {}, Weight{50}, Weight{100}, {}, {}, good}};
        state.traffic->lastWrittenAt = start.addSecs(90);
        state.phase = Phase::Finishing;
        QVERIFY(!closedAt(state, now).isValid());
        state.phase = Phase::Done;
        QCOMPARE(closedAt(state, now), start.addSecs(90));
        state.traffic->lastWrittenAt = start;
        QCOMPARE(closedAt(state, now), now);

        const PastWindow window
            = pastWindows({mark(0, 50, 100, good)}, now, start.addSecs(90)).first();
        QVERIFY(window.end == PastWindow::End::Over);
        QCOMPARE(window.to, start.addSecs(90));
    }

    void marksOfOneMomentMakeNoWindow()
    {
        QVERIFY(pastWindows({mark(1, 0, 10, good), mark(1, 10, 0, good)}, start.addSecs(120))
                    .isEmpty());
    }

    void aTimeIsOfTheWeightThatHeldForMostOfIt_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<int>("weight");
        QTest::newRow("within a window") << 6 << 9 << 50;
        QTest::newRow("over two") << 4 << 7 << 50;
        QTest::newRow("before anything") << -30 << -10 << 0;
        QTest::newRow("after the rollback") << 70 << 80 << 0;
    }
    void aTimeIsOfTheWeightThatHeldForMostOfIt()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(int, weight);
        const QDateTime begin = start.addSecs(60 * from);
        const QDateTime end = start.addSecs(60 * to);
        const PastWindow window = windowBetween(story(), begin, end);
        QCOMPARE(window.weight.percent, weight);
        QCOMPARE(window.candidate, weight > 0 ? good : CommitId());
        QCOMPARE(window.from, begin);
        QCOMPARE(window.to, end);
    }

    void theRevisionsAreThoseOfThen()
    {
        const QList<PastWindow> windows = pastWindows(story(), start.addSecs(7200));
        const TrafficState ofBad = trafficThen(traffic(), windows.first());
        QCOMPARE(ofBad.candidate->name.value, QStringLiteral("bad-1"));
        QCOMPARE(ofBad.stable->name.value, QStringLiteral("good-1"));
        const TrafficState ofGood = trafficThen(traffic(), windows.last());
        QCOMPARE(ofGood.candidate->name.value, QStringLiteral("good-1"));
        QCOMPARE(ofGood.stable->name.value, QStringLiteral("older-1"));
    }

    void aRevisionThatIsGoneHasNoNameAndMatchesNothing()
    {
        TrafficState now = traffic();
        now.reachable.clear();
        const TrafficState then
            = trafficThen(now, pastWindows(story(), start.addSecs(7200)).last());
        QCOMPARE(then.stable->commit, older);
        QVERIFY(then.stable->name.value.isEmpty());
        const SeriesNames names{QStringLiteral("revision_name"),
                                QStringLiteral("${stable.revision}"),
                                QStringLiteral("${candidate.revision}")};
        QVERIFY(resolved(names, then).stable.isEmpty());
        QCOMPARE(resolved(names, then).candidate, QStringLiteral("good-1"));
    }

    void withoutACandidateTheTrafficIsAsItIs()
    {
        QVERIFY(trafficThen(traffic(), PastWindow{}) == traffic());
    }
};

QTEST_GUILESS_MAIN(TestPastWindow)

#include "testpastwindow.moc"
