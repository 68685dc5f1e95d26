#include "rollout/rolloutcontroller.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "support/fakeclock.h"
#include "support/fakemetrics.h"
#include "support/faketraffic.h"
#include "support/memoryjournal.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Kind = Outcome::Kind;

namespace {

const QString old = QString(40, QLatin1Char('a'));
const QString good = QString(40, QLatin1Char('b'));
const QString other = QString(40, QLatin1Char('c'));
const QString errors = QStringLiteral("errors");

RolloutSettings settings()
{
    RolloutSettings made;
    made.track = TrackName(QStringLiteral("standalone"));
    made.plan.stages = {{Weight{10}, seconds(30)}, {Weight{50}, seconds(40)}, {Weight{100}, {}}};
    Check check;
    check.name = QStringLiteral("error ratio");
    check.query = errors;
    check.unit = QStringLiteral("ratio");
    check.max = 0.01;
    check.critical = true;
    check.minSamples = 20;
    made.checks = {check};
    made.series
        = {QStringLiteral("version"), QStringLiteral("stable"), QStringLiteral("candidate")};
    return made;
}

Confirmation confirmed(const Preview &preview, const QString &reason = QStringLiteral("because"))
{
    return {reason, preview.fingerprint, preview.target};
}

} // namespace

class TestRolloutController : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_traffic = std::make_unique<FakeTraffic>(*m_clock);
        m_traffic->world.stable = readyRevision(QStringLiteral("svc"), old, 3);
        m_traffic->world.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
        m_metrics = std::make_unique<FakeMetrics>(*m_clock);
        m_metrics->values[errors] = {0.002, 0.002, true};
        m_journal = std::make_unique<MemoryJournal>();
        m_runner = std::make_unique<ActionRunner>(*m_journal, QStringLiteral("A. Muster"));
        start();
    }
    void cleanup()
    {
        m_rollout.reset();
        m_runner.reset();
    }

    void itReadsAndFollows()
    {
        QVERIFY(m_traffic->watched());
        QCOMPARE(m_rollout->state().phase, Phase::Ready);
        QCOMPARE(m_rollout->trafficSource().health, SourceState::Health::Live);
        QSignalSpy changed(m_rollout.get(), &RolloutController::changed);
        QSignalSpy revisions(m_rollout.get(), &RolloutController::revisionsChanged);
        m_traffic->change([](TrafficState &t) { t.candidate->commit = CommitId(other); });
        m_traffic->tell();
        QVERIFY(changed.size() > 0);
        QCOMPARE(revisions.size(), 1);
        QCOMPARE(m_rollout->traffic()->value.candidate->commit, CommitId(other));
    }

    void aReadingIsRenewedBeforeItIsOld()
    {
        const int reads = m_traffic->reads;
        m_clock->advance(seconds(20));
        QVERIFY(m_traffic->reads > reads);
        QVERIFY(*m_rollout->weights().trafficAge < seconds(15));
    }

    void aPromotionGoesThroughTheJournal()
    {
        const auto done = m_rollout->promote(confirmed(m_rollout->previewPromote()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_traffic->world.asked, Weight{10});
        QCOMPARE(m_rollout->state().phase, Phase::Baking);
        const Record intent = m_journal->records(RecordKind::Intent).first();
        QCOMPARE(intent.subject, QStringLiteral("standalone"));
        QCOMPARE(intent.body[QLatin1String("from")].toInt(), 0);
        QCOMPARE(intent.body[QLatin1String("to")].toInt(), 10);
        QCOMPARE(intent.body[QLatin1String("version")].toString(), QStringLiteral("1"));
        QCOMPARE(intent.body[QLatin1String("targetCommit")].toString(), good);
        QCOMPARE(m_traffic->writes.first().intent, intent.id);
        QCOMPARE(outcomeOf(m_journal->records(RecordKind::Outcome).first()).kind, Kind::Done);
    }

    void anOutcomeWaitsUntilTheWeightIsAccepted()
    {
        m_traffic->acceptsAtOnce = false;
        const auto done = m_rollout->promote(confirmed(m_rollout->previewPromote()));
        m_clock->advance(seconds(2));
        QCoreApplication::processEvents();
        QVERIFY(!done.isFinished());
        m_traffic->change([](TrafficState &t) { t.accepted = Weight{10}; });
        m_clock->advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
    }

    void aDoublePressWritesOnce()
    {
        const Confirmation once = confirmed(m_rollout->previewPromote());
        m_traffic->hold();
        const auto first = m_rollout->promote(once);
        const auto second = m_rollout->promote(once);
        m_traffic->release();
        QTRY_VERIFY(first.isFinished() && second.isFinished());
        QCOMPARE(outcome(first), Kind::Done);
        QCOMPARE(outcome(second), Kind::Refused);
        // And a late one, of the dialog that was confirmed already.
        const auto third = m_rollout->promote(once);
        QTRY_VERIFY(third.isFinished());
        QCOMPARE(outcome(third), Kind::Conflict);
        QCOMPARE(m_traffic->writes.size(), 1);
        QCOMPARE(m_traffic->world.asked, Weight{10});
    }

    void whatChangedAtThePressGoesBackToTheDialog()
    {
        const Confirmation confirmation = confirmed(m_rollout->previewPromote());
        QSignalSpy again(m_rollout.get(), &RolloutController::previewChanged);
        m_traffic->change([](TrafficState &t) { t.stable->commit = CommitId(other); });
        const auto done = m_rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(again.size() > 0);
        QVERIFY(m_traffic->writes.isEmpty());
        QVERIFY(m_journal->records().isEmpty());
    }

    void aConflictOfTheWriteIsRecordedAndNotSentAgain()
    {
        const Confirmation confirmation = confirmed(m_rollout->previewPromote());
        m_traffic->beforeWrite = [this] {
            m_traffic->change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{50}); });
        };
        const auto done = m_rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QCOMPARE(m_traffic->writes.size(), 1);
        QCOMPARE(outcomeOf(m_journal->records(RecordKind::Outcome).first()).kind, Kind::Conflict);
        m_clock->advance(seconds(1));
        QCOMPARE(m_rollout->traffic()->value.asked, Weight{50});
    }

    void onOldDataAPromotionIsRefusedUntilItIsReadAgain()
    {
        m_traffic->readError = Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        m_clock->advance(seconds(61));
        QVERIFY(!m_rollout->mayPromote().allowed());
        QCOMPARE(m_rollout->trafficSource().health, SourceState::Health::Lost);
        const auto refused = m_rollout->promote(confirmed(m_rollout->previewPromote()));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(outcome(refused), Kind::Failed);
        QVERIFY(m_traffic->writes.isEmpty());
        m_traffic->readError.reset();
        m_rollout->refresh();
        QVERIFY(m_rollout->mayPromote().allowed());
    }

    void aReasonIsAskedForWhatIsAgainst()
    {
        toWeight(10);
        judgeUntilBaked(seconds(10));
        const Preview preview = m_rollout->previewPromote();
        QVERIFY(preview.reasonRequired);
        const auto refused = m_rollout->promote(confirmed(preview, QStringLiteral("  ")));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(outcome(refused), Kind::Refused);
        const auto done = m_rollout->promote(confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_traffic->world.changes.first().reason, QStringLiteral("because"));
    }

    void aBakedAndJudgedCandidateNeedsNoReason()
    {
        toWeight(10);
        judgeUntilBaked(seconds(31));
        QCOMPARE(m_rollout->verdict(), Verdict::Pass);
        const Preview preview = m_rollout->previewPromote();
        QVERIFY(!preview.reasonRequired);
        QCOMPARE(preview.typed, QStringLiteral("50"));
        QCOMPARE(m_rollout->nextAction().kind, NextAction::Kind::Promote);
        QCOMPARE(m_rollout->promoteLabel(), QStringLiteral("Promote 10 → 50…"));
    }

    void aFailingCandidateIsToBeRolledBack()
    {
        toWeight(10);
        m_metrics->values[errors] = {0.002, 0.044, true};
        judgeUntilBaked(seconds(31));
        QVERIFY(!m_rollout->mayPromote().allowed());
        QCOMPARE(m_rollout->nextAction().kind, NextAction::Kind::RollBack);
        QVERIFY(m_rollout->verdicts().first().failedInARow >= 3);
        const auto refused = m_rollout->promote(confirmed(m_rollout->previewPromote()));
        QTRY_VERIFY(refused.isFinished());
        QCOMPARE(outcome(refused), Kind::Refused);
    }

    void aRollbackIsNotRefused_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"metrics lost", "traffic unreadable", "journal unwritable",
                                 "frozen", "reading hangs"}) {
            QTest::newRow(what) << QString::fromLatin1(what);
        }
    }
    void aRollbackIsNotRefused()
    {
        QFETCH(QString, what);
        toWeight(10);
        const Confirmation confirmation = confirmed(m_rollout->previewRollback(), {});
        const Error away{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        if (what == QLatin1String("metrics lost"))
            m_metrics->error = away;
        else if (what == QLatin1String("traffic unreadable"))
            m_traffic->readError = away;
        else if (what == QLatin1String("journal unwritable"))
            m_journal->failWith(away);
        else if (what == QLatin1String("frozen"))
            m_frozen = QStringLiteral("weekend");
        else if (what == QLatin1String("reading hangs"))
            m_traffic->hold();
        m_clock->advance(seconds(120));
        QVERIFY(m_rollout->mayRollBack().allowed());
        const auto done = m_rollout->rollBack(confirmation);
        m_clock->advance(seconds(2));
        // A held answer would keep the write back too; the write itself must have been sent.
        QCOMPARE(m_traffic->writes.last().candidate, Weight{0});
        m_traffic->release();
        m_clock->advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_traffic->world.asked, Weight{0});
        if (what == QLatin1String("journal unwritable")) {
            QVERIFY(done.result().text.contains(QStringLiteral("away")));
            QVERIFY(!m_runner->unrecorded().isEmpty());
        }
    }

    void aRollbackHoldsTheTrackForEveryConsole()
    {
        toWeight(50);
        const auto done = m_rollout->rollBack(confirmed(m_rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QTRY_VERIFY(m_traffic->world.hold);
        QCOMPARE(m_traffic->world.hold->by, QStringLiteral("A. Muster"));
        QCOMPARE(m_traffic->world.hold->commit, CommitId(good));
        QCOMPARE(m_traffic->world.hold->since, m_clock->now());
        QCOMPARE(m_rollout->state().phase, Phase::RolledBack);
        QVERIFY(!m_rollout->mayPromote().allowed());
        QTRY_COMPARE(m_journal->records(RecordKind::Outcome).size(), 2);
    }

    void theHoldAfterARollbackIsTriedAgainOnAConflict()
    {
        toWeight(50);
        m_traffic->beforeHold = [this] {
            m_traffic->change([](TrafficState &t) { t.lastWriter = QStringLiteral("controller"); });
        };
        const auto done = m_rollout->rollBack(confirmed(m_rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QTRY_VERIFY(m_traffic->world.hold);
    }

    void aRollbackDoesNotBounceWhenSomebodyMovedTheWeight()
    {
        toWeight(50);
        const Confirmation confirmation = confirmed(m_rollout->previewRollback(), {});
        m_traffic->change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{10}); });
        m_traffic->beforeWrite = [this] {
            m_traffic->change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{100}); });
        };
        const auto done = m_rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_traffic->writes.size(), 2);
        QCOMPARE(m_traffic->world.asked, Weight{0});
    }

    void aRollbackToAnotherTargetGoesBackToTheDialog()
    {
        toWeight(50);
        const Confirmation confirmation = confirmed(m_rollout->previewRollback(), {});
        m_traffic->change(
            [](TrafficState &t) { t.stable = readyRevision(QStringLiteral("svc"), other, 3); });
        const auto done = m_rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void aRollbackOvertakesAPromotionThatHangs()
    {
        toWeight(10);
        judgeUntilBaked(seconds(31));
        m_traffic->acceptsAtOnce = false;
        const auto promotion = m_rollout->promote(confirmed(m_rollout->previewPromote()));
        QVERIFY(!promotion.isFinished());
        m_traffic->acceptsAtOnce = true;
        const auto done = m_rollout->rollBack(confirmed(m_rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished() && promotion.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(outcome(promotion), Kind::Unknown);
        QCOMPARE(m_traffic->world.asked, Weight{0});
    }

    void aReplacedCandidateCannotBePromoted()
    {
        toWeight(10);
        judgeUntilBaked(seconds(31));
        const Confirmation confirmation = confirmed(m_rollout->previewPromote());
        m_traffic->change([](TrafficState &t) {
            t.candidate = readyRevision(QStringLiteral("svc-canary"), other, 2);
        });
        const auto done = m_rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QCOMPARE(m_rollout->state().phase, Phase::Replaced);
        QVERIFY(!m_rollout->mayPromote().allowed());
        QVERIFY(m_rollout->mayRollBack().allowed());
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void holdAndLift()
    {
        toWeight(10);
        const auto nothing = m_rollout->holdTraffic(confirmed(m_rollout->previewHold(), {}));
        QTRY_VERIFY(nothing.isFinished());
        QCOMPARE(outcome(nothing), Kind::Refused);
        const auto held = m_rollout->holdTraffic(confirmed(m_rollout->previewHold()));
        QTRY_VERIFY(held.isFinished());
        QCOMPARE(outcome(held), Kind::Done);
        QCOMPARE(m_rollout->hold()->why, QStringLiteral("because"));
        QCOMPARE(m_rollout->state().phase, Phase::Paused);
        QCOMPARE(m_rollout->nextAction().kind, NextAction::Kind::Lift);
        const auto lifted = m_rollout->lift(confirmed(m_rollout->previewLift()));
        QTRY_VERIFY(lifted.isFinished());
        QCOMPARE(outcome(lifted), Kind::Done);
        QVERIFY(!m_rollout->hold());
        QCOMPARE(m_rollout->state().phase, Phase::Baking);
    }

    void backByOneStage()
    {
        toWeight(50);
        const auto done = m_rollout->back(confirmed(m_rollout->previewBack()));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_traffic->world.asked, Weight{10});
        QVERIFY(!m_traffic->world.hold);
    }

    void aReadOnlyConsoleWritesNothing()
    {
        toWeight(10);
        const Confirmation back = confirmed(m_rollout->previewRollback());
        m_rollout->setReadOnly(true);
        QVERIFY(!m_rollout->mayPromote().allowed());
        QVERIFY(!m_rollout->mayRollBack().allowed());
        QVERIFY(!m_rollout->mayHold().allowed());
        const auto done = m_rollout->rollBack(back);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Refused);
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void theMissingRightIsSaid()
    {
        m_traffic->mayWrite = {false, QStringLiteral("you lack patch on httproutes")};
        m_rollout->refresh();
        QCOMPARE(m_rollout->mayPromote().first(Reason::Kind::Blocks),
                 QStringLiteral("you lack patch on httproutes"));
    }

    void whatReleaseKnowsIsAskedToo()
    {
        const Confirmation confirmation = confirmed(m_rollout->previewPromote());
        m_rollout->setExternalReasons(
            {{Reason::Kind::Blocks, QStringLiteral("no column"), QStringLiteral("open it")}}, {});
        QCOMPARE(m_rollout->mayPromote().first(Reason::Kind::Blocks), QStringLiteral("no column"));
        const auto done = m_rollout->promote(confirmation);
        QTRY_VERIFY(done.isFinished());
        QVERIFY(outcome(done) != Kind::Done);
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void withoutMetricsNothingIsJudged()
    {
        start(nullptr);
        toWeight(10);
        m_clock->advance(seconds(31));
        QCOMPARE(m_rollout->metricsSource().health, SourceState::Health::NotSetUp);
        QVERIFY(m_rollout->mayPromote().allowed());
        QVERIFY(m_rollout->mayPromote().count(Reason::Kind::Unknown) > 0);
        QCOMPARE(m_rollout->verdict(), Verdict::NoData);
    }

    void chartsAreDrawnWhileSomebodyLooksOrItIsInFlight()
    {
        QSignalSpy drawn(m_rollout.get(), &RolloutController::chartsChanged);
        m_clock->advance(seconds(10));
        QCOMPARE(drawn.size(), 0);
        m_rollout->setVisible(true);
        m_clock->advance(seconds(1));
        QCOMPARE(drawn.size(), 1);
        m_rollout->setVisible(false);
        m_traffic->change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{10}); });
        m_traffic->tell();
        m_clock->advance(seconds(6));
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
        toWeight(weight);
        Record intent;
        intent.kind = RecordKind::Intent;
        intent.id = IntentId(QStringLiteral("lost"));
        intent.subject = QStringLiteral("standalone");
        intent.body = {{QStringLiteral("verb"), QStringLiteral("promote")},
                       {QStringLiteral("from"), 10},
                       {QStringLiteral("to"), 50}};
        m_journal->addOrphan(intent);
        Settler settler(*m_journal, QStringLiteral("A. Muster"));
        settler.add([](const Record &) { return true; },
                    [this](const Record &record) { return m_rollout->settle(record); });
        const auto done = settler.settle();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(done.result()->first().outcome.kind, kind);
        QCOMPARE(outcomeOf(m_journal->records(RecordKind::Outcome).first()).kind, kind);
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void aWayBackIsRetiredOnce()
    {
        RolloutSettings cloud = settings();
        cloud.afterFull = StepRules::AfterFull::PreviousStays;
        start(m_metrics.get(), cloud);
        toWeight(50);
        m_traffic->change([](TrafficState &t) {
            t.stable = t.candidate;
            t.candidate.reset();
            t.asked = t.accepted.emplace(Weight{0});
        });
        m_traffic->tell();
        QCOMPARE(m_rollout->wayBack().target->commit, CommitId(old));
        QCOMPARE(m_rollout->rollbackLabel(), QStringLiteral("Roll back to aaaaaaa…"));
        QVERIFY(m_rollout->mayRetire().allowed());
        const Preview preview = m_rollout->previewRetire();
        QCOMPARE(preview.typed, old.left(7));
        const auto done = m_rollout->retire(confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m_rollout->wayBack().speed, WayBack::Speed::None);
        QVERIFY(!m_rollout->mayRollBack().allowed());
        QVERIFY(m_traffic->writes.isEmpty());
    }

    void anAnswerAfterItsEndIsHarmless()
    {
        m_traffic->hold();
        m_rollout->refresh();
        m_rollout.reset();
        m_traffic->release();
        m_clock->advance(seconds(10));
        QCoreApplication::processEvents();
        QVERIFY(m_journal->records().isEmpty());
    }

private:
    void start() { start(m_metrics.get()); }
    void start(MetricSource *metrics, RolloutSettings given = settings())
    {
        m_frozen.clear();
        given.frozen = [this](const QDateTime &) {
            return m_frozen;
        };
        m_rollout
            = std::make_unique<RolloutController>(given, *m_traffic, metrics, *m_runner, *m_clock);
        m_rollout->start();
    }
    void toWeight(int percent)
    {
        m_traffic->change(
            [percent](TrafficState &t) { t.asked = t.accepted.emplace(Weight{percent}); });
        m_traffic->tell();
    }
    void judgeUntilBaked(seconds time) { m_clock->advance(time); }
    static Kind outcome(const QFuture<Outcome> &done) { return done.result().kind; }

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeTraffic> m_traffic;
    std::unique_ptr<FakeMetrics> m_metrics;
    std::unique_ptr<MemoryJournal> m_journal;
    std::unique_ptr<ActionRunner> m_runner;
    std::unique_ptr<RolloutController> m_rollout;
    QString m_frozen;
};

QTEST_GUILESS_MAIN(TestRolloutController)

#include "testrolloutcontroller.moc"
