#include "rollout/guard/guardreasons.h"
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
        lookUntil(100s, 150s);
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
        lookUntil(0s, 50s);
        m_rule.giveUpAfter = verdict == Verdict::NoData ? 0s : 60s;
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
        lookUntil(0s, 30s);
        for (const auto now : {60s, 80s}) {
            GuardSight lost = sight(now);
            lost.judgedAge = now - 28s; // the last judgement before it was lost
            QCOMPARE(look(lost).kind, Kind::Unwatched);
        }
        QCOMPARE(m_memory.watched, std::chrono::milliseconds(58s)); // fresh for 28 s more
        lookUntil(81s, 82s);
        QCOMPARE(look(sight(84s)).kind, Kind::Pass);
    }

    void aProcessThatWasStoppedHasWatchedNothing()
    {
        (void)look(sight(0s));
        GuardSight awake = sight(600s);
        awake.judgedAge = 0s; // the first thing that it hears is a new judgement
        m_rule.giveUpAfter = 1h;
        QCOMPARE(look(awake),
                 (GuardAdvice{Kind::Watch, QStringLiteral("watched for 0:28 of 1:00")}));
        QCOMPARE(m_memory.unwatched, std::chrono::milliseconds(572s));
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
        QCOMPARE(m_memory.watched, std::chrono::milliseconds(0));
        (void)look(seen = sight(40s, Verdict::NoData));
        (void)look(sight(50s));
        QCOMPARE(m_memory.watched, std::chrono::milliseconds(10s)); // from 30 s to 40 s
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
        QTest::newRow("another candidate came") << Phase::Replaced << Kind::Replaced;
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
    /// Every ten seconds; all is well.
    void lookUntil(std::chrono::seconds from, std::chrono::seconds to)
    {
        for (auto now = from; now < to; now += 10s)
            QVERIFY(!look(sight(now)).ends());
        QVERIFY(!look(sight(to)).ends());
    }

    GuardRule m_rule;
    GuardMemory m_memory;

    void untilItIsOverItWatchesOn()
    {
        GuardRule rule;
        rule.watchFor = rule.giveUpAfter = untilOver;
        GuardMemory memory;
        GuardSight seen;
        seen.phase = Phase::Baking;
        for (int hour = 0; hour < 30; ++hour) {
            seen.now = std::chrono::hours(hour);
            // No data for half of the time: it does not give up either.
            const bool blind = hour % 2 == 1;
            seen.verdict = blind ? Verdict::NoData : Verdict::Pass;
            seen.judgedAge = std::chrono::milliseconds(0);
            const GuardAdvice advice = guard(rule, memory, seen);
            QCOMPARE(advice.kind, blind ? GuardAdvice::Kind::Unwatched : GuardAdvice::Kind::Watch);
            if (!blind)
                QVERIFY2(advice.sentence.endsWith(QLatin1String(", until the rollout is over")),
                         qPrintable(advice.sentence));
        }
        seen.phase = Phase::Done;
        QCOMPARE(guard(rule, memory, seen).kind, GuardAdvice::Kind::Pass);
    }
};

QTEST_GUILESS_MAIN(TestGuardWatch)
#include "testguardwatch.moc"
