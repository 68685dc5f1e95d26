#include "release/moving/movingrunsdesk.h"

#include "action/outcomewords.h"
#include "pipeline/act/fakecontrol.h"
#include "pipeline/act/runorder.h"
#include "rollout/rolloutbench.h"
#include "support/soon.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using std::chrono::seconds;

namespace {

const QString deploy = QStringLiteral(".github/workflows/deploy-standalone.yml");
const RunId run7012(7012);

/// A candidate in flight, and run 7012 that waits to finish it.
class Bench
{
public:
    Bench()
    {
        addRun(run7012, RunStatus::Waiting);
        PendingEnvironment production;
        production.name = QStringLiteral("production");
        control.pending[run7012] = {production};
        control.onSend = [this](const RunOrder &order) -> Result<TakenOrder> {
            control.runs[runOf(order)].status = RunStatus::Cancelled;
            control.goingOn.removeIf([&](const Run &each) { return each.id == runOf(order); });
            return TakenOrder{};
        };
        track.toWeight(50);
    }

    void addRun(const RunId &id, RunStatus status, const QString &path = deploy)
    {
        Run run;
        run.id = id;
        run.workflowPath = path;
        run.commit = CommitId(good);
        run.status = status;
        run.createdAt = track.clock.now().addSecs(-600);
        control.goingOn.append(run);
        control.runs[id] = run;
    }

    /// A console that has just begun.
    void start(const QString &path = deploy)
    {
        desk = std::make_unique<MovingRunsDesk>(MovingRunsDesk::Settings{}, control, track.runner,
                                                track.clock);
        desk->addTrack(*track.rollout, path);
        desk->start();
    }

    [[nodiscard]] bool rollBack(const QString &reason = QStringLiteral("errors"))
    {
        const auto done
            = track.rollout->rollBack(confirmed(track.rollout->previewRollback(), reason));
        return soon([&] { return done.isFinished(); }) && done.result().kind == Outcome::Kind::Done;
    }

    [[nodiscard]] bool hold()
    {
        const auto done = track.rollout->holdTraffic(
            confirmed(track.rollout->previewHold(), QStringLiteral("errors")));
        return soon([&] { return done.isFinished(); }) && done.result().kind == Outcome::Kind::Done;
    }

    [[nodiscard]] QString row() const { return track.rollout->runs().row.text; }
    [[nodiscard]] QStringList stillAble() const
    {
        QStringList lines;
        for (const StillAble &each : track.rollout->runs().stillAble)
            lines.append(each.text());
        return lines;
    }
    [[nodiscard]] QList<Record> about(RecordKind kind, const QString &subject) const
    {
        QList<Record> found;
        for (const Record &record : track.journal.records(kind)) {
            if (record.subject == subject)
                found.append(record);
        }
        return found;
    }
    void lose()
    {
        control.readError = Error{ErrorKind::Unavailable, QStringLiteral("down"), {}, {}};
    }

    RolloutBench track;
    FakeControl control{track.clock};
    std::unique_ptr<MovingRunsDesk> desk;
};

} // namespace

