#include "migration/rundriver.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace event = migrationevent;
namespace effect = migrationeffect;
using Doing = MigrationRun::Doing;
using Ending = MigrationRun::Ending;

class MigrationStepTest : public QObject, private RunDriver
{
    Q_OBJECT

private Q_SLOTS:
    void aStepIsLookedAtBeforeAndAfter()
    {
        QCOMPARE(start(expandedFacts(), {StepId::E2}), QStringLiteral("lock"));
        QCOMPARE(locked(), QStringLiteral("look"));
        QCOMPARE(look({StepId::E1}), QStringLiteral("run:E2"));
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({StepId::E1, StepId::E2}), QStringLiteral("unlock"));
        take(event::LockReleased{});
        QCOMPARE(m_run.doing, Doing::Ended);
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void aStepThatIsDoneIsPassedOver()
    {
        start(expandedFacts(), {StepId::E1});
        locked();
        QCOMPARE(look({StepId::E1}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void aStepIsDoneOnlyWhenTheFactsSaySo()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        look({});
        tried(TryAnswer::End::Done);
        QCOMPARE(look({}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Failed);
        QVERIFY(m_run.error.message.contains(QLatin1String("does not show it")));
    }

    void contractGoesThroughItsFourSteps()
    {
        using enum StepId;
        start(migratedFacts(), {C1, C2, C3, C4});
        locked();
        QCOMPARE(look({}), QStringLiteral("run:C1"));
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({C1}), QStringLiteral("run:C2"));
        // A Long group has no transaction to record itself in.
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("record:C2 look"));
        QCOMPARE(look({C1, C2}), QStringLiteral("run:C3"));
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({C1, C2, C3}), QStringLiteral("run:C4"));
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({C1, C2, C3, C4}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void contractGoesOnWhereAnEarlierRunStopped()
    {
        using enum StepId;
        start(migratedFacts(), {C1, C2, C3, C4});
        locked();
        QCOMPARE(look({C1, C2}), QStringLiteral("run:C3"));
    }

    void anErrorInTheMiddleGivesTheLockBack()
    {
        using enum StepId;
        start(migratedFacts(), {C1, C2, C3, C4});
        locked();
        look({C1});
        const Error error{ErrorKind::Conflict, QStringLiteral("a row breaks the rule"), {}, {}};
        QCOMPARE(take(event::WentWrong{error}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Failed);
        QCOMPARE(m_run.error, error);
    }

    void anotherConsoleIsNamed()
    {
        start(expandedFacts(), {StepId::E2});
        QCOMPARE(take(event::LockAnswered{{false, QStringLiteral("pid 4711")}}), QString());
        QCOMPARE(m_run.doing, Doing::Ended);
        QCOMPARE(m_run.ending, Ending::Stopped);
        QVERIFY(m_run.error.message.contains(QLatin1String("pid 4711")));
    }

    void driftStopsUnderTheLock()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        QCOMPARE(look({}, {QStringLiteral("another type")}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Failed);
        QVERIFY(m_run.error.message.contains(QLatin1String("another type")));
    }

    void aLockTimeoutIsTriedAgainTwentyTimes()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        look({});
        for (int i = 1; i < 20; ++i) {
            QCOMPARE(tried(TryAnswer::End::LockTimedOut), QStringLiteral("retry"));
            QCOMPARE(m_run.doing, Doing::Waiting);
            QCOMPARE(m_run.tries, i);
            QVERIFY(m_run.nextTryIn);
            QCOMPARE(take(event::RetryDue{}), QStringLiteral("run:E2"));
        }
        QCOMPARE(tried(TryAnswer::End::LockTimedOut), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);
        QVERIFY(m_run.error.message.contains(QLatin1String("20 tries")));
        QVERIFY(m_run.error.message.contains(QLatin1String("nothing was changed")));
    }

    void theWaitIsJitteredUnderACapThatDoubles_data()
    {
        QTest::addColumn<int>("tries");
        QTest::addColumn<double>("random");
        QTest::addColumn<int>("delay");
        QTest::newRow("first, least") << 1 << 0.0 << 500;
        QTest::newRow("first, most") << 1 << 1.0 << 1'000;
        QTest::newRow("third, half") << 3 << 0.5 << 2'250;
        QTest::newRow("tenth is capped") << 10 << 1.0 << 30'000;
        QTest::newRow("tenth, least") << 10 << 0.0 << 500;
    }

    void theWaitIsJitteredUnderACapThatDoubles()
    {
        QFETCH(int, tries);
        QFETCH(double, random);
        QFETCH(int, delay);
        start(expandedFacts(), {StepId::E2});
        locked();
        look({});
        for (int i = 1; i < tries; ++i) {
            tried(TryAnswer::End::LockTimedOut);
            take(event::RetryDue{});
        }
        tried(TryAnswer::End::LockTimedOut, random);
        QCOMPARE(std::get<effect::RetryAfter>(m_effects.first()).delay,
                 std::chrono::milliseconds(delay));
    }

    void eachStepHasItsOwnTries()
    {
        start(migratedFacts(), {StepId::C1, StepId::C3});
        locked();
        look({});
        tried(TryAnswer::End::LockTimedOut);
        take(event::RetryDue{});
        tried(TryAnswer::End::Done);
        look({StepId::C1});
        QCOMPARE(m_run.tries, 0);
    }

    void stopEndsAWaitAtOnceAndARunningStatementByCancelling()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        look({});
        tried(TryAnswer::End::LockTimedOut);
        QCOMPARE(take(event::StopAsked{}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);

        start(expandedFacts(), {StepId::E2});
        locked();
        look({});
        QCOMPARE(take(event::StopAsked{}), QStringLiteral("cancel"));
        QCOMPARE(tried(TryAnswer::End::Cancelled), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);
    }

    void stopThatCameTooLateStopsBeforeTheNextStep()
    {
        start(migratedFacts(), {StepId::C1, StepId::C3});
        locked();
        look({});
        take(event::StopAsked{});
        QCOMPARE(tried(TryAnswer::End::Done), QStringLiteral("look"));
        QCOMPARE(look({StepId::C1}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);
    }

    void aBackfillRunsRestsAndSweeps()
    {
        toBatches();
        QCOMPARE(batch(BatchAnswer::End::Moved), QStringLiteral("rest"));
        QCOMPARE(std::get<effect::RestFor>(m_effects.first()).delay, 100ms);
        QCOMPARE(m_run.progress.done, 1'000);
        QCOMPARE(m_run.progress.total, 10'000);
        QCOMPARE(take(event::RestOver{}), QStringLiteral("batch"));
        QCOMPARE(batch(BatchAnswer::End::Finished, 9'000, 9'000),
                 QStringLiteral("mark:sweeping record:M2 look"));
        QCOMPARE(look({StepId::M2}), QStringLiteral("sweep"));
        QCOMPARE(take(event::Began{}), QStringLiteral("sweepbatch"));
        QCOMPARE(batch(BatchAnswer::End::Finished, 0, 0), QStringLiteral("count"));
        QCOMPARE(counted(0), QStringLiteral("mark:verified record:M3 look"));
        QCOMPARE(look({StepId::M2, StepId::M3}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void aSweepThatFilledSomethingIsFollowedByAnother()
    {
        toSweep();
        batch(BatchAnswer::End::Finished, 7, 7);
        QCOMPARE(counted(3), QStringLiteral("sweep"));
        take(event::Began{});
        batch(BatchAnswer::End::Finished, 3, 3);
        QCOMPARE(counted(0), QStringLiteral("mark:verified record:M3 look"));
    }

    void rowsWithoutASourceEndTheSweepWithTheirNumber()
    {
        toSweep();
        batch(BatchAnswer::End::Finished, 5, 0);
        QCOMPARE(counted(5), QStringLiteral("mark:failed unlock"));
        QCOMPARE(m_run.ending, Ending::Failed);
        QVERIFY(m_run.error.message.startsWith(QLatin1String("5 rows stay NULL")));
    }

    void sweepsDoNotGoOnForEver()
    {
        toSweep();
        QString effects;
        int passes = 1;
        for (; passes < 100; ++passes) {
            batch(BatchAnswer::End::Finished, 1, 1);
            effects = counted(1);
            if (effects != QStringLiteral("sweep"))
                break;
            take(event::Began{});
        }
        QCOMPARE(passes, 10);
        QCOMPARE(effects, QStringLiteral("mark:failed unlock"));
    }

    void pauseTakesEffectBetweenBatches()
    {
        toBatches();
        QCOMPARE(take(event::PauseAsked{}), QString()); // a batch is out
        QVERIFY(m_run.pauseAsked);
        QCOMPARE(batch(BatchAnswer::End::Moved), QStringLiteral("mark:paused unlock"));
        QCOMPARE(m_run.ending, Ending::Paused);

        toBatches();
        batch(BatchAnswer::End::Moved);
        QCOMPARE(take(event::PauseAsked{}), QStringLiteral("mark:paused unlock")); // at once
        take(event::LockReleased{});
        QCOMPARE(take(event::RestOver{}), QString()); // of a rest that is over
    }

    void aPauseThatCouldNotBeWrittenIsNoGoodEnding()
    {
        toBatches();
        batch(BatchAnswer::End::Moved);
        take(event::PauseAsked{});
        QCOMPARE(take(event::WentWrong{{ErrorKind::Unavailable, QStringLiteral("lost"), {}, {}}}),
                 QString());
        QCOMPARE(m_run.doing, Doing::Leaving); // the lock is still to be given back
        QCOMPARE(m_run.ending, Ending::Failed);
    }

    void aBatchThatCouldNotLockIsTriedSmaller()
    {
        toBatches();
        QCOMPARE(m_run.pace.size, 1'000);
        QCOMPARE(batch(BatchAnswer::End::Retry), QStringLiteral("rest"));
        QCOMPARE(m_run.pace.size, 500);
        QCOMPARE(m_run.progress.done, 0);
        for (int i = 0; i < 4; ++i) {
            take(event::RestOver{});
            QCOMPARE(batch(BatchAnswer::End::Retry), QStringLiteral("rest"));
        }
        take(event::RestOver{});
        QCOMPARE(batch(BatchAnswer::End::Retry), QStringLiteral("mark:paused unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);
    }

    void aBackfillPausedElsewhereStopsHere()
    {
        toBatches();
        QCOMPARE(batch(BatchAnswer::End::Stopped), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Stopped);
        QCOMPARE(m_run.error.message,
                 QStringLiteral("The backfill was paused or taken over from elsewhere."));
    }

    void aBackfillPausedElsewhereSaysByWhom()
    {
        toBatches();
        BatchAnswer stopped;
        stopped.end = BatchAnswer::End::Stopped;
        stopped.row.state = BackfillRow::State::Paused;
        stopped.row.pausedReason = QStringLiteral("paused by A. Muster from on call");
        QCOMPARE(take(event::BatchEnded{stopped}), QStringLiteral("unlock"));
        QCOMPARE(m_run.error.kind, ErrorKind::Conflict);
        QCOMPARE(m_run.error.message,
                 QStringLiteral("The backfill was paused by A. Muster from on call."));
    }

    void resumeGoesOnFromTheRowsNumbers()
    {
        start(migratingFacts(), {StepId::M2, StepId::M3});
        locked();
        look({});
        take(event::Began{*migratingFacts().backfill});
        QCOMPARE(m_run.progress.done, 1'310'000);
        QCOMPARE(m_run.progress.total, 2'100'000);
    }

    void undoRunsTheWayBackAndLooksForTheOpposite()
    {
        start(expandedFacts(), {StepId::E2}, true);
        locked();
        QCOMPARE(look({StepId::E1, StepId::E2}), QStringLiteral("run:E2"));
        const auto run = std::get<effect::RunGroup>(m_effects.first());
        QVERIFY(run.group.statements.first().startsWith(QLatin1String("DROP TRIGGER")));
        tried(TryAnswer::End::Done);
        QCOMPARE(look({StepId::E1}), QStringLiteral("unlock"));
        QCOMPARE(m_run.ending, Ending::Done);
    }

    void aSecondStartDoesNotDisturbTheFirst()
    {
        start(expandedFacts(), {StepId::E2});
        event::Start second;
        QCOMPARE(take(second), QString());
        QCOMPARE(m_run.doing, Doing::TakingLock);
    }

    void eventsOutOfSeasonChangeNothing()
    {
        start(expandedFacts(), {StepId::E2});
        locked();
        const Doing doing = m_run.doing;
        const QList<MigrationEvent> strays{
            event::GroupTried{}, event::RetryDue{},     event::RestOver{},    event::Began{},
            event::BatchEnded{}, event::NullsCounted{}, event::LockReleased{}};
        for (const MigrationEvent &stray : strays) {
            QCOMPARE(take(stray), QString());
            QCOMPARE(m_run.doing, doing);
        }
    }

    void everyStartIsANewAttempt()
    {
        start(expandedFacts(), {StepId::E2});
        const AttemptId first = m_run.attempt;
        take(event::WentWrong{});
        event::Start again;
        again.steps = m_run.steps;
        QCOMPARE(take(again), QStringLiteral("lock"));
        QVERIFY(first < m_run.attempt);
    }
};

QTEST_GUILESS_MAIN(MigrationStepTest)
#include "migrationstep_test.moc"
