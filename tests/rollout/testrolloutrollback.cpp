#include "rolloutbench.h"

#include "action/outcomewords.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::seconds;
using Kind = Outcome::Kind;

class TestRolloutRollback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<RolloutBench>(); }
    void cleanup() { m.reset(); }

    void aFailingCandidateIsToBeRolledBack()
    {
        m->toWeight(10);
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(seconds(31));
        QVERIFY(!m->rollout->mayPromote().allowed());
        QCOMPARE(m->rollout->nextAction().kind, NextAction::Kind::RollBack);
        QVERIFY(m->rollout->verdicts().first().failedInARow >= 3);
        const auto refused = m->rollout->promote(confirmed(m->rollout->previewPromote()));
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
        m->toWeight(10);
        const Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        const Error away{ErrorKind::Unavailable, QStringLiteral("away"), {}, {}};
        if (what == QLatin1String("metrics lost"))
            m->metrics.error = away;
        else if (what == QLatin1String("traffic unreadable"))
            m->traffic.readError = away;
        else if (what == QLatin1String("journal unwritable"))
            m->journal.failWith(away);
        else if (what == QLatin1String("frozen"))
            m->frozen = QStringLiteral("weekend");
        else if (what == QLatin1String("reading hangs"))
            m->traffic.hold();
        m->clock.advance(seconds(120));
        QVERIFY(m->rollout->mayRollBack().allowed());
        const auto done = m->rollout->rollBack(confirmation);
        m->clock.advance(seconds(2));
        // A held answer would keep the write back too; the write itself must have been sent.
        QTRY_VERIFY(!m->traffic.writes.isEmpty());
        QCOMPARE(m->traffic.writes.last().candidate, Weight{0});
        m->traffic.release();
        m->clock.advance(seconds(2));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.world.asked, Weight{0});
        QVERIFY(m->traffic.world.hold); // as the dialog promised
        if (what == QLatin1String("journal unwritable")) {
            QVERIFY(done.result().text.contains(QStringLiteral("away")));
            QCOMPARE(m->runner.unrecorded().size(), 4); // two intents, two outcomes
        }
    }

    void aRollbackWaitsForNoMoreThanAGlance()
    {
        m->toWeight(50);
        const int glances = m->traffic.glances;
        const auto held = m->rollout->holdTraffic(confirmed(m->rollout->previewHold()));
        QTRY_VERIFY(held.isFinished());
        QCOMPARE(m->traffic.glances, glances); // everything else reads all of it again
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.glances, glances + 1);
    }

    void aRollbackHoldsTheTrackForEveryConsole()
    {
        m->toWeight(50);
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QTRY_VERIFY(m->traffic.world.hold);
        QCOMPARE(m->traffic.world.hold->by, QStringLiteral("A. Muster"));
        QCOMPARE(m->traffic.world.hold->commit, CommitId(good));
        QCOMPARE(m->traffic.world.hold->since, m->clock.now());
        QCOMPARE(m->rollout->state().phase, Phase::RolledBack);
        QVERIFY(!m->rollout->mayPromote().allowed());
        QTRY_COMPARE(m->journal.records(RecordKind::Outcome).size(), 2);
    }

    void aRollbackWithoutAHoldHoldsNothingAndTheJournalSaysSo()
    {
        m->toWeight(50);
        Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        confirmation.option = false;
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QTRY_VERIFY(!m->rollout->busy());
        QVERIFY(!m->traffic.world.hold);
        QVERIFY2(!done.result().text.contains(QLatin1String("held")),
                 qPrintable(done.result().text));
        const auto said = m->journal.records(RecordKind::Intent).last().body;
        QCOMPARE(said[QLatin1String("verb")].toString(), QStringLiteral("roll back"));
        QCOMPARE(said[QLatin1String("hold")], QJsonValue(false));
        // Promoting again is not refused by a hold, and the next rollback holds as ever.
        const auto again = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        QTRY_VERIFY(again.isFinished());
        QCOMPARE(outcome(again), Kind::Done);
        const auto back = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(back.isFinished());
        QTRY_VERIFY(m->traffic.world.hold);
        QVERIFY(
            !m->journal.records(RecordKind::Intent).last().body.contains(QLatin1String("hold")));
    }

    void aHoldWhoseAnswerIsLostIsToldByTheWorld()
    {
        m->toWeight(50);
        m->traffic.holdAnswer = Error{ErrorKind::Malformed, QStringLiteral("garbled"), {}, {}};
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QTRY_COMPARE(m->journal.records(RecordKind::Outcome).size(), 2);
        for (const Record &record : m->journal.records(RecordKind::Outcome))
            QCOMPARE(record.body[QLatin1String("outcome")].toString(), QStringLiteral("done"));
    }

    /// So that a program does not end before it.
    void itIsBusyUntilTheHoldIsSet()
    {
        m->toWeight(50);
        QVERIFY(!m->rollout->busy());
        m->journal.hold(RecordKind::Outcome);
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(m->traffic.world.hold);
        QVERIFY(m->rollout->busy());
        QSignalSpy changed(m->rollout.get(), &RolloutController::changed);
        m->journal.answer();
        QTRY_VERIFY(done.isFinished());
        QTRY_VERIFY(!m->rollout->busy());
        QVERIFY(!changed.isEmpty());
        QCOMPARE(m->journal.records(RecordKind::Outcome).size(), 2);
    }

    void theHoldAfterARollbackIsTriedAgainOnAConflict()
    {
        m->toWeight(50);
        m->traffic.beforeHold = [this] {
            m->traffic.change([](TrafficState &t) { t.lastWriter = QStringLiteral("controller"); });
        };
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QTRY_VERIFY(m->traffic.world.hold);
    }

    void aHoldThatWasNotSetIsSaidWithTheRollback_data()
    {
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("message");
        QTest::newRow("forbidden") << ErrorKind::NotAllowed << QStringLiteral("you lack patch");
        QTest::newRow("answer lost") << ErrorKind::TimedOut << QStringLiteral("no answer in 10 s.");
        QTest::newRow("conflicts") << ErrorKind::Conflict << QStringLiteral("it was modified");
    }
    void aHoldThatWasNotSetIsSaidWithTheRollback()
    {
        QFETCH(ErrorKind, kind);
        QFETCH(QString, message);
        m->toWeight(50);
        m->traffic.holdError = Error{kind, message, {}, {}};
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QVERIFY(!m->traffic.world.hold);
        const QString said = QStringLiteral("(It is not held: %1. Hold it yourself.)");
        QVERIFY2(done.result().text.endsWith(said.arg(message.section(QLatin1Char('.'), 0, 0))),
                 qPrintable(done.result().text));
    }

    void aHoldThatHangsKeepsNoRollbackBack()
    {
        m->toWeight(50);
        connect(&m->runner, &ActionRunner::began, this,
                [this](const QString &, const QString &verb) {
                    if (verb == QLatin1String("hold"))
                        m->traffic.hold();
                });
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_COMPARE(m->traffic.world.asked, Weight{0});
        for (int i = 0; i < 10 && !done.isFinished(); ++i) {
            m->clock.advance(seconds(1));
            QCoreApplication::processEvents();
        }
        QVERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QVERIFY2(done.result().text.contains(QStringLiteral("not known")),
                 qPrintable(done.result().text));
        m->traffic.release();
        QTRY_VERIFY(m->traffic.world.hold);
    }

    void whatSomebodyElseHoldsIsHeld()
    {
        m->toWeight(50);
        m->traffic.beforeHold = [this] {
            m->traffic.change([](TrafficState &t) {
                t.hold = Hold{QStringLiteral("B. Beispiel"), {}, QStringLiteral("mine"), {}, {}};
            });
        };
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(m->traffic.world.hold->by, QStringLiteral("B. Beispiel"));
        QVERIFY2(!done.result().text.contains(QStringLiteral("not held")),
                 qPrintable(done.result().text));
    }

    void aRollbackDoesNotBounceWhenSomebodyMovedTheWeight()
    {
        m->toWeight(50);
        const Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        m->traffic.change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{10}); });
        m->traffic.beforeWrite = [this] {
            m->traffic.change([](TrafficState &t) { t.asked = t.accepted.emplace(Weight{100}); });
        };
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(m->traffic.writes.size(), 2);
        QCOMPARE(m->traffic.world.asked, Weight{0});
    }

    void whatRunsCouldStillMoveStandsInItsConfirmation()
    {
        m->toWeight(10);
        const Preview without = m->rollout->previewRollback();
        QSignalSpy changed(m->rollout.get(), &RolloutController::previewChanged);
        const RunsLine line{
            {PreviewRow::Kind::Unknown, QStringLiteral("Runs"), QStringLiteral("GitHub is lost")},
            {{QStringLiteral("run 7012"), QStringLiteral("cancel it")}}};
        m->rollout->setRuns(QStringLiteral("GitHub"), line);
        m->rollout->setRuns(QStringLiteral("GitHub"), line);
        QCOMPARE(changed.size(), 1);
        const Preview with = m->rollout->previewRollback();
        QVERIFY(with.rows.contains(line.row));
        QVERIFY(!without.rows.contains(line.row));
        QCOMPARE(m->rollout->runs().stillAble, line.stillAble);
    }

    void anAcceptedRollbackIsTold()
    {
        m->toWeight(10);
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        const auto done = m->rollout->rollBack(
            confirmed(m->rollout->previewRollback(), QStringLiteral("errors")));
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.first().value(0).toString(), QStringLiteral("errors"));
        QCOMPARE(told.first().value(1).toString(), QStringLiteral("A. Muster"));
    }

    void aRollbackThatWasNotAcceptedIsNotTold()
    {
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        rollBackUnaccepted();
        QVERIFY(told.isEmpty());
    }

    void aRollbackThatIsAcceptedLateIsToldThen()
    {
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        rollBackUnaccepted();
        accept();
        QCOMPARE(told.size(), 1);
        QCOMPARE(told.first().value(0).toString(), QStringLiteral("errors"));
        QCOMPARE(told.first().value(1).toString(), QStringLiteral("A. Muster"));
        m->toWeight(10);
        m->toWeight(0);
        QCOMPARE(told.size(), 1);
    }

    void whatIsAcceptedInsteadOfARollbackIsNotTold_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"somebody else's", "long after", "another stable"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void whatIsAcceptedInsteadOfARollbackIsNotTold()
    {
        QFETCH(QString, what);
        QSignalSpy told(m->rollout.get(), &RolloutController::rolledBack);
        rollBackUnaccepted();
        if (what == QLatin1String("long after"))
            m->clock.advance(std::chrono::minutes(11));
        m->traffic.change([this, what](TrafficState &t) {
            if (what == QLatin1String("another stable"))
                t.stable = readyRevision(QStringLiteral("svc"), other, 3);
            if (what == QLatin1String("somebody else's"))
                t.changes = {WeightChange{m->clock.now(),
                                          QStringLiteral("B. Beispiel"),
                                          Weight{10},
                                          Weight{0},
                                          {},
                                          IntentId(QStringLiteral("another")),
                                          {}}};
        });
        accept();
        QVERIFY(told.isEmpty());
    }

    void aRollbackToAnotherTargetGoesBackToTheDialog()
    {
        m->toWeight(50);
        const Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        m->traffic.change(
            [](TrafficState &t) { t.stable = readyRevision(QStringLiteral("svc"), other, 3); });
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(m->traffic.writes.isEmpty());
        QVERIFY(m->journal.records(RecordKind::Intent).isEmpty());
    }

    void aTargetThatMovesWhileItIsReadAgainIsAConflictOnRecord()
    {
        m->toWeight(50);
        const Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        m->traffic.hold();
        const auto done = m->rollout->rollBack(confirmation);
        m->traffic.change(
            [](TrafficState &t) { t.stable = readyRevision(QStringLiteral("svc"), other, 3); });
        m->traffic.release();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Conflict);
        QVERIFY(m->traffic.writes.isEmpty());
        QCOMPARE(m->journal.records(RecordKind::Intent).size(), 1);
        QCOMPARE(m->journal.records(RecordKind::Outcome).size(), 1);
    }

    void itIsRecordedWhileTheWeightIsReadAgain()
    {
        m->toWeight(50);
        const Confirmation confirmation = confirmed(m->rollout->previewRollback(), {});
        m->traffic.hold();
        const auto done = m->rollout->rollBack(confirmation);
        QTRY_COMPARE(m->journal.records(RecordKind::Intent).size(), 1);
        QVERIFY(m->traffic.writes.isEmpty());
        m->traffic.release();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
    }

    void nothingIsSentBeforeItIsRecorded()
    {
        m->toWeight(50);
        m->journal.hold(RecordKind::Intent);
        const int glances = m->traffic.glances;
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        m->clock.advance(seconds(2));
        QCOMPARE(m->traffic.glances, glances + 1);
        QCoreApplication::processEvents();
        QVERIFY(m->traffic.writes.isEmpty());
        m->journal.answer();
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(m->traffic.writes.size(), 1);
    }

    void aRollbackOvertakesAPromotionThatHangs()
    {
        m->toWeight(10);
        m->clock.advance(seconds(31));
        m->traffic.acceptsAtOnce = false;
        const auto promotion = m->rollout->promote(confirmed(m->rollout->previewPromote()));
        QVERIFY(!promotion.isFinished());
        m->traffic.acceptsAtOnce = true;
        const auto done = m->rollout->rollBack(confirmed(m->rollout->previewRollback(), {}));
        QTRY_VERIFY(done.isFinished() && promotion.isFinished());
        QCOMPARE(outcome(done), Kind::Done);
        QCOMPARE(outcome(promotion), Kind::Unknown);
        QCOMPARE(m->traffic.world.asked, Weight{0});
    }

    void withNothingInFlightTheWayBackIsWhatTheSystemWouldTake()
    {
        RolloutSettings cloud = settings();
        cloud.afterFull = StepRules::AfterFull::PreviousStays;
        m->start(&m->metrics, cloud);
        m->toWeight(50);
        const QString before = QStringLiteral("svc-1");
        m->traffic.change([](TrafficState &t) {
            t.stable = t.candidate;
            t.candidate.reset();
            t.asked = t.accepted.emplace(Weight{0});
        });
        m->traffic.tell();
        // The stable that was left is not ready any more: the system tells none.
        QCOMPARE(m->rollout->wayBack().speed, WayBack::Speed::None);
        QVERIFY(!m->rollout->mayRollBack().allowed());
        m->traffic.change(
            [before](TrafficState &t) { t.previous = readyRevision(before, other, 1); });
        m->traffic.tell();
        const Preview preview = m->rollout->previewRollback();
        QCOMPARE(preview.typed, other.left(7));
        const auto done = m->rollout->rollBack(confirmed(preview, {}));
        QTRY_COMPARE(m->traffic.writes.size(), 1);
        QCOMPARE(m->traffic.writes.first().target, RevisionName(before));
        QCOMPARE(m->traffic.writes.first().candidateCommit, CommitId(good));
    }

private:
    /// Its write arrives and is not accepted in time.
    void rollBackUnaccepted()
    {
        m->toWeight(10);
        m->traffic.acceptsAtOnce = false;
        const auto done = m->rollout->rollBack(
            confirmed(m->rollout->previewRollback(), QStringLiteral("errors")));
        for (int i = 0; i < 120 && !done.isFinished(); ++i) {
            m->clock.advance(seconds(2));
            QCoreApplication::processEvents();
        }
        QTRY_VERIFY(done.isFinished());
        QCOMPARE(outcome(done), Kind::Unknown);
    }
    void accept()
    {
        m->traffic.change([](TrafficState &t) { t.accepted = Weight{0}; });
        m->traffic.tell();
    }
    static Kind outcome(const QFuture<Outcome> &done) { return done.result().kind; }

    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestRolloutRollback)

#include "testrolloutrollback.moc"