class TestMovingRunsDesk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_bench = std::make_unique<Bench>(); }
    void cleanup() { m_bench.reset(); }

    void theConfirmationTellsWhatItWillCancel()
    {
        m_bench->start();
        QCOMPARE(m_bench->row(),
                 QStringLiteral("cancels run 7012 (deploy-standalone, waits at production)"));
        QVERIFY(m_bench->track.rollout->previewRollback().rows.contains(
            m_bench->track.rollout->runs().row));
        QVERIFY(m_bench->stillAble().isEmpty());
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void aRollbackCancelsTheRunThatWaits()
    {
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QCOMPARE(m_bench->control.sent, QList<RunOrder>{CancelRun{run7012}});
        QVERIFY(m_bench->stillAble().isEmpty());
        QCOMPARE(m_bench->row(), QStringLiteral("no run can move this traffic"));
    }

    void theCancellationHasAnIntentAndAnOutcomeOfItsOwn()
    {
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        const QString run = QStringLiteral("run 7012");
        const auto intents = m_bench->about(RecordKind::Intent, run);
        QCOMPARE(intents.size(), 1);
        QCOMPARE(intents.first().actor, QStringLiteral("A. Muster"));
        QCOMPARE(intents.first().body[QLatin1String("verb")].toString(), QStringLiteral("cancel"));
        QCOMPARE(intents.first().body[QLatin1String("reason")].toString(),
                 QStringLiteral("standalone was rolled back: errors"));
        QCOMPARE(outcomeOf(m_bench->about(RecordKind::Outcome, run).first()).kind,
                 Outcome::Kind::Done);
        // It is no part of the rollback.
        QCOMPARE(m_bench->about(RecordKind::Intent, QStringLiteral("standalone"))
                     .first()
                     .body[QLatin1String("verb")]
                     .toString(),
                 QStringLiteral("roll back"));
    }

    void itIsCancelledOnlyOnceWeight0IsAccepted()
    {
        m_bench->start();
        m_bench->track.traffic.acceptsAtOnce = false;
        const auto done = m_bench->track.rollout->rollBack(
            confirmed(m_bench->track.rollout->previewRollback(), QStringLiteral("errors")));
        m_bench->track.clock.advance(seconds(3));
        QCoreApplication::processEvents();
        QVERIFY(!done.isFinished());
        QVERIFY(m_bench->control.sent.isEmpty());
        m_bench->track.traffic.change([](TrafficState &t) { t.accepted = Weight{0}; });
        m_bench->track.traffic.tell();
        QVERIFY(soon([&] { return done.isFinished(); }));
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
    }

    void aHoldCancelsWhatWaitsOnceAndNotWhatIsAtWork()
    {
        m_bench->addRun(RunId(7013), RunStatus::Running);
        m_bench->addRun(RunId(7014), RunStatus::Queued);
        m_bench->start();
        QVERIFY(m_bench->track.rollout->previewHold().rows.contains(
            m_bench->track.rollout->runs().holdRow));
        QVERIFY(m_bench->hold());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        m_bench->track.clock.advance(seconds(60));
        QCoreApplication::processEvents();
        const QList<RunOrder> expected{CancelRun{run7012}, CancelRun{RunId(7014)}};
        QCOMPARE(m_bench->control.sent, expected);
        QCOMPARE(m_bench->about(RecordKind::Intent, QStringLiteral("run 7012"))
                     .first()
                     .body[QLatin1String("reason")]
                     .toString(),
                 QStringLiteral("standalone is held: errors"));
        QCOMPARE(m_bench->track.traffic.world.asked, Weight{50}); // it moves nothing
    }

    void theHoldOfARollbackCancelsNothingBesides()
    {
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QVERIFY(m_bench->track.rollout->hold());
        QCOMPARE(m_bench->control.sent, QList<RunOrder>{CancelRun{run7012}});
        QCOMPARE(m_bench->about(RecordKind::Intent, QStringLiteral("run 7012")).size(), 1);
    }

    void whoeverLiftedTheHoldKeepsHisRuns()
    {
        m_bench->start();
        m_bench->lose();
        QVERIFY(m_bench->hold());
        const auto lifted = m_bench->track.rollout->lift(
            confirmed(m_bench->track.rollout->previewLift(), QStringLiteral("fine again")));
        QVERIFY(soon([&] { return lifted.isFinished(); }));
        m_bench->control.readError.reset();
        m_bench->track.clock.advance(seconds(40));
        QCoreApplication::processEvents();
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void runsOfOtherWorkflowsAreLeftAlone()
    {
        m_bench->addRun(RunId(7011), RunStatus::Running,
                        QStringLiteral(".github/workflows/ci.yml"));
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QCOMPARE(m_bench->control.sent, QList<RunOrder>{CancelRun{run7012}});
    }

    void aRunThatAppearsBeforeTheRollbackIsCancelledToo()
    {
        m_bench->start();
        m_bench->addRun(RunId(7022), RunStatus::Queued); // nobody has looked since
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QCOMPARE(m_bench->control.sent.size(), 2);
    }

    void aLostHostDoesNotFailTheRollbackAndIsStillAble()
    {
        m_bench->start();
        QSignalSpy lost(m_bench->desk.get(), &MovingRunsDesk::lost);
        m_bench->lose();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QVERIFY(m_bench->control.sent.isEmpty());
        QCOMPARE(m_bench->stillAble().size(), 2); // what was seen last, and what is not seen
        QVERIFY(m_bench->stillAble().first().startsWith(QStringLiteral("run 7012")));
        QVERIFY(m_bench->stillAble().last().contains(QStringLiteral("down")));
        QVERIFY(m_bench->row().startsWith(QStringLiteral("FakeHub is lost")));
        QVERIFY(!lost.isEmpty()); // for whoever else asks this host
    }

    void itIsCancelledWhenTheHostIsBack()
    {
        m_bench->start();
        m_bench->lose();
        QVERIFY(m_bench->rollBack());
        m_bench->track.clock.advance(seconds(12));
        QVERIFY(m_bench->control.sent.isEmpty());
        m_bench->control.readError.reset();
        m_bench->track.clock.advance(seconds(6));
        QVERIFY(soon(
            [&] { return m_bench->control.sent.size() == 1 && m_bench->stillAble().isEmpty(); }));
    }

    void whoeverPromotedAgainKeepsHisRuns()
    {
        m_bench->start();
        m_bench->lose();
        QVERIFY(m_bench->rollBack());
        m_bench->track.toWeight(10);
        m_bench->control.readError.reset();
        m_bench->track.clock.advance(seconds(40));
        QCoreApplication::processEvents();
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void aRunThatBeganLongAfterTheRollbackIsShownButNotCancelled()
    {
        m_bench->start();
        m_bench->lose();
        QVERIFY(m_bench->rollBack());
        m_bench->control.goingOn.clear();
        m_bench->addRun(RunId(7032), RunStatus::Waiting);
        m_bench->control.goingOn.first().createdAt = m_bench->track.clock.now().addSecs(600);
        m_bench->control.readError.reset();
        m_bench->track.clock.advance(seconds(40));
        QCoreApplication::processEvents();
        QVERIFY(m_bench->control.sent.isEmpty());
        QCOMPARE(m_bench->stillAble().size(), 1);
        QVERIFY(m_bench->stillAble().first().startsWith(QStringLiteral("run 7032")));
    }

    void aRefusedCancellationIsSaidAndNeverSentAgain()
    {
        m_bench->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::NotAllowed, QStringLiteral("you lack actions:write"));
        };
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        m_bench->track.clock.advance(seconds(60));
        QCoreApplication::processEvents();
        QCOMPARE(m_bench->control.sent.size(), 1);
        QCOMPARE(m_bench->stillAble().size(), 1);
        QVERIFY(m_bench->stillAble().first().contains(QStringLiteral("you lack actions:write")));
        QVERIFY(
            outcomeOf(m_bench->about(RecordKind::Outcome, QStringLiteral("run 7012")).first()).kind
            != Outcome::Kind::Done);
    }

    void aRunThatCannotBeCancelledIsRejectedAtItsGate()
    {
        m_bench->control.pending[run7012][0].id = 1;
        m_bench->control.pending[run7012][0].mayReview = true;
        m_bench->control.onSend = [this](const RunOrder &order) -> Result<TakenOrder> {
            if (std::holds_alternative<CancelRun>(order))
                return fail(ErrorKind::NotAllowed, QStringLiteral("you lack actions:write"));
            const auto &review = std::get<ReviewEnvironments>(order);
            m_bench->control.given[run7012].append({review.state,
                                                    {QStringLiteral("production")},
                                                    QStringLiteral("you"),
                                                    review.comment});
            m_bench->control.goingOn.clear();
            return TakenOrder{};
        };
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        QCOMPARE(m_bench->control.sent.size(), 2);
        const auto review = std::get<ReviewEnvironments>(m_bench->control.sent.last());
        QCOMPARE(review.state, ReviewState::Rejected);
        QCOMPARE(review.comment, QStringLiteral("standalone was rolled back: errors"));
        QVERIFY(m_bench->stillAble().isEmpty());
        const auto outcomes = m_bench->about(RecordKind::Outcome, QStringLiteral("run 7012"));
        QCOMPARE(outcomes.size(), 2);
        QCOMPARE(outcomeOf(outcomes.last()).kind, Outcome::Kind::Done);
    }

    void theNextRollbackTriesAgain()
    {
        m_bench->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::Unavailable, QStringLiteral("not now"));
        };
        m_bench->start();
        QVERIFY(m_bench->rollBack());
        m_bench->track.clock.advance(
            seconds(70)); // as long as it is looked for after a lost answer
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        m_bench->track.toWeight(10);
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 2; }));
    }

    void withoutAJournalItIsCancelledAllTheSame()
    {
        m_bench->start();
        m_bench->track.journal.failWith(
            Error{ErrorKind::Unavailable, QStringLiteral("full"), {}, {}});
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return m_bench->control.sent.size() == 1; }));
    }

    void theNextStartShowsWhatIsLeftAndSendsNothing()
    {
        m_bench->start();
        m_bench->control.onSend = [](const RunOrder &) -> Result<TakenOrder> {
            return fail(ErrorKind::NotAllowed, QStringLiteral("no"));
        };
        QVERIFY(m_bench->rollBack());
        QVERIFY(soon([&] { return !m_bench->desk->busy(); }));
        m_bench->control.sent.clear();
        m_bench->desk.reset();
        m_bench->start();
        QCOMPARE(m_bench->stillAble().size(), 1);
        QVERIFY(m_bench->control.sent.isEmpty());
        // Somebody ends it elsewhere: the next look shows that it is gone.
        m_bench->control.goingOn.clear();
        m_bench->track.clock.advance(seconds(6));
        QVERIFY(soon([&] { return m_bench->stillAble().isEmpty(); }));
    }

    void withoutAWorkflowNothingIsCancelledAndTheRowSaysIt()
    {
        m_bench->start({});
        QVERIFY(m_bench->row().contains(QStringLiteral("names no workflow")));
        QVERIFY(m_bench->rollBack());
        QVERIFY(!m_bench->desk->busy());
        QVERIFY(m_bench->control.sent.isEmpty());
    }

    void approvingIsAgainstOnlyForTheTracksOwnRuns()
    {
        m_bench->start();
        QVERIFY(m_bench->desk->againstApproving(m_bench->control.runs[run7012]).isEmpty());
        m_bench->control.onSend = nullptr;
        QVERIFY(m_bench->rollBack());
        QVERIFY(!m_bench->desk->againstApproving(m_bench->control.runs[run7012]).isEmpty());
        Run ci;
        ci.workflowPath = QStringLiteral(".github/workflows/ci.yml");
        QVERIFY(m_bench->desk->againstApproving(ci).isEmpty());
    }

private:
    std::unique_ptr<Bench> m_bench;
};

QTEST_GUILESS_MAIN(TestMovingRunsDesk)
#include "testmovingrunsdesk.moc"
