#include "rolloutbench.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "rollout/wayback/deployintent.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;
using Kind = Outcome::Kind;

class TestRolloutController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<RolloutBench>(); }
    void cleanup() { m.reset(); }

    void itReadsAndFollows()
    {
        QVERIFY(m->traffic.watched());
        QCOMPARE(m->rollout->state().phase, Phase::Ready);
        QCOMPARE(m->rollout->trafficSource().health, SourceState::Health::Live);
        QSignalSpy changed(m->rollout.get(), &RolloutController::changed);
        QSignalSpy revisions(m->rollout.get(), &RolloutController::revisionsChanged);
        m->traffic.change([](TrafficState &t) { t.candidate->commit = CommitId(other); });
        m->traffic.tell();
        QVERIFY(changed.size() > 0);
        QCOMPARE(revisions.size(), 1);
        QCOMPARE(m->rollout->traffic()->value.candidate->commit, CommitId(other));
    }

    void aReadingIsRenewedBeforeItIsOld()
    {
        const int reads = m->traffic.reads;
        m->clock.advance(seconds(20));
        QVERIFY(m->traffic.reads > reads);
        QVERIFY(*m->rollout->weights().trafficAge < seconds(15));
    }

    void aReadingThatHangsIsToldToBeOld()
    {
        QSignalSpy told(m->rollout.get(), &RolloutController::sourceChanged);
        m->traffic.hold();
        m->clock.advance(seconds(20));
        QCOMPARE(m->rollout->trafficSource().health, SourceState::Health::Old);
        QVERIFY(std::any_of(told.begin(), told.end(), [](const QList<QVariant> &source) {
            const auto state = source.first().value<SourceState>();
            return state.name == QLatin1String("Fake") && state.health == SourceState::Health::Old;
        }));
    }

    void aPromotionGoesThroughTheJournal()
    {
        const auto done = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.world.asked, Weight{10});
        QCOMPARE(m->rollout->state().phase, Phase::Baking);
        const Record intent = m->journal.records(RecordKind::Intent).first();
        QCOMPARE(intent.subject, QStringLiteral("standalone"));
        QCOMPARE(intent.body[QLatin1String("from")].toInt(), 0);
        QCOMPARE(intent.body[QLatin1String("to")].toInt(), 10);
        QCOMPARE(intent.body[QLatin1String("version")].toString(), QStringLiteral("1"));
        QCOMPARE(intent.body[QLatin1String("targetCommit")].toString(), good);
        QCOMPARE(m->traffic.writes.first().intent, intent.id);
        QCOMPARE(outcomeOf(m->journal.records(RecordKind::Outcome).first()).kind, Kind::Done);
    }

    void anOutcomeWaitsUntilTheWeightIsAccepted()
    {
        m->traffic.acceptsAtOnce = false;
        const auto done = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        m->clock.advance(seconds(2));
        QCoreApplication::processEvents();
        QVERIFY(!done.isFinished());
        m->traffic.change([](TrafficState &t) { t.accepted = Weight{10}; });
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
    }

    void aDoublePressWritesOnce()
    {
        const Confirmation once = confirmed(m->rollout->previewPromote());
        m->traffic.hold();
        const auto first = m->rollout->promote(once);
        const auto second = m->rollout->promote(once);
        m->traffic.release();
        QTRY_VERIFY(first.isFinished() && second.isFinished());
        QCOMPARE(outcome(first), Kind::Done);
        QCOMPARE(outcome(second), Kind::Refused);
        // And a late one, of the dialog that was confirmed already.
        const auto third = m->rollout->promote(once);
        QTRY_VERIFY(third.isFinished());
        QCOMPARE(outcome(third), Kind::Conflict);
        QCOMPARE(m->traffic.writes.size(), 1);
        QCOMPARE(m->traffic.world.asked, Weight{10});
    }

    void whatChangedAtThePressGoesBackToTheDialog()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewPromote());
        QSignalSpy again(m->rollout.get(), &RolloutController::previewChanged);
        m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(other); });
        const auto done = m->rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(again.size() > 0);
        QVERIFY(m->traffic.writes.isEmpty());
        QVERIFY(m->journal.records().isEmpty());
    }

    void whoWasFasterIsNamed()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewPromote());
        m->traffic.change([](TrafficState &t) {
            t.asked = t.accepted.emplace(Weight{10});
            t.changes.prepend({{},
                               QStringLiteral("B. Novak"),
                               Weight{0},
                               Weight{10},
                               {},
                               IntentId(QStringLiteral("theirs")),
                               CommitId(good)});
        });
        const auto done = m->rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QCOMPARE(done.result().text,
                 QStringLiteral("The weight was changed by B. Novak (0 → 10 %) since this was "
                                "shown. Nothing was sent: look again."));
    }

    void aConflictOfTheWriteIsRecordedAndNotSentAgain()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewPromote());
        m->traffic.beforeWrite = [this] {
            m->traffic.change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{50}); });
        };
        const auto done = m->rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QCOMPARE(m->traffic.writes.size(), 1);
        QCOMPARE(outcomeOf(m->journal.records(RecordKind::Outcome).first()).kind, Kind::Conflict);
        m->clock.advance(seconds(1));
        QCOMPARE(m->rollout->traffic()->value.asked, Weight{50});
    }

    void onOldDataAPromotionIsRefusedUntilItIsReadAgain()
    {
        m->traffic.readError = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        m->clock.advance(seconds(61));
        QVERIFY(!m->rollout->mayPromote().allowed());
        QCOMPARE(m->rollout->trafficSource().health, SourceState::Health::Lost);
        const auto refused = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(outcome(refused), Kind::Failed);
        QVERIFY(m->traffic.writes.isEmpty());
        m->traffic.readError.reset();
        m->rollout->refresh();
        QVERIFY(m->rollout->mayPromote().allowed());
    }

    void aReasonIsAskedForWhatIsAgainst()
    {
        m->toWeight(10);
        m->clock.advance(seconds(10));
        const Preview preview = m->rollout->previewPromote();
        QVERIFY(preview.reasonRequired);
        const auto refused = m->rollout->promote(confirmed(preview, QStringLiteral("  ")));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(outcome(refused), Kind::Refused);
        const auto done = m->rollout->promote(confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.world.changes.first().reason, QStringLiteral("because"));
    }

    void aBakedAndJudgedCandidateNeedsNoReason()
    {
        m->toWeight(10);
        m->clock.advance(seconds(31));
        QCOMPARE(m->rollout->verdict(), Verdict::Pass);
        const Preview preview = m->rollout->previewPromote();
        QVERIFY(!preview.reasonRequired);
        QCOMPARE(preview.typed, QStringLiteral("50"));
        QCOMPARE(m->rollout->nextAction().kind, NextAction::Kind::Promote);
        QCOMPARE(m->rollout->promoteLabel(), QStringLiteral("Promote 10 → 50…"));
    }

    void aReplacedCandidateCannotBePromoted()
    {
        m->toWeight(10);
        m->clock.advance(seconds(31));
        const Confirmation confirmation = confirmed(m->rollout->previewPromote());
        m->traffic.change([](TrafficState &t) {
            t.candidate = readyRevision(QStringLiteral("svc-canary"), other, 2);
        });
        const auto done = m->rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QCOMPARE(m->rollout->state().phase, Phase::Replaced);
        QVERIFY(!m->rollout->mayPromote().allowed());
        QVERIFY(m->rollout->mayRollBack().allowed());
        QVERIFY(m->traffic.writes.isEmpty());
    }

    void holdAndLift()
    {
        m->toWeight(10);
        const auto nothing = m->rollout->holdTraffic(confirmed(m->rollout->previewHold(), {}));
        QTRY_VERIFY(nothing.isFinished());
        QCOMPARE(outcome(nothing), Kind::Refused);
        const Preview asked = m->rollout->previewHold();
        QCOMPARE(asked.calls.size(), 1);
        QVERIFY2(asked.calls.first().exact.contains(QStringLiteral("(the reason that you give)")),
                 qPrintable(asked.calls.first().exact));
        const auto held = m->rollout->holdTraffic(confirmed(asked));
        QTRY_VERIFY(held.isFinished());
        QCOMPARE(outcome(held), Kind::Done);
        QCOMPARE(m->rollout->hold()->why, QStringLiteral("because"));
        QCOMPARE(m->rollout->hold()->intent, m->journal.records(RecordKind::Intent).last().id);
        QCOMPARE(m->rollout->state().phase, Phase::Paused);
        QCOMPARE(m->rollout->nextAction().kind, NextAction::Kind::Lift);
        QVERIFY(m->rollout->previewLift().calls.first().exact.startsWith(
            QStringLiteral("PUT no hold")));
        const auto lifted = m->rollout->lift(confirmed(m->rollout->previewLift()));
        QTRY_VERIFY(lifted.isFinished());
        QCOMPARE(outcome(lifted), Kind::Done);
        QVERIFY(!m->rollout->hold());
        QCOMPARE(m->traffic.world.deeds.first().intent,
                 m->journal.records(RecordKind::Intent).last().id);
        QCOMPARE(m->rollout->state().phase, Phase::Baking);
    }

    void aConsoleThatStartsAfterTheLiftCountsNoMoreThanTheOneThatSawIt()
    {
        m->traffic.change([this](TrafficState &t) {
            t.asked = t.accepted.emplace(Weight{10});
            t.changes = {{m->clock.now(), {}, Weight{0}, Weight{10}, {}, {}, CommitId(good)}};
        });
        m->traffic.tell();
        m->clock.advance(std::chrono::seconds(5));
        const auto held = m->rollout->holdTraffic(confirmed(m->rollout->previewHold()));
        QTRY_VERIFY(held.isFinished());
        m->clock.advance(std::chrono::seconds(600));
        const auto lifted = m->rollout->lift(confirmed(m->rollout->previewLift()));
        QTRY_VERIFY(lifted.isFinished());
        const QString saw = m->rollout->nextAction().sentence;
        QCOMPARE(saw, QStringLiteral("bakes at 10 % for 0:25 more, then 10 → 50"));
        m->start(&m->metrics);
        QTRY_VERIFY(m->rollout->traffic());
        QCOMPARE(m->rollout->nextAction().sentence, saw);
    }

    void backByOneStage()
    {
        m->toWeight(50);
        const auto done = m->rollout->back(confirmed(m->rollout->previewBack()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.world.asked, Weight{10});
        QVERIFY(!m->traffic.world.hold);
    }

    void aReadOnlyConsoleWritesNothing()
    {
        m->toWeight(10);
        const Confirmation back = confirmed(m->rollout->previewRollback());
        m->rollout->setReadOnly(true);
        QVERIFY(!m->rollout->mayPromote().allowed());
        QVERIFY(!m->rollout->mayRollBack().allowed());
        QVERIFY(!m->rollout->mayHold().allowed());
        const auto done = m->rollout->rollBack(back);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Refused);
        QVERIFY(m->traffic.writes.isEmpty());
    }

    void theMissingRightIsSaid()
    {
        m->traffic.mayWrite = {false, QStringLiteral("you lack patch on httproutes")};
        m->rollout->refresh();
        QCOMPARE(m->rollout->mayPromote().first(Reason::Kind::Blocks),
                 QStringLiteral("you lack patch on httproutes"));
    }

    void whatReleaseKnowsIsAskedToo()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewPromote());
        m->rollout->setExternalReasons(
            {{Reason::Kind::Blocks, QStringLiteral("no column"), QStringLiteral("open it")}}, {});
        QCOMPARE(m->rollout->mayPromote().first(Reason::Kind::Blocks), QStringLiteral("no column"));
        const auto done = m->rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QVERIFY(outcome(done) != Kind::Done);
        QVERIFY(m->traffic.writes.isEmpty());
    }

    void withoutMetricsNothingIsJudged()
    {
        m->start(nullptr);
        m->toWeight(10);
        m->clock.advance(seconds(31));
        QCOMPARE(m->rollout->metricsSource().health, SourceState::Health::NotSetUp);
        QVERIFY(m->rollout->mayPromote().allowed());
        QVERIFY(m->rollout->mayPromote().count(Reason::Kind::Unknown) > 0);
        QCOMPARE(m->rollout->verdict(), Verdict::NoData);
    }

    void aPageThatGoesDoesNotEndWhatAnotherOneShows()
    {
        const QObject another;
        QSignalSpy changes(m->rollout.get(), &RolloutController::visibleChanged);
        m->rollout->look(this);
        m->rollout->look(&another); // which is shown before the first one goes
        m->rollout->lookAway(this);
        QVERIFY(m->rollout->isVisible());
        m->rollout->lookAway(this); // that was nobody any more
        QVERIFY(m->rollout->isVisible());
        m->rollout->lookAway(&another);
        QVERIFY(!m->rollout->isVisible());
        QCOMPARE(changes.size(), 2);
    }

    void chartsAreDrawnWhileSomebodyLooksOrItIsInFlight()
    {
        QSignalSpy drawn(m->rollout.get(), &RolloutController::chartsChanged);
        m->clock.advance(seconds(10));
        QCOMPARE(drawn.size(), 0);
        m->rollout->look(this);
        m->clock.advance(seconds(1));
        QCOMPARE(drawn.size(), 1);
        m->rollout->lookAway(this);
        m->traffic.change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{10}); });
        m->traffic.tell();
        m->clock.advance(seconds(6));
        QVERIFY(drawn.size() > 1);
    }

    void anOrphanIsSettledByTheWorld_data()
    {
        QTest::addColumn<int>("weight");
        QTest::addColumn<Kind>("kind");
        QTest::newRow("the weight is what was wanted") << 50 << Kind::Done;
        QTest::newRow("the weight is what it was") << 10 << Kind::Failed;
        QTest::newRow("the weight is another") << 0 << Kind::Unknown;
    }
    void anOrphanIsSettledByTheWorld()
    {
        QFETCH(int, weight);
        QFETCH(Kind, kind);
        m->toWeight(weight);
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(QStringLiteral("lost"));
        intent.subject = QStringLiteral("standalone");
        intent.body = {{QStringLiteral("verb"), QStringLiteral("promote")},
                       {QStringLiteral("from"), 10},
                       {QStringLiteral("to"), 50}};
        m->journal.addOrphan(intent);
        Settler settler(m->journal, QStringLiteral("A. Muster"));
        settler.add([](const Record &) { return true; },
                    [this](const Record &record) { return m->rollout->settle(record); });
        const auto done = settler.settle();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result()->first().outcome.kind, kind);
        QCOMPARE(outcomeOf(m->journal.records(RecordKind::Outcome).first()).kind, kind);
        QVERIFY(m->traffic.writes.isEmpty());
    }

    void anOrphanThatTheTrafficRemembersWasDoneWhateverCameSince()
    {
        m->traffic.world.changes.prepend({{},
                                          QStringLiteral("A. Muster"),
                                          Weight{10},
                                          Weight{50},
                                          {},
                                          IntentId(QStringLiteral("lost")),
                                          CommitId(good)});
        m->traffic.world.lastWriter = QStringLiteral("kubectl-edit");
        m->toWeight(25);
        Record intent;
        intent.id = IntentId(QStringLiteral("lost"));
        intent.body = {{QStringLiteral("verb"), QStringLiteral("promote")},
                       {QStringLiteral("from"), 10},
                       {QStringLiteral("to"), 50}};
        const auto settled = m->rollout->settle(intent);
        QTRY_VERIFY(settled.isFinished());
        QCOMPARE(outcome(settled), Kind::Done);
        QCOMPARE(settled.result().text,
                 QStringLiteral("done; the weight is 25 % now, by kubectl-edit"));
    }

    void whatAProgramMayStillDoStaysOpen()
    {
        m->traffic.program = QStringLiteral("helm");
        m->toWeight(10);
        Record intent;
        intent.at = m->clock.now();
        intent.id = IntentId(QStringLiteral("lost"));
        intent.body = {{QStringLiteral("verb"), QStringLiteral("promote")},
                       {QStringLiteral("from"), 10},
                       {QStringLiteral("to"), 50}};
        // The traffic alone is moved by a request, which has ended with its console.
        const auto moved = m->rollout->settle(intent);
        QTRY_VERIFY(moved.isFinished());
        QCOMPARE(outcome(moved), Kind::Failed);
        m->traffic.programMoves = true;
        const auto byProgram = m->rollout->settle(intent);
        QTRY_VERIFY(byProgram.isFinished());
        QVERIFY(isUnseen(byProgram.result()));
        m->traffic.programMoves = false;
        EarlierDeploy deploy;
        deploy.release = QStringLiteral("production/web");
        addDeploy(intent.body, deploy);
        m->traffic.change([&deploy](TrafficState &t) { t.earlier = deploy; });
        const auto early = m->rollout->settle(intent);
        QTRY_VERIFY(early.isFinished());
        QVERIFY(isUnseen(early.result()));
        QCOMPARE(early.result().text,
                 QStringLiteral("helm may still be at work: it is looked at again"));
        m->clock.advance(seconds(61));
        const auto late = m->rollout->settle(intent);
        QTRY_VERIFY(late.isFinished());
        QVERIFY(!isUnseen(late.result()));
        QCOMPARE(outcome(late), Kind::Failed);
    }

    void anAnswerAfterItsEndIsHarmless()
    {
        m->traffic.hold();
        m->rollout->refresh();
        m->rollout.reset();
        m->traffic.release();
        m->clock.advance(seconds(10));
        QCoreApplication::processEvents();
        QVERIFY(m->journal.records().isEmpty());
    }

private:
    static Kind outcome(const QFuture<Outcome> &done) { return done.result().kind; }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestRolloutController)

#include "testrolloutcontroller.moc"
