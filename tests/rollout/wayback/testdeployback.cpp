#include "earlierdeploys.h"
#include "rolloutbench.h"

#include "action/outcomewords.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;
using Kind = Outcome::Kind;

namespace {

const QString helmAction = QStringLiteral("helm.rollback:41");

OwnAction helmRollback()
{
    OwnAction action;
    action.id = helmAction;
    action.title = QStringLiteral("Helm: roll back to revision 41");
    action.typed = QStringLiteral("41");
    action.leaves = {QStringLiteral("Images and all values go back.")};
    PlannedCall call;
    call.language = PlannedCall::Language::Shell;
    call.summary = QStringLiteral("helm rollback web 41");
    call.copyable = QStringLiteral("helm rollback web 41 --namespace production");
    action.calls = {call};
    return action;
}

} // namespace

/// A rollback that a deploy carries out, from the press to the outcome.
class TestDeployBack : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m = std::make_unique<RolloutBench>();
        m->traffic.own = {helmRollback()};
        m->traffic.change([](TrafficState &t) { t.earlier = earlierDeploy(); });
        // Helm is done at once; the Pods come when the test says so.
        m->traffic.onOwn = [this](TrafficState &t) {
            t.deeds.prepend({m->clock.now(),
                             m->traffic.ownRuns.last().actor,
                             QStringLiteral("helm 43"),
                             {},
                             m->traffic.ownRuns.last().intent});
            t.earlier->live = 43;
            t.earlier->liveGoesBack = 41;
            t.stable->mixed = true;
        };
        m->traffic.tell();
    }
    void cleanup() { m.reset(); }

    void withNothingInFlightTheDeployIsRun()
    {
        QCOMPARE(m->rollout->rollbackLabel(), QStringLiteral("Roll back to ddddddd…"));
        const auto done = rollBack();
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        QCOMPARE(m->traffic.ownRuns.first().action, helmAction);
        QVERIFY(m->traffic.writes.isEmpty()); // no weight is written
        const auto intents = intentsOf("roll back");
        QCOMPARE(intents.size(), 1);
        QCOMPARE(intents.first().id, m->traffic.ownRuns.first().intent);
        QCOMPARE(intents.first().body[QLatin1String("deployOf")].toString(),
                 QStringLiteral("production/web"));
        QCOMPARE(intents.first().body[QLatin1String("deploy")].toInt(), 41);
        QCOMPARE(intents.first().body[QLatin1String("targetCommit")].toString(), earlierCommit);
        // helm has ended; the rollback has not.
        m->clock.advance(seconds(5));
        QVERIFY(!done.isFinished());
        QVERIFY(!m->rollout->mayRollBack().allowed());
        podsCome();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QVERIFY2(done.result().text.startsWith(QStringLiteral(
                     "Helm revision 41 is made again: ddddddd runs, 3/3 ready after ")),
                 qPrintable(done.result().text));
        // Held as after every rollback: what was live is refused.
        QTRY_VERIFY(m->traffic.world.hold);
        QCOMPARE(m->traffic.world.hold->commit.value, old);
        QCOMPARE(m->traffic.world.hold->by, QStringLiteral("A. Muster"));
    }

    void aHoldThatWasNotSetIsSaidWithIt_data()
    {
        QTest::addColumn<int>("weight"); ///< in flight, the hold goes with the traffic
        QTest::newRow("nothing in flight") << 0;
        QTest::newRow("traffic first") << 100;
    }
    void aHoldThatWasNotSetIsSaidWithIt()
    {
        QFETCH(int, weight);
        if (weight > 0) {
            m->toWeight(weight);
            m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(good); });
            m->traffic.tell();
        }
        m->traffic.holdError
            = Error{ErrorKind::NotAllowed, QStringLiteral("you lack patch"), {}, {}};
        const auto done = rollBack();
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        podsCome();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QVERIFY2(done.result().text.endsWith(
                     QStringLiteral("(It is not held: you lack patch. Hold it yourself.)")),
                 qPrintable(done.result().text));
    }

    void whereThePersonWantsNoHoldNothingIsHeld_data()
    {
        QTest::addColumn<int>("weight");
        QTest::newRow("nothing in flight") << 0;
        QTest::newRow("traffic first") << 100;
    }
    void whereThePersonWantsNoHoldNothingIsHeld()
    {
        QFETCH(int, weight);
        if (weight > 0) {
            m->toWeight(weight);
            m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(good); });
            m->traffic.tell();
        }
        Confirmation confirmation = confirmed(m->rollout->previewRollback());
        confirmation.option = false;
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        podsCome();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QTRY_VERIFY(!m->rollout->busy());
        QVERIFY(!m->traffic.world.hold);
        QCOMPARE(intentsOf("roll back").last().body[QLatin1String("hold")], QJsonValue(false));
    }

    void aRollbackIsHeldThoughNobodyCanRecordIt()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewRollback());
        m->journal.failWith(Error{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}});
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        podsCome();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QTRY_VERIFY(m->traffic.world.hold);
    }

    void whileFinishingTheTrafficGoesToTheStableFirst()
    {
        m->toWeight(100);
        m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(good); });
        m->traffic.tell();
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        const auto done = rollBack();
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        QCOMPARE(told.size(), 1); // what can still promote is stopped before the Pods are there
        QCOMPARE(m->traffic.writes.size(), 1);
        QCOMPARE(m->traffic.writes.first().candidate, Weight{0});
        QCOMPARE(m->traffic.writes.first().intent, m->traffic.ownRuns.first().intent);
        podsCome();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QTRY_VERIFY(m->traffic.world.hold);
        QCOMPARE(m->traffic.world.hold->commit.value, good);
        QCOMPARE(told.size(), 1);
    }

    void aStableWithoutPodsGetsTheTrafficWhenTheyAreThere()
    {
        m->toWeight(50);
        m->traffic.change([](TrafficState &t) { t.stable->readyReplicas = 0; });
        m->traffic.tell();
        const auto done = rollBack();
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        QVERIFY(m->traffic.writes.isEmpty());
        podsCome();
        m->clock.advance(seconds(3));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.world.asked, Weight{0});
    }

    void whatHelmRefusesIsSaidAndHoldsNothing()
    {
        m->traffic.writeError = Error{
            ErrorKind::NotAllowed, QStringLiteral("helm says: secrets is forbidden"), {}, {}};
        const auto done = rollBack();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Failed);
        QVERIFY(done.result().text.contains(QStringLiteral("secrets is forbidden")));
        QVERIFY(!m->traffic.world.hold);
    }

    void whatWasMovedBeforeHelmFailedIsSaid()
    {
        m->toWeight(100);
        m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(good); });
        m->traffic.tell();
        m->traffic.onOwn = nullptr;
        const Confirmation confirmation = confirmed(m->rollout->previewRollback());
        m->traffic.beforeWrite = [this] {
            m->traffic.beforeWrite = [this] {
                m->traffic.writeError
                    = Error{ErrorKind::BadInput, QStringLiteral("helm says: no"), {}, {}};
            };
        };
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Failed);
        QVERIFY2(done.result().text.startsWith(QStringLiteral("The traffic was moved. ")),
                 qPrintable(done.result().text));
        QCOMPARE(m->traffic.world.asked, Weight{0});
    }

    void podsThatDoNotComeAreNotDone()
    {
        const auto done = rollBack();
        QTRY_COMPARE(m->traffic.ownRuns.size(), 1);
        m->clock.advance(seconds(6 * 60 + 5));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Unknown);
        QVERIFY2(done.result().text.contains(QStringLiteral("after 6:0")),
                 qPrintable(done.result().text));
    }

    void anotherTargetSendsBackToTheDialog()
    {
        const Confirmation confirmation = confirmed(m->rollout->previewRollback());
        m->traffic.change([](TrafficState &t) {
            t.earlier->number = 42;
            t.earlier->live = 43;
        });
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(m->traffic.ownRuns.isEmpty());
    }

    void theDialogHasTheCommandAndItsDryRun()
    {
        m->traffic.dryRuns = {DryRun{QStringLiteral("helm rollback --dry-run"),
                                     {QStringLiteral("Deployment/web image: b → a")}}};
        m->rollout->tryOut(WeightAttempt::Kind::RollBack);
        QTRY_VERIFY(!m->rollout->isTryingOut());
        QCOMPARE(m->traffic.ownTrials.size(), 1);
        QCOMPARE(m->traffic.ownTrials.first().action, helmAction);
        const Preview preview = m->rollout->previewRollback();
        QCOMPARE(preview.calls.size(), 1);
        QCOMPARE(preview.calls.first().copyable,
                 QStringLiteral("helm rollback web 41 --namespace production"));
        QCOMPARE(m->rollout->rollbackCommand(), preview.calls.first().copyable);
        QStringList rows;
        for (const PreviewRow &row : preview.rows)
            rows << row.label + QStringLiteral(": ") + row.text;
        QVERIFY2(rows.contains(QStringLiteral("Sends: helm rollback web 41")),
                 qPrintable(rows.join(QLatin1Char('\n'))));
        QVERIFY2(rows.contains(QStringLiteral("Dry run: taken (helm rollback --dry-run): "
                                              "Deployment/web image: b → a")),
                 qPrintable(rows.join(QLatin1Char('\n'))));
    }

    void inFlightTheDialogSendsTheWeightToo()
    {
        m->toWeight(100);
        m->traffic.change([](TrafficState &t) { t.stable->commit = CommitId(good); });
        m->traffic.tell();
        QStringList sends;
        for (const PlannedCall &call : m->rollout->previewRollback().calls)
            sends << call.summary.section(QLatin1Char(' '), 0, 1);
        QCOMPARE(sends,
                 (QStringList{QStringLiteral("PUT weight"), QStringLiteral("helm rollback")}));
        m->traffic.change([](TrafficState &t) { t.stable->readyReplicas = 0; });
        m->traffic.tell();
        QCOMPARE(m->rollout->previewRollback().calls.first().summary,
                 QStringLiteral("helm rollback web 41"));
    }

    void anUnknownCommitIsRetiredByItsDeploy()
    {
        m->traffic.change([](TrafficState &t) { t.earlier->commit = CommitId(); });
        m->traffic.tell();
        QVERIFY(m->rollout->mayRetire().allowed());
        const Preview preview = m->rollout->previewRetire();
        QCOMPARE(preview.typed, QStringLiteral("production/web#41"));
        const auto done = m->rollout->retire(confirmed(preview));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(done.result().text, QStringLiteral("production/web#41 is no way back any more"));
        QVERIFY(!m->rollout->mayRollBack().allowed());
        QCOMPARE(
            m->journal.records(RecordKind::Intent).last().body[QLatin1String("what")].toString(),
            preview.typed);
    }

private:
    QFuture<Outcome> rollBack()
    {
        return m->rollout->rollBack(confirmed(m->rollout->previewRollback()));
    }
    void podsCome()
    {
        m->traffic.change([](TrafficState &t) {
            t.stable = readyRevision(QStringLiteral("svc"), earlierCommit, 3);
        });
    }
    [[nodiscard]] QList<Record> intentsOf(const char *verb) const
    {
        QList<Record> found;
        for (const Record &record : m->journal.records(RecordKind::Intent)) {
            if (record.body[QLatin1String("verb")].toString() == QLatin1String(verb))
                found << record;
        }
        return found;
    }
    static Kind outcome(const QFuture<Outcome> &done) { return done.result().kind; }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestDeployBack)
#include "testdeployback.moc"
