#include "action/actionrunner.h"
#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "migration/fakesource.h"
#include "migration/migrationcontroller.h"
#include "migration/samplechange.h"
#include "support/memoryjournal.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

/// The whole way of one change, through the controller, on a real PostgreSQL.
class WalkthroughTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int rows = 20'000;
    using R = RevisionReadiness;

    /// One console on one database.
    struct Console
    {
        SystemClock clock;
        MemoryJournal journal;
        ActionRunner actions{journal, QStringLiteral("A. Muster")};
        FakeSource source;
        PostgresDatabase database;
        MigrationController controller;

        Console(const PostgresSettings &settings, const MigrationSettings &migration,
                const QByteArray &soak = "0s")
            : database(settings, clock), controller(migration, source, actions, clock)
        {
            QByteArray file = sampleChangeFile();
            file.replace("soak: 3d", "soak: " + soak);
            source.content = {{QStringLiteral("changes/conversations-organization-id.yaml"), file}};
            controller.addDatabase(QStringLiteral("context"), QStringLiteral("changes"), database);
            controller.setVisible(true);
            controller.start();
        }
    };

    PostgresWorld m_world;
    QString m_name;
    std::unique_ptr<Console> m_console;
    const ChangeKey m_key{ChangeName(QStringLiteral("conversations-organization-id")),
                          QStringLiteral("context")};

    QString sql(const QString &statement) { return m_world.server().sql(m_name, statement); }
    MigrationController &controller() { return m_console->controller; }
    ChangeView view() { return *controller().view(m_key); }
    bool known() { return controller().view(m_key) && view().facts.has_value(); }
    const StepView &step(const ChangeView &view, StepId id)
    {
        for (const StepView &one : view.steps) {
            if (one.step.id == id)
                return one;
        }
        qFatal("no such step");
    }
    bool done(StepId id)
    {
        const ChangeView now = view();
        return step(now, id).step.state == ChangeStep::State::Done;
    }
    static MigrationSettings settings()
    {
        MigrationSettings settings;
        settings.environment = {EnvironmentMark::Kind::Rehearsal, QStringLiteral("rehearsal")};
        settings.poll = std::chrono::milliseconds(100);
        settings.retry.retryFrom = std::chrono::milliseconds(50);
        settings.retry.retryTo = std::chrono::milliseconds(200);
        return settings;
    }
    void open(const MigrationSettings &migration = settings(), const QByteArray &soak = "0s")
    {
        m_console = std::make_unique<Console>(m_world.settings(m_name), migration, soak);
        QTRY_VERIFY(known());
    }
    void ready()
    {
        controller().setReadiness(m_key, {{QStringLiteral("standalone"),
                                           CommitId(QStringLiteral("9f3c2a1bbbb")),
                                           R::State::Ready,
                                           {},
                                           R::Role::Traffic}});
    }
    QFuture<Outcome> press(StepId id, const QString &reason = {})
    {
        const std::optional<Preview> preview = controller().preview(m_key, id);
        if (!preview)
            return {};
        return controller().run(m_key, id, {reason, preview->fingerprint, preview->target});
    }
    /// Waits for the end of an action.
    Outcome wait(const QFuture<Outcome> &future)
    {
        if (!QTest::qWaitFor([&] { return future.isFinished(); }, 60'000))
            return {Outcome::Kind::Unknown, QStringLiteral("the test waited in vain"), {}};
        return future.resultCount() > 0
                   ? future.result()
                   : Outcome{Outcome::Kind::Unknown, QStringLiteral("cancelled"), {}};
    }
    void run(StepId id)
    {
        const Outcome outcome = wait(press(id));
        QVERIFY2(outcome.kind == Outcome::Kind::Done, qPrintable(outcome.text));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (m_world.start())
            return;
        if (PostgresWorld::mustHaveServer())
            QFAIL(qPrintable(m_world.why()));
        QSKIP(qPrintable(m_world.why()));
    }

    void init()
    {
        m_name = m_world.makeDatabase(rows);
        QVERIFY(!m_name.isEmpty());
    }

    void cleanup() { m_console.reset(); }

    void theWholeWay()
    {
        open();
        QCOMPARE(view().state, ChangeState::Planned);
        QCOMPARE(view().next, StepId::E1);
        run(StepId::E1);
        run(StepId::E2);
        QTRY_COMPARE(view().state, ChangeState::Expanded);
        run(StepId::M2); // and M3
        QTRY_COMPARE(view().state, ChangeState::Migrated);
        QVERIFY(done(StepId::M2) && done(StepId::M3));
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM conversations c JOIN users u ON u.id = "
                                    "c.user_id WHERE c.organization_id = u.organization_id")),
                 QString::number(rows));
        run(StepId::M4); // and M5
        QVERIFY(done(StepId::M4) && done(StepId::M5));

        ready();
        const std::optional<Preview> preview = controller().preview(m_key, StepId::C1);
        QVERIFY(preview);
        QCOMPARE(preview->typed, QStringLiteral("organization_id not null"));
        QCOMPARE(preview->calls.size(), 4);
        // E2 has just begun to watch for old writers.
        const auto mayContract = [this] {
            const ChangeView now = view();
            return step(now, StepId::C1).may.allowed();
        };
        QTRY_VERIFY_WITH_TIMEOUT(mayContract(), 10'000);
        run(StepId::C1); // to C4
        QTRY_COMPARE(view().state, ChangeState::Contracted);
        QCOMPARE(sql(QStringLiteral("SELECT attnotnull FROM pg_attribute WHERE attrelid = "
                                    "'conversations'::regclass AND attname = 'organization_id'")),
                 QStringLiteral("true"));
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_constraint WHERE conrelid = "
                                    "'conversations'::regclass AND contype = 'c'")),
                 QStringLiteral("0"));
        run(StepId::C5);
        QTRY_COMPARE(view().state, ChangeState::Cleaned);
        QVERIFY(!view().next);

        // Every step is remembered in the database itself, with its person.
        QStringList recorded;
        for (const StepRecord &record : view().facts->value.steps) {
            recorded << stepWord(record.step);
            QCOMPARE(record.actor, QStringLiteral("A. Muster"));
        }
        QCOMPARE(recorded.join(u' '), QStringLiteral("E1 E2 M2 M3 M4 M5 C1 C2 C3 C4 C5"));
        // And in the journal, intent before outcome.
        const QList<Record> intents = m_console->journal.records(RecordKind::Intent);
        QCOMPARE(intents.size(), 6);
        QCOMPARE(m_console->journal.records(RecordKind::Outcome).size(), 6);
        QCOMPARE(intents.first().subject,
                 QStringLiteral("change conversations-organization-id in context"));
        for (const Record &intent : intents)
            QCOMPARE(wait(controller().settle(intent)).kind, Outcome::Kind::Done);
    }

    void aReaderInTheWayIsShownAndTheStepGoesOnWhenItEnds()
    {
        open();
        PostgresClient report(m_world.server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        report.sql(QStringLiteral("SELECT 1 FROM conversations LIMIT 1"));
        QSignalSpy blocked(&controller(), &MigrationController::blocked);
        const QFuture<Outcome> going = press(StepId::E1);
        QTRY_VERIFY_WITH_TIMEOUT(!blocked.isEmpty(), 20'000);
        const auto seen = blocked.first().at(1).value<WaitState>();
        QCOMPARE(seen.blockedBy.first().app, QStringLiteral("report-nightly"));
        QTRY_VERIFY_WITH_TIMEOUT(view().running && view().running->tries >= 1, 20'000);
        QCOMPARE(view().running->current, StepId::E1);
        QVERIFY(!done(StepId::E1));
        QVERIFY(!going.isFinished());

        // The person ends it from "in the way".
        const Blocker blocker = seen.blockedBy.first();
        const Preview ending = controller().cancelPreview(m_key, blocker);
        QVERIFY(ending.calls.first().exact.contains(QLatin1String("pg_terminate_backend")));
        const Outcome ended = wait(controller().cancelBlocker(
            m_key, blocker, {QStringLiteral("in the way"), ending.fingerprint, ending.target}));
        QVERIFY2(ended.kind == Outcome::Kind::Done, qPrintable(ended.text));
        const Outcome outcome = wait(going);
        QVERIFY2(outcome.kind == Outcome::Kind::Done, qPrintable(outcome.text));
        QTRY_VERIFY(done(StepId::E1));
    }

    void aLockThatNeverComesStopsAfterItsTriesAndChangesNothing()
    {
        MigrationSettings few = settings();
        few.retry.tries = 2;
        open(few);
        PostgresClient report(m_world.server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        report.sql(QStringLiteral("SELECT 1 FROM conversations LIMIT 1"));
        const Outcome outcome = wait(press(StepId::E1));
        QCOMPARE(outcome.kind, Outcome::Kind::Failed);
        QVERIFY2(outcome.text.contains(QLatin1String("2 tries")), qPrintable(outcome.text));
        QCOMPARE(view().lastRun->ending, MigrationRun::Ending::Stopped);
        QVERIFY(!done(StepId::E1));
    }

    void contractIsRefusedWithEveryReasonAndNothingIsSent()
    {
        open(settings(), "1h");
        run(StepId::E1);
        run(StepId::E2);
        const CommitId old(QStringLiteral("4be81c0bbbb"));
        controller().setReadiness(
            m_key, {{QStringLiteral("celery worker"), old, R::State::NotReady, {}, R::Role::Worker},
                    {QStringLiteral("coditect"), old, R::State::NotReady, {}, R::Role::WayBack}});
        PostgresClient worker(m_world.server(), m_name, QStringLiteral("context-worker/4be81c0"));
        QCOMPARE(worker.sql(QStringLiteral("INSERT INTO conversations (user_id, title) VALUES "
                                           "(md5('user7')::uuid, 'old')")),
                 QString());
        const qsizetype recorded = m_console->journal.records().size();
        const Outcome outcome = wait(press(StepId::C1));
        QCOMPARE(outcome.kind, Outcome::Kind::Refused);
        for (const char *words :
             {"20,000 NULL", "celery worker 4be81c0 is not ready", "coditect 4be81c0 is a way back",
              "context-worker/4be81c0 inserted without organization_id", "M2 backfill comes first"})
            QVERIFY2(outcome.text.contains(QLatin1String(words)), qPrintable(outcome.text));
        QCOMPARE(m_console->journal.records().size(), recorded);
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_constraint WHERE conrelid = "
                                    "'conversations'::regclass AND contype = 'c'")),
                 QStringLiteral("0"));
        // The checklist says the same without a press.
        QTRY_COMPARE(step(view(), StepId::C1).may.count(Reason::Kind::Blocks), 6);
    }

    void aPausedBackfillIsTakenUpByTheNextConsoleWhereItStands()
    {
        MigrationSettings slow = settings();
        slow.backfill.first = 500;
        slow.backfill.rowsPerSecond = 2'500;
        open(slow);
        run(StepId::E1);
        run(StepId::E2);
        QFuture<Outcome> going = press(StepId::M2);
        QTRY_VERIFY_WITH_TIMEOUT(view().running && view().running->progress.done >= 1'000, 20'000);
        QVERIFY(view().running->heldByLimit);
        QCOMPARE(view().running->progress.total, rows);
        controller().pause(m_key);
        const Outcome paused = wait(going);
        QCOMPARE(paused.kind, Outcome::Kind::Done);
        QVERIFY2(paused.text.startsWith(QLatin1String("paused at")), qPrintable(paused.text));
        QTRY_COMPARE(view().state, ChangeState::Paused);
        const qint64 stand = view().facts->value.backfill->rowsScanned;
        QVERIFY(stand >= 1'000 && stand < rows);

        m_console.reset();
        open();
        QCOMPARE(view().facts->value.backfill->rowsScanned, stand);
        const Outcome resumed = wait(controller().resume(m_key));
        QVERIFY2(resumed.kind == Outcome::Kind::Done, qPrintable(resumed.text));
        QTRY_COMPARE(view().state, ChangeState::Migrated);
        QCOMPARE(view().facts->value.backfill->rowsScanned, rows);
        QCOMPARE(view().facts->value.backfill->rowsWritten, rows);
    }

    void aConsoleThatDiesInABackfillLeavesItToTheNext()
    {
        MigrationSettings slow = settings();
        slow.backfill.first = 500;
        slow.backfill.rowsPerSecond = 2'500;
        open(slow);
        run(StepId::E1);
        run(StepId::E2);
        const QFuture<Outcome> going = press(StepId::M2);
        QTRY_VERIFY_WITH_TIMEOUT(view().running && view().running->progress.done >= 1'000, 20'000);
        m_console.reset(); // no pause, no farewell
        open();
        QTRY_VERIFY(!view().facts->value.backfill->runnerAlive);
        const BackfillRow row = *view().facts->value.backfill;
        QCOMPARE(row.state, BackfillRow::State::Running);
        QCOMPARE(sql(QStringLiteral("SELECT count(organization_id) FROM conversations")),
                 row.cursor);
        QCOMPARE(row.rowsWritten, row.cursor.toLongLong());
        const Outcome resumed = wait(controller().resume(m_key));
        QVERIFY2(resumed.kind == Outcome::Kind::Done, qPrintable(resumed.text));
        QTRY_COMPARE(view().facts->value.backfill->rowsWritten, rows);
    }

    void aSecondConsoleIsRefusedAndSeesTheFirst()
    {
        MigrationSettings slow = settings();
        slow.backfill.rowsPerSecond = 1'000;
        open(slow);
        run(StepId::E1);
        run(StepId::E2);
        const QFuture<Outcome> going = press(StepId::M2);
        QTRY_VERIFY(view().running && view().running->progress.done > 0);
        Console other(m_world.settings(m_name), settings());
        QTRY_VERIFY(other.controller.view(m_key) && other.controller.view(m_key)->facts);
        QTRY_VERIFY(other.controller.view(m_key)->facts->value.backfill
                    && other.controller.view(m_key)->facts->value.backfill->runnerAlive);
        const Outcome refused = wait(other.controller.resume(m_key));
        QCOMPARE(refused.kind, Outcome::Kind::Refused);
        QVERIFY2(refused.text.contains(QLatin1String("runs in another console")),
                 qPrintable(refused.text));
        controller().pause(m_key);
        QCOMPARE(wait(going).kind, Outcome::Kind::Done);
    }

    void stepsAreTakenBackAgain()
    {
        open();
        run(StepId::E1);
        run(StepId::E2);
        const auto back = [this](StepId id, const QString &reason = {}) {
            const std::optional<Preview> preview = controller().undoPreview(m_key, id);
            return wait(
                controller().undo(m_key, id, {reason, preview->fingerprint, preview->target}));
        };
        QCOMPARE(back(StepId::E1).kind, Outcome::Kind::Refused); // the trigger is in its way
        QCOMPARE(back(StepId::E2).kind, Outcome::Kind::Done);
        QCOMPARE(controller().undoPreview(m_key, StepId::E1)->typed,
                 QStringLiteral("public.conversations.organization_id"));
        QCOMPARE(back(StepId::E1).kind, Outcome::Kind::Refused); // data is lost: why?
        const Outcome outcome = back(StepId::E1, QStringLiteral("another plan"));
        QVERIFY2(outcome.kind == Outcome::Kind::Done, qPrintable(outcome.text));
        QTRY_COMPARE(view().state, ChangeState::Planned);
        run(StepId::E1); // and once more from the start
        QTRY_VERIFY(done(StepId::E1));
    }

    void aLostServerIsSaidAndComesBack()
    {
        open();
        const auto admin = [this](const QString &statement) {
            return m_world.server().sql(PostgresServer::user(), statement.arg(m_name));
        };
        admin(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS false"));
        admin(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname "
                             "= '%1'"));
        QTRY_VERIFY(view().error);
        QVERIFY(view().facts); // what was known stays, with its age
        QVERIFY(controller().sourceState().health != SourceState::Health::Live);
        QCOMPARE(wait(press(StepId::E1)).kind, Outcome::Kind::Failed);
        QVERIFY(m_console->journal.records().isEmpty());
        admin(QStringLiteral("ALTER DATABASE %1 ALLOW_CONNECTIONS true"));
        QTRY_COMPARE(controller().sourceState().health, SourceState::Health::Live);
        QCOMPARE(view().state, ChangeState::Planned);
    }
};

QTEST_GUILESS_MAIN(WalkthroughTest)
#include "walkthrough_test.moc"
