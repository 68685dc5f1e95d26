#include "rollout/guard/windowguard.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = GuardView::Kind;
using std::chrono::milliseconds;

const CommitId good(QString(40, QLatin1Char('b')));
const CommitId other(QString(40, QLatin1Char('c')));
constexpr milliseconds armedAt = 1000s;

GuardSight sight(milliseconds now, std::optional<milliseconds> judgedAge,
                 Verdict verdict = Verdict::Pass)
{
    GuardSight seen;
    seen.now = now;
    seen.phase = Phase::Baking;
    seen.verdict = verdict;
    seen.judgedAge = judgedAge;
    return seen;
}

CheckResult failing(int times, Verdict verdict = Verdict::Fail)
{
    CheckResult check;
    check.name = QStringLiteral("error ratio");
    check.critical = true;
    check.verdict = verdict;
    check.failedInARow = times;
    check.sentence = QStringLiteral("4.4 % is over 1 %");
    return check;
}

} // namespace

/// A guard that was armed in a window, looked at about every second.
class TestWindowGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_rule = {};
        m_rule.failures = 3;
        m_rule.oldest = 30s;
        m_guard = {};
        arm(m_guard, {QStringLiteral("A. Muster"), {}, good}, armedAt);
    }

    void itWatchesWhileJudgementsComeByData()
    {
        QCOMPARE(
            look(sight(1001s, 4s)),
            (GuardView{Kind::Watching, QStringLiteral("armed by A. Muster, judged 4 s ago"), {}}));
        QCOMPARE(
            look(sight(1002s, 0s, Verdict::Fail)),
            (GuardView{Kind::Watching, QStringLiteral("armed by A. Muster, judged just now"), {}}));
        QCOMPARE(look(sight(1003s, 0s, Verdict::Marginal)).kind, Kind::Watching);
    }

    void nobodyArmedIt()
    {
        m_guard = {};
        QCOMPARE(look(sight(1001s, 4s)), GuardView{});
    }

    void withoutAJudgementItWaitsAndThenItIsUnwatched_data()
    {
        QTest::addColumn<milliseconds>("after");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("just armed") << milliseconds(1s) << Kind::Waiting;
        QTest::newRow("not long") << milliseconds(30s) << Kind::Waiting;
        QTest::newRow("too long") << milliseconds(31s) << Kind::Unwatched;
    }
    void withoutAJudgementItWaitsAndThenItIsUnwatched()
    {
        QFETCH(milliseconds, after);
        QFETCH(Kind, kind);
        GuardView seen;
        for (milliseconds t = 0s; t <= after; t += 1s)
            seen = look(sight(armedAt + t, {}));
        QCOMPARE(seen.kind, kind);
        QCOMPARE(seen.words.startsWith(QLatin1String("UNWATCHED")), kind == Kind::Unwatched);
        QVERIFY(seen.words.contains(QLatin1String("nothing was judged yet")));
    }

    void aJudgementWithoutDataWatchesNothing()
    {
        QCOMPARE(look(sight(1001s, 1s)).kind, Kind::Watching);
        GuardView seen;
        for (milliseconds t = 1002s; t <= 1031s; t += 1s) {
            GuardSight blind = sight(t, 1s, Verdict::NoData);
            blind.checks = {failing(0, Verdict::NoData)};
            seen = look(blind);
        }
        QCOMPARE(seen.kind, Kind::Unwatched);
        QCOMPARE(seen.words,
                 QStringLiteral("UNWATCHED for 0:31: armed by A. Muster, but no data for error "
                                "ratio: 4.4 % is over 1 %"));
        QCOMPARE(look(sight(1032s, 0s)).kind, Kind::Watching);
    }

    void anOldJudgementWatchesNothing()
    {
        QCOMPARE(look(sight(1001s, 1s)).kind, Kind::Watching);
        GuardView seen;
        for (milliseconds t = 1002s; t <= 1040s; t += 1s)
            seen = look(sight(t, t - 1000s));
        QCOMPARE(seen.kind, Kind::Unwatched);
        QVERIFY(seen.words.endsWith(QLatin1String("the last judgement is 0:40 old")));
    }

    void afterASleepItIsUnwatchedUntilSomethingWasJudgedAgain()
    {
        QCOMPARE(look(sight(1001s, 1s)).kind, Kind::Watching);
        // The computer sleeps for 3:20; the judgement is a fresh one by no clock that ran.
        const milliseconds woke = 1201s;
        const GuardView seen = look(sight(woke, 5s));
        QCOMPARE(seen.kind, Kind::Unwatched);
        QCOMPARE(seen.words,
                 QStringLiteral("UNWATCHED: armed by A. Muster, but this computer slept or stood "
                                "still for 3:20, and nothing was judged since"));
        QCOMPARE(look(sight(woke + 1s, 6s)).kind, Kind::Unwatched);
        QCOMPARE(look(sight(woke + 2s, 1s)).kind, Kind::Watching);
    }

    void aFailureFromBeforeASleepRollsNothingBack()
    {
        QCOMPARE(look(sight(1001s, 1s)).kind, Kind::Watching);
        GuardSight before = sight(1201s, 5s, Verdict::Fail);
        before.checks = {failing(3)};
        QCOMPARE(look(before).kind, Kind::Unwatched);
        GuardSight after = sight(1203s, 1s, Verdict::Fail);
        after.checks = {failing(4)};
        QCOMPARE(look(after).kind, Kind::RollBack);
    }

    void itRollsBackAtTheThirdFailureOrAnAlert_data()
    {
        QTest::addColumn<int>("failures");
        QTest::addColumn<bool>("critical");
        QTest::addColumn<QStringList>("alerts");
        QTest::addColumn<Kind>("kind");
        const QStringList none;
        QTest::newRow("the second failure") << 2 << true << none << Kind::Watching;
        QTest::newRow("the third") << 3 << true << none << Kind::RollBack;
        QTest::newRow("of a check that is not critical") << 3 << false << none << Kind::Watching;
        QTest::newRow("an alert") << 0 << true << QStringList{QStringLiteral("HighErrorRatio")}
                                  << Kind::RollBack;
    }
    void itRollsBackAtTheThirdFailureOrAnAlert()
    {
        QFETCH(int, failures);
        QFETCH(bool, critical);
        QFETCH(QStringList, alerts);
        QFETCH(Kind, kind);
        GuardSight seen = sight(1001s, 1s, Verdict::Fail);
        seen.checks = {failing(failures)};
        seen.checks[0].critical = critical;
        seen.firing = alerts;
        const GuardView view = look(seen);
        QCOMPARE(view.kind, kind);
        if (kind == Kind::RollBack)
            QVERIFY(!view.words.isEmpty());
        QVERIFY(m_guard.armed); // until it was done
    }

    void whatItWatchedIsOver_data()
    {
        QTest::addColumn<Phase>("phase");
        QTest::addColumn<QString>("words");
        QTest::newRow("done") << Phase::Done << QStringLiteral("it became the stable");
        QTest::newRow("rolled back")
            << Phase::RolledBack << QStringLiteral("the candidate has no traffic any more");
        QTest::newRow("gone") << Phase::Idle << QStringLiteral("the candidate is gone");
        QTest::newRow("replaced") << Phase::Replaced << QStringLiteral("another candidate came");
    }
    void whatItWatchedIsOver()
    {
        QFETCH(Phase, phase);
        QFETCH(QString, words);
        GuardSight seen = sight(1001s, 1s);
        seen.phase = phase;
        QCOMPARE(look(seen), (GuardView{Kind::Off, words, {}}));
        QVERIFY(!m_guard.armed);
        QCOMPARE(look(sight(1002s, 1s)).words, words);
    }

    void itIsForOneCandidateOnly()
    {
        QCOMPARE(lookOf(m_rule, m_guard, sight(1001s, 1s), other),
                 (GuardView{Kind::Off, QStringLiteral("another candidate came"), {}}));
    }

    void beforeTheFirstWeightThereIsNothingToWatch()
    {
        for (milliseconds t = 1001s; t <= 1100s; t += 1s) {
            GuardSight seen = sight(t, {});
            seen.phase = Phase::Ready;
            QCOMPARE(look(seen).kind, Kind::Waiting);
        }
        QCOMPARE(look(sight(1101s, {})).kind, Kind::Waiting); // the time counts from here
    }

    void trafficThatWasNotReadIsNoEndAndWatchesNothing()
    {
        GuardView view;
        for (milliseconds t = 1001s; t <= 1031s; t += 1s) {
            GuardSight seen = sight(t, {}, Verdict::NoData);
            seen.phase = Phase::Unread;
            view = lookOf(m_rule, m_guard, seen, {});
        }
        QCOMPARE(view.kind, Kind::Unwatched);
        QVERIFY(view.words.endsWith(QLatin1String("the traffic was not read yet")));
        QVERIFY(m_guard.armed);
    }

private:
    GuardView look(const GuardSight &seen) { return lookOf(m_rule, m_guard, seen, good); }

    GuardRule m_rule;
    WindowGuard m_guard;
};

QTEST_APPLESS_MAIN(TestWindowGuard)
#include "testwindowguard.moc"
