#include "drivenrollout.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = WeightAttempt::Kind;

class TestStep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstReadingTellsThePhase_data()
    {
        QTest::addColumn<TrafficState>("traffic");
        QTest::addColumn<Phase>("phase");
        QTest::newRow("no candidate is idle")
            << with(traffic(0), [](auto &t) { t.candidate.reset(); }) << Phase::Idle;
        QTest::newRow("a candidate at 0 is ready") << traffic(0) << Phase::Ready;
        QTest::newRow("what the stable runs already is nothing to try")
            << with(traffic(0), [](auto &t) { t.candidate->commit = t.stable->commit; })
            << Phase::Idle;
        QTest::newRow("unknown commits are not the same") << with(traffic(0), [](auto &t) {
            t.candidate->commit = {};
            t.stable->commit = {};
        }) << Phase::Ready;
        QTest::newRow("a weight bakes") << traffic(10) << Phase::Baking;
        QTest::newRow("a weight under a hold is paused")
            << with(traffic(10), [](auto &t) { t.hold = Hold{}; }) << Phase::Paused;
        QTest::newRow("all the traffic is finishing") << traffic(100) << Phase::Finishing;
        QTest::newRow("100 asked and not accepted is not finishing yet")
            << with(traffic(100), [](auto &t) { t.accepted = Weight{50}; }) << Phase::Baking;
        QTest::newRow("its own record says that it was rolled back") << with(
            traffic(0), [](auto &t) {
                t.changes = {{{}, {}, Weight{50}, Weight{0}, {}, {}, CommitId(good)}};
            }) << Phase::RolledBack;
        QTest::newRow("a rollback of another candidate says nothing") << with(
            traffic(0), [](auto &t) {
                t.changes = {{{}, {}, Weight{50}, Weight{0}, {}, {}, CommitId(other)}};
            }) << Phase::Ready;
        QTest::newRow("its own record says that another candidate was promoted") << with(
            traffic(10), [](auto &t) {
                t.changes = {{{}, {}, Weight{0}, Weight{10}, {}, {}, CommitId(other)}};
            }) << Phase::Replaced;
        QTest::newRow("a candidate that is gone under weight ended")
            << with(traffic(10), [](auto &t) { t.candidate.reset(); }) << Phase::Replaced;
    }
    void theFirstReadingTellsThePhase()
    {
        QFETCH(TrafficState, traffic);
        QFETCH(Phase, phase);
        QCOMPARE(Rollout().reads(traffic).state().phase, phase);
    }

    void aPromotionIsWrittenAcceptedAndDone()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).confirms(0, 10);
        const auto writes = rollout.effects<SetWeight>();
        QCOMPARE(writes.size(), 1);
        QCOMPARE(writes[0].request.candidate, Weight{10});
        QCOMPARE(writes[0].request.expectedVersion, QStringLiteral("1"));
        QCOMPARE(writes[0].request.candidateCommit, CommitId(good));
        QCOMPARE(rollout.state().phase, Phase::Ready);

        rollout.written(
            with(traffic(10, QStringLiteral("2")), [](auto &t) { t.accepted.reset(); }));
        QVERIFY(!rollout.end());
        QCOMPARE(rollout.effects<Observe>().size(), 1);
        rollout.reads(traffic(10, QStringLiteral("3")));
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QCOMPARE(rollout.end()->intent, IntentId(QStringLiteral("i1")));
        QCOMPARE(rollout.state().phase, Phase::Baking);
        QVERIFY(!rollout.state().attempt);
    }

    void aDoubleClickCannotSkipAStage()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        QCOMPARE(rollout.effects<SetWeight>().size(), 1);
        // The second press, while the first is under way.
        rollout.confirms(10, 50);
        QCOMPARE(rollout.effects<SetWeight>().size(), 0);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QCOMPARE(rollout.end()->intent, IntentId(QStringLiteral("i2")));
        // And after it: what it was confirmed for is over.
        rollout.written(traffic(50, QStringLiteral("2")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        rollout.confirms(10, 50);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void whatIsNotTheNextStageIsRefused_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("skipping a stage") << 10 << 100 << Kind::Promote;
        QTest::newRow("a weight between the stages") << 10 << 30 << Kind::Promote;
        QTest::newRow("promoting downwards") << 50 << 10 << Kind::Promote;
        QTest::newRow("back by two stages") << 100 << 10 << Kind::Back;
        QTest::newRow("back upwards") << 10 << 50 << Kind::Back;
    }
    void whatIsNotTheNextStageIsRefused()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(Kind, kind);
        Rollout rollout;
        rollout.reads(traffic(from)).confirms(from, to, QStringLiteral("1"), kind);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Refused);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void whatChangedSinceItWasShownConflicts_data()
    {
        QTest::addColumn<TrafficState>("now");
        QTest::newRow("another version") << traffic(10, QStringLiteral("2"));
        QTest::newRow("another weight") << traffic(50);
        QTest::newRow("a weight that is not accepted")
            << with(traffic(10), [](auto &t) { t.accepted = Weight{0}; });
        QTest::newRow("another commit")
            << with(traffic(10), [](auto &t) { t.candidate->commit = CommitId(other); });
        QTest::newRow("the same commit in another image")
            << with(traffic(10), [](auto &t) { t.candidate->imageDigest = QStringLiteral("x"); });
        QTest::newRow("no candidate") << with(traffic(10), [](auto &t) { t.candidate.reset(); });
    }
    void whoChangedItIsNamed()
    {
        Rollout rollout;
        rollout
            .reads(
                with(traffic(50), [](auto &t) { t.lastWriter = QStringLiteral("kubectl-edit"); }))
            .confirms(10, 50);
        QCOMPARE(rollout.end()->text,
                 QStringLiteral("The weight was changed by kubectl-edit since. Nothing was sent."));
    }
    void whatChangedSinceItWasShownConflicts()
    {
        QFETCH(TrafficState, now);
        Rollout rollout;
        rollout.reads(now).confirms(10, 50);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
    }

    void aConflictOfAPromotionIsNeverSentAgain()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50).refusedWith(ErrorKind::Conflict);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
        QCOMPARE(rollout.effects<Observe>().size(), 1);
        rollout.reads(traffic(30, QStringLiteral("9")));
        QVERIFY(rollout.effects<SetWeight>().isEmpty());
        QVERIFY(!rollout.state().attempt);
    }

    void aFailedFirstPromotionIsNoRollback()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).confirms(0, 10).refusedWith(ErrorKind::NotAllowed);
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Failed);
        rollout.reads(traffic(0));
        QCOMPARE(rollout.state().phase, Phase::Ready);
    }

    void answersOfAnEarlierAttemptAreDropped()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        const AttemptId first = rollout.state().attempt->id;
        rollout.refusedWith(ErrorKind::Conflict).confirms(10, 50);
        const RolloutState before = rollout.state();
        QVERIFY(before.attempt->id != first);
        rollout.on(WriteAnswered{first, traffic(50, QStringLiteral("2")), {}});
        QCOMPARE(rollout.state(), before);
        rollout.on(WriteAnswered{first, {}, Error{ErrorKind::Internal, {}, {}, {}}});
        QCOMPARE(rollout.state(), before);
        rollout.on(Judged{first, {failing(QStringLiteral("x"))}});
        QCOMPARE(rollout.state(), before);
    }

    void aPromotionWithoutAnAnswerIsSettledByTheWorld_data()
    {
        QTest::addColumn<ErrorKind>("error");
        QTest::addColumn<int>("weight");
        QTest::addColumn<Outcome::Kind>("outcome");
        const auto row = [](const char *name, ErrorKind error, int weight, Outcome::Kind outcome) {
            QTest::newRow(name) << error << weight << outcome;
        };
        row("silent, it arrived", ErrorKind::TimedOut, 50, Outcome::Kind::Done);
        row("silent, it did not arrive", ErrorKind::TimedOut, 10, Outcome::Kind::Failed);
        row("garbled, it arrived", ErrorKind::Malformed, 50, Outcome::Kind::Done);
        row("garbled, it did not arrive", ErrorKind::Malformed, 10, Outcome::Kind::Failed);
    }
    void aPromotionWithoutAnAnswerIsSettledByTheWorld()
    {
        QFETCH(ErrorKind, error);
        QFETCH(int, weight);
        QFETCH(Outcome::Kind, outcome);
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50).refusedWith(error);
        QVERIFY(!rollout.end());
        for (int i = 0; i < 3 && !rollout.end(); ++i)
            rollout.reads(traffic(weight, QStringLiteral("2")));
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, outcome);
    }

    void aPromotionWithoutAnAnswerThatAnotherConsoleMadeIsTheirs()
    {
        const auto noted = [](const char *intent) {
            return with(traffic(50, QStringLiteral("2")), [intent](auto &t) {
                t.changes = {{{},
                              QStringLiteral("B. Novak"),
                              Weight{10},
                              Weight{50},
                              {},
                              IntentId(QLatin1String(intent)),
                              CommitId(good)}};
            });
        };
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50).refusedWith(ErrorKind::Unavailable);
        rollout.reads(noted("theirs"));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Conflict);
        QCOMPARE(rollout.end()->text, QStringLiteral("It did not arrive: the weight was set by B. "
                                                     "Novak (10 → 50 %)."));
        Rollout arrived;
        arrived.reads(traffic(10)).confirms(10, 50).refusedWith(ErrorKind::Unavailable);
        arrived.reads(noted("i1"));
        QCOMPARE(arrived.end()->kind, Outcome::Kind::Done);
    }

    void aPromotionThatNobodyCanSeeEndsAsUnknown()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50).refusedWith(ErrorKind::Unavailable);
        const Error down{ErrorKind::Unavailable, QStringLiteral("down"), {}, {}};
        for (int i = 0; i < 3 && !rollout.end(); ++i)
            rollout.on(ReadFailed{down});
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
    }

    void aLateWatchEventDoesNotUndoAWrite()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        rollout.written(
            with(traffic(50, QStringLiteral("2")), [](auto &t) { t.accepted.reset(); }));
        rollout.reads(traffic(10));
        QVERIFY(!rollout.end());
        rollout.reads(traffic(50, QStringLiteral("2")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
    }

    void whatSomebodyElseUndidIsUnknown()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        rollout.written(
            with(traffic(50, QStringLiteral("2")), [](auto &t) { t.accepted.reset(); }));
        for (int i = 0; i < 3 && !rollout.end(); ++i) {
            rollout.reads(with(traffic(0, QStringLiteral("3")),
                               [](auto &t) { t.lastWriter = QStringLiteral("kubectl-edit"); }));
        }
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
        QVERIFY(rollout.end()->text.contains(QStringLiteral("kubectl-edit")));
    }

    void whatIsNeverAcceptedEndsAsUnknown()
    {
        Rollout rollout;
        rollout.reads(traffic(10)).confirms(10, 50);
        rollout.written(
            with(traffic(50, QStringLiteral("2")), [](auto &t) { t.accepted.reset(); }));
        rollout.after(seconds(59));
        QVERIFY(!rollout.end());
        rollout.after(seconds(2));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Unknown);
        QVERIFY(!rollout.state().attempt);
    }

    void aReplacedCandidateEndsTheRollout()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).reads(traffic(10));
        rollout.after(seconds(5))
            .on(Judged{*rollout.state().judging, {failing(QStringLiteral("p95"))}});
        QCOMPARE(rollout.state().results.size(), 1);
        rollout.reads(with(traffic(10, QStringLiteral("2")),
                           [](auto &t) { t.candidate->imageDigest = QStringLiteral("sha256:x"); }));
        QCOMPARE(rollout.state().phase, Phase::Replaced);
        QVERIFY(rollout.state().results.isEmpty());
        QVERIFY(!rollout.state().ended.isEmpty());
        QVERIFY(rollout.after(seconds(60)).effects<Judge>().isEmpty());
        // At 0 the new candidate begins as any other.
        rollout.reads(with(traffic(0, QStringLiteral("3")),
                           [](auto &t) { t.candidate->imageDigest = QStringLiteral("sha256:x"); }));
        QCOMPARE(rollout.state().phase, Phase::Ready);
        QVERIFY(rollout.state().ended.isEmpty());
    }

    void aPromotionPinsWhatWasConfirmed()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).confirms(0, 10);
        rollout.written(with(traffic(10, QStringLiteral("2")),
                             [](auto &t) { t.candidate->commit = CommitId(other); }));
        QCOMPARE(rollout.state().phase, Phase::Replaced);
    }

    void finishingEndsWhenTheStableRunsTheCandidate()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).reads(traffic(100));
        QCOMPARE(rollout.state().phase, Phase::Finishing);
        const auto swapped = [](auto &t) {
            t.stable->commit = CommitId(good);
        };
        rollout.reads(with(traffic(100), swapped));
        QCOMPARE(rollout.state().phase, Phase::Finishing);
        rollout.reads(with(traffic(0), swapped));
        QCOMPARE(rollout.state().phase, Phase::Done);
        rollout.reads(with(traffic(0), [&](auto &t) {
            swapped(t);
            t.candidate = readyRevision(QStringLiteral("svc-canary"), other, 2);
        }));
        QCOMPARE(rollout.state().phase, Phase::Ready);
    }

    void whereThePreviousStaysFullWeightIsDoneAtOnce()
    {
        Rollout rollout(cloudRules());
        rollout.reads(traffic(50)).confirms(50, 100);
        rollout.written(
            with(traffic(100, QStringLiteral("2")), [](auto &t) { t.accepted.reset(); }));
        rollout.reads(with(traffic(0, QStringLiteral("3")), [](auto &t) {
            t.stable = t.candidate;
            t.candidate.reset();
        }));
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QCOMPARE(rollout.state().phase, Phase::Done);
    }

    void aRevisionWithANameOfItsOwnIsDoneWhenItIsTheStable()
    {
        // Argo Rollouts names revisions by their template: no Service changes hands.
        Rollout rollout;
        rollout.reads(traffic(50)).confirms(50, 100);
        rollout.written(
            with(traffic(100, QStringLiteral("2")), [](auto &t) { t.accepted = Weight{50}; }));
        rollout.reads(with(traffic(0, QStringLiteral("3")), [](auto &t) {
            t.stable = t.candidate;
            t.candidate.reset();
        }));
        QVERIFY(rollout.end());
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QCOMPARE(rollout.state().phase, Phase::Done);
    }

    void backByOneStage()
    {
        Rollout rollout;
        rollout.reads(traffic(50)).confirms(50, 10, QStringLiteral("1"), Kind::Back);
        QCOMPARE(rollout.effects<SetWeight>().first().request.candidate, Weight{10});
        rollout.written(traffic(10, QStringLiteral("2")));
        QCOMPARE(rollout.end()->kind, Outcome::Kind::Done);
        QVERIFY(rollout.effects<SetHold>().isEmpty());
        QCOMPARE(rollout.state().phase, Phase::Baking);
    }

    void theBakeClockStandsUnderAHold()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).reads(traffic(10)).after(seconds(60));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(seconds(60)));
        rollout
            .reads(with(traffic(10),
                        [&rollout](auto &t) {
                            t.hold = Hold{{}, rollout.server(), {}, {}, {}};
                        }))
            .after(seconds(100));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(seconds(60)));
        rollout.reads(traffic(10)).after(seconds(30));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(seconds(90)));
        rollout.reads(traffic(50));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(0));
        QCOMPARE(rollout.state().stage, std::optional<int>(1));
    }

    void theBakeClockSurvivesARestart()
    {
        Rollout rollout;
        rollout.reads(traffic(10), milliseconds(seconds(120)));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(seconds(120)));
        // What was seen to happen began now, whatever its stamp says.
        rollout.reads(traffic(50), milliseconds(seconds(500)));
        QCOMPARE(rollout.state().bake->elapsed(rollout.state().now), milliseconds(0));
    }

    void itIsJudgedAtItsPaceWhileItHasTraffic()
    {
        Rollout rollout;
        QVERIFY(rollout.reads(traffic(0)).after(seconds(10)).effects<Judge>().isEmpty());
        rollout.reads(traffic(10)).after(milliseconds(1));
        QCOMPARE(rollout.effects<Judge>().size(), 1);
        rollout.on(Judged{rollout.effects<Judge>().first().attempt, {}});
        QVERIFY(rollout.after(seconds(4)).effects<Judge>().isEmpty());
        QCOMPARE(rollout.after(seconds(1)).effects<Judge>().size(), 1);
        // A judgement without an answer does not end the judging.
        QVERIFY(rollout.after(seconds(6)).effects<Judge>().isEmpty());
        QCOMPARE(rollout.after(seconds(9)).effects<Judge>().size(), 1);
    }

    void failuresInARowAreCounted()
    {
        Rollout rollout;
        rollout.reads(traffic(10));
        const auto judged = [&](const QList<CheckResult> &results) {
            rollout.after(seconds(5));
            rollout.on(Judged{*rollout.state().judging, results});
            return rollout.state().results.first().failedInARow;
        };
        const QList<CheckResult> bad{failing(QStringLiteral("p95"))};
        QList<CheckResult> fine = bad;
        fine[0].verdict = Verdict::Pass;
        QCOMPARE(judged(bad), 1);
        QCOMPARE(judged(bad), 2);
        QCOMPARE(judged(fine), 0);
        QCOMPARE(judged(bad), 1);
        // Another weight is another question.
        rollout.reads(traffic(50));
        QVERIFY(rollout.state().results.isEmpty());
        QCOMPARE(judged(bad), 1);
    }
};

QTEST_GUILESS_MAIN(TestStep)

#include "teststep.moc"
