#include "rollout/guard/guardwatch.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = GuardAdvice::Kind;

GuardSight sight(std::chrono::milliseconds now, Verdict verdict = Verdict::Pass)
{
    GuardSight seen;
    seen.now = now;
    seen.phase = Phase::Baking;
    seen.verdict = verdict;
    seen.judgedAge = 2s;
    return seen;
}

CheckResult failing(int times)
{
    CheckResult check;
    check.name = QStringLiteral("error ratio");
    check.critical = true;
    check.verdict = Verdict::Fail;
    check.failedInARow = times;
    check.sentence = QStringLiteral("4.4 % is over 1 %");
    return check;
}

} // namespace

/// A guard over one rollout, looked at now and then.
class TestGuardWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_memory = {};
        m_rule = {60s, 60s, 3, 30s};
    }

    void itPassesWhenTheTimeIsOverAndTheLastJudgementIsGood()
    {
        QCOMPARE(look(sight(100s)).kind, Kind::Watch);
        QCOMPARE(look(sight(159s)).kind, Kind::Watch);
        QCOMPARE(look(sight(160s)),
                 (GuardAdvice{Kind::Pass, QStringLiteral("watched for 1:00: PASS")}));
    }

    void theLastJudgementDecides_data()
    {
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("pass") << Verdict::Pass << Kind::Pass;
        QTest::newRow("marginal") << Verdict::Marginal << Kind::Marginal;
        QTest::newRow("no data is no pass") << Verdict::NoData << Kind::NoData;
        QTest::newRow("a failure is watched on") << Verdict::Fail << Kind::Watch;
    }
    void theLastJudgementDecides()
    {
        QFETCH(Verdict, verdict);
        QFETCH(Kind, kind);
        (void)look(sight(0s));
        QCOMPARE(look(sight(60s, verdict)).kind, kind);
    }

    void aCriticalCheckThatFailsOftenEnoughRollsBack()
    {
        GuardSight seen = sight(10s, Verdict::Fail);
        seen.checks = {failing(2)};
        QCOMPARE(look(seen).kind, Kind::Watch);
        seen.checks = {failing(3)};
        const GuardAdvice advice = look(seen);
        QCOMPARE(advice.kind, Kind::RollBack);
        QCOMPARE(advice.sentence,
                 QStringLiteral("error ratio: 4.4 % is over 1 %, for 3 judgements"));
    }

    void aCheckThatIsNotCriticalDoesNot()
    {
        GuardSight seen = sight(10s, Verdict::Fail);
        seen.checks = {failing(9)};
        seen.checks[0].critical = false;
        QCOMPARE(look(seen).kind, Kind::Watch);
    }

    void anAlertThatFiresRollsBack()
    {
        GuardSight seen = sight(10s, Verdict::NoData);
        seen.firing = {QStringLiteral("HighErrorRatio")};
        QCOMPARE(look(seen),
                 (GuardAdvice{Kind::RollBack, QStringLiteral("alert HighErrorRatio fires")}));
    }

    void whatIsOldRollsNothingBack()
    {
        GuardSight seen = sight(10s, Verdict::Fail);
        seen.checks = {failing(5)};
        seen.firing = {QStringLiteral("HighErrorRatio")};
        seen.judgedAge = 31s;
        const GuardAdvice advice = look(seen);
        QCOMPARE(advice.kind, Kind::Unwatched);
        QCOMPARE(advice.sentence, QStringLiteral("UNWATCHED: the last judgement is 0:31 old"));
    }

    void timeWithoutAJudgementDoesNotCount()
    {
        (void)look(sight(0s));
        (void)look(sight(30s));
        GuardSight lost = sight(80s);
        lost.judgedAge = 50s;
        QCOMPARE(look(lost).kind, Kind::Unwatched);
        QCOMPARE(look(sight(100s)).kind, Kind::Watch); // 50 s are watched, 50 s are not
        QCOMPARE(look(sight(110s)).kind, Kind::Pass);
    }

    void aJudgementWithoutDataWatchesNothing()
    {
        GuardSight seen = sight(0s, Verdict::NoData);
        seen.checks = {failing(0)};
        seen.checks[0].verdict = Verdict::NoData;
        seen.checks[0].sentence = QStringLiteral("3 samples, 20 are needed");
        QCOMPARE(look(seen).sentence,
                 QStringLiteral("UNWATCHED: no data for error ratio: 3 samples, 20 are needed"));
        (void)look(sight(30s));
        QCOMPARE(m_memory.watched, std::chrono::milliseconds(30s));
        (void)look(seen = sight(40s, Verdict::NoData));
        QCOMPARE(m_memory.watched, std::chrono::milliseconds(30s));
    }

    void unwatchedForTooLongIsNoData()
    {
        GuardSight seen = sight(0s);
        seen.judgedAge.reset();
        QCOMPARE(look(seen).sentence, QStringLiteral("UNWATCHED: nothing was judged yet"));
        seen.now = 59s;
        QVERIFY(!look(seen).ends());
        seen.now = 60s;
        QCOMPARE(look(seen).kind, Kind::NoData);
    }

    void beforeTheCandidateHasTrafficNothingIsWatched()
    {
        GuardSight seen = sight(0s);
        seen.phase = Phase::Ready;
        QCOMPARE(look(seen).sentence, QStringLiteral("UNWATCHED: no candidate has traffic"));
        QCOMPARE(look(sight(1s)).kind, Kind::Watch);
    }

    void aRolloutThatEndsEndsTheWatch_data()
    {
        QTest::addColumn<Phase>("phase");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("it became the stable") << Phase::Done << Kind::Pass;
        QTest::newRow("another rolled it back") << Phase::RolledBack << Kind::Gone;
        QTest::newRow("another is doing so") << Phase::RollingBack << Kind::Gone;
        QTest::newRow("another candidate came") << Phase::Replaced << Kind::Gone;
        QTest::newRow("not read for a moment") << Phase::Unread << Kind::Unwatched;
        QTest::newRow("it finishes") << Phase::Finishing << Kind::Watch;
        QTest::newRow("held") << Phase::Paused << Kind::Watch;
    }
    void aRolloutThatEndsEndsTheWatch()
    {
        QFETCH(Phase, phase);
        QFETCH(Kind, kind);
        (void)look(sight(0s));
        GuardSight seen = sight(1s);
        seen.phase = phase;
        QCOMPARE(look(seen).kind, kind);
    }

private:
    GuardAdvice look(const GuardSight &seen) { return guard(m_rule, m_memory, seen); }

    GuardRule m_rule;
    GuardMemory m_memory;
};

QTEST_GUILESS_MAIN(TestGuardWatch)
#include "testguardwatch.moc"
