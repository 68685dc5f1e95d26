#include "release/pods/carry.h"

#include <QTest>

#include <cmath>

using namespace pilothouse;

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(14, 0, 0));
const QString sha = QString(40, QLatin1Char('a'));

Sample sample(int minutesAgo, double value)
{
    return {now.addSecs(qint64(-60) * minutesAgo).toMSecsSinceEpoch(), value};
}

RevisionState revision(int ready, int wanted)
{
    RevisionState state;
    state.commit = CommitId(sha);
    state.readyReplicas = ready;
    state.wantedReplicas = wanted;
    return state;
}

} // namespace

class TestCarry : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theHighestNumberCounts()
    {
        const auto most = mostServed(
            {sample(30, 90), sample(120, 138), sample(10, std::nan("")), sample(5, 60)});
        QVERIFY(most);
        QCOMPARE(most->perSecond, 138.0);
        QCOMPARE(most->at, now.addSecs(-120LL * 60).toUTC());
        QVERIFY(!mostServed({}));
        QVERIFY(!mostServed({sample(1, std::nan(""))}));
    }

    void whatItHasServedItCanCarry()
    {
        const CarryView view = carryOf(MostServed{138, now.addSecs(-120LL * 60).toUTC()},
                                       revision(3, 3), 120.0, now);
        QCOMPARE(view.state, CarryView::State::Proved);
        QCOMPARE(view.words, QStringLiteral("can carry 120/s alone: yes (138/s at 12:00 today)"));
    }

    void withFewerPodsItCarriesLess()
    {
        const CarryView view = carryOf(MostServed{138, now.addSecs(-120LL * 60).toUTC()},
                                       revision(2, 3), 120.0, now);
        QCOMPARE(view.state, CarryView::State::NotProved);
        QVERIFY2(view.words.contains(QLatin1String("not proved (most so far 138/s at 12:00 today "
                                                   "with 3 pods)")),
                 qPrintable(view.words));
    }

    void whatItNeverServedIsNotCalledImpossible()
    {
        const CarryView view = carryOf(MostServed{62.4, now.addDays(-1).addSecs(600).toUTC()},
                                       revision(3, 3), 120.0, now);
        QCOMPARE(view.state, CarryView::State::NotProved);
        QVERIFY2(
            view.words.contains(QLatin1String("not proved (most so far 62/s at 23 Nov 14:10)")),
            qPrintable(view.words));
    }

    void whatScalesByItselfCountsWhole()
    {
        const CarryView view = carryOf(MostServed{138, now.toUTC()}, revision(0, 0), 120.0, now);
        QCOMPARE(view.state, CarryView::State::Proved);
    }

    void noDataIsSaidAndNeverAYes()
    {
        for (const std::optional<double> &load :
             {std::optional<double>(), std::optional<double>(std::nan(""))}) {
            const CarryView view = carryOf(MostServed{138, now.toUTC()}, revision(3, 3), load, now);
            QCOMPARE(view.state, CarryView::State::Unknown);
            QVERIFY(view.words.contains(QLatin1String("no data")));
        }
        const CarryView view = carryOf(std::nullopt, revision(3, 3), 120.0, now);
        QCOMPARE(view.state, CarryView::State::Unknown);
        QVERIFY(view.words.contains(QLatin1String("no data")));
    }

    void onlyWhatIsProvedSpeaksForAnything_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("kind");
        using State = CarryView::State;
        QTest::newRow("proved") << int(State::Proved) << int(Reason::Kind::For);
        QTest::newRow("not proved") << int(State::NotProved) << int(Reason::Kind::Against);
        QTest::newRow("no data") << int(State::Unknown) << int(Reason::Kind::Unknown);
    }
    void onlyWhatIsProvedSpeaksForAnything()
    {
        QFETCH(int, state);
        QFETCH(int, kind);
        const Reason reason
            = carryReason({CarryView::State(state), QStringLiteral("can carry 120/s alone: yes")});
        QCOMPARE(int(reason.kind), kind);
        QCOMPARE(reason.text, QStringLiteral("stable can carry 120/s alone: yes"));
    }

    void aSeriesThatChangesItsRevisionCountsSinceThen()
    {
        TrafficState traffic;
        traffic.stable = revision(3, 3);
        const QDateTime full = now.addSecs(-3600).toUTC();
        WeightChange hundred;
        hundred.at = full;
        hundred.to = Weight{100};
        hundred.candidate = CommitId(sha);
        WeightChange later = hundred;
        later.at = now.addSecs(-60).toUTC();
        later.to = Weight{10};
        later.candidate = CommitId(QString(40, QLatin1Char('b')));
        traffic.changes = {later, hundred};
        QCOMPARE(servedSince(traffic, QStringLiteral("stable"), now.toUTC()), full);
        // One that is called by its commit tells of it alone.
        QCOMPARE(servedSince(traffic, QStringLiteral("${stable.commit}"), now.toUTC()),
                 now.addDays(-1).toUTC());
        traffic.changes = {later};
        QCOMPARE(servedSince(traffic, QStringLiteral("stable"), now.toUTC()),
                 now.addDays(-1).toUTC());
    }
};

QTEST_GUILESS_MAIN(TestCarry)
#include "testcarry.moc"
