#include "migration/migrationcontroller.h"

#include "action/outcomewords.h"
#include "migration/migrationworld.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

class MigrationControllerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filesBecomeChangesOfTheirDatabases()
    {
        World world;
        world.source.content.append({QStringLiteral("changes/broken.yaml"), "change: 1\n"});
        world.source.content.append({QStringLiteral("changes/README.md"), "words"});
        QByteArray elsewhere = sampleChangeFile();
        elsewhere.replace("name: conversations-organization-id", "name: elsewhere");
        elsewhere.replace("databases: [context]", "databases: [cotnext]");
        world.source.content.append({QStringLiteral("changes/elsewhere.yaml"), elsewhere});
        QSignalSpy list(&world.controller, &MigrationController::listChanged);
        world.controller.start();
        QVERIFY(!list.isEmpty());
        QVERIFY(!world.controller.loading());
        QVERIFY(!world.controller.listError());
        QCOMPARE(world.controller.keys(), QList<ChangeKey>{key()});
        QCOMPARE(world.controller.tip(), world.source.tip);
        const QList<BrokenChange> broken = world.controller.broken();
        QCOMPARE(broken.size(), 2);
        QCOMPARE(broken[0].path, QStringLiteral("changes/broken.yaml"));
        QVERIFY(broken[1].error.message.contains(QLatin1String("cotnext")));
        QCOMPARE(world.view().change.commit, world.source.tip);
    }

    void aRepositoryThatCannotBeReadIsSaid()
    {
        World world;
        world.source.error = Error{ErrorKind::NotFound, QStringLiteral("no such branch"), {}, {}};
        world.controller.start();
        QCOMPARE(world.controller.listError(), world.source.error);
        QVERIFY(world.controller.keys().isEmpty());
        world.source.error.reset();
        world.controller.start();
        QVERIFY(!world.controller.listError());
        QCOMPARE(world.controller.keys().size(), 1);
    }

    void readingAgainKeepsWhatIsKnown()
    {
        World world;
        world.controller.start();
        world.ready();
        world.source.tip = CommitId(QStringLiteral("c41d77e"));
        world.controller.start();
        QVERIFY(world.view().facts);
        QVERIFY(world.view().readinessKnown);
        QByteArray edited = sampleChangeFile();
        edited.replace("type: uuid", "type: text");
        world.source.content.first().content = edited;
        world.controller.start();
        QCOMPARE(world.view().change.type, QStringLiteral("text"));
        QVERIFY(world.view().readinessKnown);
    }

    void factsArePolledWhileVisibleOnly()
    {
        World world;
        world.controller.start();
        const qsizetype first = world.database.said.size();
        world.clock.advance(10s);
        QCOMPARE(world.database.said.size(), first);
        world.controller.setVisible(true);
        world.clock.advance(10s);
        QVERIFY(world.database.said.size() >= first + 5);
        world.controller.setVisible(false);
        world.clock.advance(2s);
        const qsizetype hidden = world.database.said.size();
        world.clock.advance(10s);
        QCOMPARE(world.database.said.size(), hidden);
    }

    void aCountIsKeptOverPollsUntilItIsOld()
    {
        World world;
        world.database.now = migratedFacts();
        world.controller.setVisible(true);
        world.controller.start();
        world.database.said.clear();
        world.clock.advance(20s);
        QVERIFY(!world.database.said.contains(QStringLiteral("count")));
        QCOMPARE(world.view().facts->value.nulls->rows, 0);
        world.database.now.at = sampleNow().addSecs(60);
        world.clock.advance(4s);
        QVERIFY(world.database.said.contains(QStringLiteral("count")));
    }

    void theSourceSaysHowItIs()
    {
        World world;
        QCOMPARE(world.controller.sourceState().health, SourceState::Health::Loading);
        MigrationController bare(production(), world.source, world.actions, world.clock);
        QCOMPARE(bare.sourceState().health, SourceState::Health::NotSetUp);
        QSignalSpy spy(&world.controller, &MigrationController::sourceStateChanged);
        world.controller.setVisible(true);
        world.controller.start();
        QCOMPARE(world.controller.sourceState().health, SourceState::Health::Live);
        QCOMPARE(world.controller.sourceState().name, QStringLiteral("PostgreSQL"));
        world.database.error = Error{ErrorKind::SignedOut, QStringLiteral("no"), {}, {}};
        world.clock.advance(2s);
        QCOMPARE(world.controller.sourceState().health, SourceState::Health::SignedOut);
        QCOMPARE(world.controller.sourceState().error, world.database.error);
        QVERIFY(world.view().facts); // grows old beside the error
        QVERIFY(!step(world.view(), StepId::E1).may.allowed());
        world.database.error.reset();
        world.clock.advance(2s);
        QCOMPARE(world.controller.sourceState().health, SourceState::Health::Live);
        QVERIFY(spy.size() >= 3);
        world.database.hangs = true;
        world.clock.advance(14s);
        spy.clear();
        world.clock.advance(4s); // of 15
        QCOMPARE(spy.size(), 1);
        QCOMPARE(world.controller.sourceState().health, SourceState::Health::Old);
    }

    void whatRunsElsewhereIsPausedThroughTheJournal()
    {
        World world;
        world.database.now = expandedFacts();
        BackfillRow &row = world.database.now.backfill.emplace();
        row.runnerAlive = true;
        row.runnerPid = 4711;
        row.rowsScanned = 1'310'000;
        row.rowsTotal = 2'100'000;
        world.controller.start();
        const auto preview = world.controller.pausePreview(key());
        QVERIFY(preview);
        QVERIFY(preview->rows.first().text.contains(
            QStringLiteral("1,310,000 of ~2,100,000 rows, runs elsewhere (pid 4711)")));
        const auto paused = world.controller.pauseElsewhere(key(), QStringLiteral("on call"));
        QTRY_VERIFY(paused.isFinished());
        QVERIFY2(paused.result().kind == Outcome::Kind::Done, qPrintable(paused.result().text));
        QCOMPARE(world.database.now.backfill->pausedReason,
                 QStringLiteral("paused by A. Muster from on call"));
        const Record intent = world.journal.records(RecordKind::Intent).first();
        QCOMPARE(intent.body[QLatin1String("verb")].toString(), QStringLiteral("pause backfill"));
        QCOMPARE(outcomeOf(world.journal.records(RecordKind::Outcome).first()).kind,
                 Outcome::Kind::Done);
        QCOMPARE(world.view().state, ChangeState::Paused);
        QVERIFY(!world.controller.pausePreview(key()));
        // A console that ended in between looks what came of it.
        QVERIFY(MigrationController::claims(intent));
        const auto settled = [&world, &intent] {
            return world.controller.settle(intent).result().kind;
        };
        QCOMPARE(settled(), Outcome::Kind::Done);
        world.database.now.backfill->pausedReason = QStringLiteral("lunch");
        QCOMPARE(settled(), Outcome::Kind::Failed);
        world.database.now.backfill->pausedReason
            = QStringLiteral("paused by A. Muster from on call");
        // Once more: somebody did it already.
        const auto again = world.controller.pauseElsewhere(key(), QStringLiteral("on call"));
        QTRY_VERIFY(again.isFinished());
        QCOMPARE(again.result().kind, Outcome::Kind::Conflict);
    }

    void aStepIsRunUnderIntentAndOutcome()
    {
        World world;
        world.obey();
        world.controller.start();
        world.database.said.clear();
        const QFuture<Outcome> going = world.press(StepId::E1);
        QTRY_VERIFY(going.isFinished());
        QVERIFY2(going.result().kind == Outcome::Kind::Done, qPrintable(going.result().text));
        // Read at the press, then under the lock, then for the proof.
        QStringList order = world.database.said;
        order = order.mid(order.indexOf(QStringLiteral("lock")));
        QCOMPARE(order.mid(0, 6).join(u' '),
                 QStringLiteral("lock facts run E1 run E1 facts unlock"));
        QCOMPARE(world.view().state, ChangeState::Expanding);
        QCOMPARE(world.view().lastRun->ending, MigrationRun::Ending::Done);
        const QList<Record> records = world.journal.records();
        QCOMPARE(records.size(), 2);
        QCOMPARE(records[0].kind, RecordKind::Intent);
        QCOMPARE(records[0].subject, QStringLiteral("change conversations-organization-id in "
                                                    "context"));
        QCOMPARE(records[0].body.value(QStringLiteral("steps")).toArray().first().toString(),
                 QStringLiteral("E1"));
        QVERIFY(records[0].body.value(QStringLiteral("statements")).toArray().size() == 2);
        QCOMPARE(records[1].kind, RecordKind::Outcome);
    }

    void theNextStepIsOffUntilTheOutcomeIsWrittenDown()
    {
        World world;
        world.obey();
        world.ready();
        world.controller.start();
        world.journal.hold(RecordKind::Outcome);
        const QFuture<Outcome> going = world.press(StepId::E1);
        QTRY_VERIFY(world.view().lastRun);
        const auto blocked = [&world] {
            return step(world.view(), StepId::E2).may.first(Reason::Kind::Blocks);
        };
        QCOMPARE(blocked(), QStringLiteral("E1 is running"));
        QSignalSpy changed(&world.controller, &MigrationController::changed);
        world.journal.answer();
        QTRY_VERIFY(going.isFinished());
        QCOMPARE(blocked(), QString());
        QVERIFY(!changed.isEmpty());
    }

    void withoutAJournalNothingIsRun()
    {
        World world;
        world.obey();
        world.controller.start();
        world.journal.failWith(Error{ErrorKind::Unavailable, QStringLiteral("disk full"), {}, {}});
        world.database.said.clear();
        QCOMPARE(world.press(StepId::E1).result().kind, Outcome::Kind::Refused);
        QVERIFY(!world.database.said.contains(QStringLiteral("lock")));
    }

    void whatChangedSinceTheDialogGoesBackToIt()
    {
        World world;
        world.obey();
        world.controller.start();
        const Preview seen = *world.controller.preview(key(), StepId::E1);
        world.database.now.table->heapBytes *= 2; // moves by itself: no matter
        world.database.now.recordKept = true;     // other statements would be sent
        const QFuture<Outcome> going
            = world.controller.run(key(), StepId::E1, {{}, seen.fingerprint, seen.target});
        QCOMPARE(going.result().kind, Outcome::Kind::Conflict);
        QVERIFY(world.journal.records().isEmpty());
        const Preview fresh = *world.controller.preview(key(), StepId::E1);
        QVERIFY(fresh.fingerprint != seen.fingerprint);
        QCOMPARE(world.controller.run(key(), StepId::E1, {{}, fresh.fingerprint, fresh.target})
                     .result()
                     .kind,
                 Outcome::Kind::Done);
    }

    void whatMovesByItselfDoesNotGoBack()
    {
        World world;
        world.obey();
        world.controller.start();
        const Preview seen = *world.controller.preview(key(), StepId::E1);
        world.database.now.at = sampleNow().addSecs(30);
        world.database.now.table->heapBytes *= 2;
        world.database.now.table->rowEstimate += 100;
        QCOMPARE(world.controller.run(key(), StepId::E1, {{}, seen.fingerprint, seen.target})
                     .result()
                     .kind,
                 Outcome::Kind::Done);
    }

    void contractAsksForItsWordsAndRunsAllFour()
    {
        World world;
        world.obey();
        world.database.now = migratedFacts();
        world.controller.start();
        world.ready();
        const Preview preview = *world.controller.preview(key(), StepId::C1);
        QCOMPARE(preview.environment.kind, EnvironmentMark::Kind::Production);
        QCOMPARE(preview.scope, QStringLiteral("context-production"));
        QCOMPARE(preview.title, QStringLiteral("CONTRACT conversations.organization_id, C1 to C4"));
        QCOMPARE(preview.verb, QStringLiteral("Run C1 to C4"));
        QCOMPARE(preview.typed, QStringLiteral("organization_id not null"));
        QStringList labels;
        for (const PreviewRow &row : preview.rows)
            labels << row.label;
        for (const char *label :
             {"Locks", "Size", "Now", "Code", "For", "Breaks", "If it fails", "Way back", "As"})
            QVERIFY2(labels.contains(QLatin1String(label)), label);
        for (const PreviewRow &row : preview.rows) {
            if (row.label == QLatin1String("Locks"))
                QCOMPARE(row.text, QStringLiteral("C1 C3 C4 ACCESS EXCLUSIVE on "
                                                  "public.conversations · C2 SHARE UPDATE "
                                                  "EXCLUSIVE on public.conversations"));
            if (row.label == QLatin1String("Way back"))
                QVERIFY(row.text.contains(QLatin1String("DROP NOT NULL, instant, no data lost")));
        }
        QCOMPARE(world.press(StepId::C1).result().kind, Outcome::Kind::Done);
        QCOMPARE(world.view().state, ChangeState::Contracted);
        QCOMPARE(world.controller.preview(key(), StepId::C5)->typed,
                 QStringLiteral("drop trigger"));
    }

    void contractIsRefusedAtThePressWhenCodeGrewOld()
    {
        World world;
        world.obey();
        world.database.now = migratedFacts();
        world.controller.start();
        world.ready();
        const Preview seen = *world.controller.preview(key(), StepId::C1);
        world.controller.setReadiness(key(), {{QStringLiteral("celery worker"),
                                               CommitId(QStringLiteral("4be81c0bbbb")),
                                               RevisionReadiness::State::NotReady,
                                               {},
                                               RevisionReadiness::Role::Worker}});
        const Outcome outcome
            = world.controller.run(key(), StepId::C1, {{}, seen.fingerprint, seen.target}).result();
        QCOMPARE(outcome.kind, Outcome::Kind::Refused);
        QVERIFY(outcome.text.contains(QLatin1String("celery worker 4be81c0 is not ready")));
        QVERIFY(world.journal.records().isEmpty());
        QVERIFY(!world.database.said.contains(QStringLiteral("lock")));
    }

    void otherEnvironmentsAskForNoWords()
    {
        MigrationSettings settings;
        settings.environment = {EnvironmentMark::Kind::Other, QStringLiteral("dev")};
        World world(settings);
        world.database.now = migratedFacts();
        world.controller.start();
        QVERIFY(world.controller.preview(key(), StepId::C1)->typed.isEmpty());
    }

    void aLockThatDoesNotComeIsTriedAgainLater()
    {
        World world;
        int tries = 0;
        world.controller.start();
        world.database.now.recordKept = true;
        world.database.onRun = [&](const StatementGroup &, const RunTag &) {
            if (++tries < 3)
                return TryAnswer::End::LockTimedOut;
            world.database.now.column = expandedFacts().column;
            return TryAnswer::End::Done;
        };
        world.controller.start();
        const QFuture<Outcome> going = world.press(StepId::E1);
        QVERIFY(!going.isFinished());
        QCOMPARE(world.view().running->tries, 1);
        QCOMPARE(world.view().running->maxTries, 20);
        QVERIFY(world.view().running->nextTryIn);
        QVERIFY(!step(world.view(), StepId::E2).may.allowed());
        // Somebody presses again: refused, nothing runs twice.
        QCOMPARE(world.press(StepId::E1).result().kind, Outcome::Kind::Refused);
        world.clock.advance(30s);
        QTRY_VERIFY(going.isFinished());
        QCOMPARE(going.result().kind, Outcome::Kind::Done);
        QCOMPARE(tries, 3);
    }

    void stopEndsTheWaitAndSaysThatNothingChanged()
    {
        World world;
        world.database.now.recordKept = true;
        world.database.onRun = [](const StatementGroup &, const RunTag &) {
            return TryAnswer::End::LockTimedOut;
        };
        world.controller.start();
        const QFuture<Outcome> going = world.press(StepId::E1);
        QVERIFY(!going.isFinished());
        world.controller.stop(key());
        QTRY_VERIFY(going.isFinished());
        QCOMPARE(going.result().kind, Outcome::Kind::Failed);
        QVERIFY(going.result().text.contains(QLatin1String("nothing was changed")));
    }

    void aBackfillShowsItsProgressAndPauses()
    {
        World world;
        world.database.now = expandedFacts();
        world.database.now.backfill = BackfillRow();
        world.database.now.backfill->state = BackfillRow::State::Paused;
        world.database.now.backfill->rowsTotal = 100'000;
        world.database.onBatch = [&](int size) {
            BatchAnswer answer;
            answer.scanned = size;
            answer.written = size;
            answer.took = 200ms;
            world.database.now.backfill->rowsScanned += size;
            return answer;
        };
        world.controller.start();
        const QFuture<Outcome> going = world.controller.resume(key());
        QVERIFY(!going.isFinished());
        world.clock.advance(5s);
        const RunView running = *world.view().running;
        QVERIFY(running.progress.done > 10'000);
        QCOMPARE(running.progress.total, 100'000);
        QVERIFY(running.progress.rowsPerSecond() > 0);
        QCOMPARE(running.current, StepId::M2);
        world.controller.pause(key());
        QTRY_VERIFY(going.isFinished());
        QCOMPARE(going.result().kind, Outcome::Kind::Done);
        QVERIFY(going.result().text.startsWith(QLatin1String("paused at ")));
        QCOMPARE(world.view().state, ChangeState::Paused);
        QVERIFY(!world.view().running);
    }

    void whoIsInTheWayIsAnnounced()
    {
        World world;
        world.database.now.recordKept = true;
        world.database.holders = {{4711,
                                   QStringLiteral("report"),
                                   QStringLiteral("report-nightly"),
                                   QStringLiteral("idle in transaction"),
                                   {},
                                   {},
                                   sampleNow(),
                                   false}};
        world.controller.start();
        QCOMPARE(world.view().inTheWay.size(), 1);
        const Preview ending
            = world.controller.cancelPreview(key(), world.database.holders.first());
        QCOMPARE(ending.verb, QStringLiteral("End the session"));
        QCOMPARE(
            world.controller
                .cancelBlocker(key(), world.database.holders.first(),
                               {QStringLiteral("in the way"), ending.fingerprint, ending.target})
                .result()
                .kind,
            Outcome::Kind::Done);
        QVERIFY(world.database.said.contains(QStringLiteral("end 4711")));
        QCOMPARE(world.journal.records(RecordKind::Intent).size(), 1);
    }

    void orphanedIntentsAreJudgedByTheFacts_data()
    {
        QTest::addColumn<QStringList>("steps");
        QTest::addColumn<bool>("undo");
        QTest::addColumn<Outcome::Kind>("kind");
        const QStringList e1{QStringLiteral("E1")};
        const QStringList contract{QStringLiteral("C1"), QStringLiteral("C2")};
        QTest::newRow("what is there was done") << e1 << false << Outcome::Kind::Done;
        QTest::newRow("what is not there was not") << contract << false << Outcome::Kind::Failed;
        QTest::newRow("an undo of what is there was not done")
            << e1 << true << Outcome::Kind::Failed;
        QTest::newRow("a step of another program is unknown")
            << QStringList{QStringLiteral("X9")} << false << Outcome::Kind::Unknown;
    }

    void orphanedIntentsAreJudgedByTheFacts()
    {
        QFETCH(QStringList, steps);
        QFETCH(bool, undo);
        QFETCH(Outcome::Kind, kind);
        World world;
        world.database.now = expandedFacts();
        world.controller.start();
        Record intent;
        intent.body = {{QStringLiteral("change"), key().change.value},
                       {QStringLiteral("database"), QStringLiteral("context")},
                       {QStringLiteral("steps"), QJsonArray::fromStringList(steps)},
                       {QStringLiteral("undo"), undo}};
        QCOMPARE(world.controller.settle(intent).result().kind, kind);
    }

    void aReadOnlyConsoleRunsNothing()
    {
        MigrationSettings settings = production();
        settings.readOnly = true;
        World world(settings);
        world.controller.start();
        QCOMPARE(world.press(StepId::E1).result().kind, Outcome::Kind::Refused);
        QVERIFY(!step(world.view(), StepId::E1).may.allowed());
    }

    void daysAreCountedToTheDueDate()
    {
        World world;
        world.controller.start();
        const int expected = static_cast<int>(world.clock.now().date().daysTo(QDate(2026, 12, 15)));
        QCOMPARE(world.view().daysLeft, expected);
    }
};

QTEST_GUILESS_MAIN(MigrationControllerTest)
#include "migrationcontroller_test.moc"
