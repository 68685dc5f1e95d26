#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "migration/recipe/stepsql.h"
#include "support/await.h"

#include <QElapsedTimer>
#include <QTest>

using namespace pilothouse;

/// Single groups of statements against a real PostgreSQL with other sessions in the way.
class RunTest : public QObject
{
    Q_OBJECT

private:
    PostgresWorld m_world;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;
    const Change m_change = PostgresWorld::change();

    QString sql(const QString &statement) { return m_world.server().sql(m_name, statement); }
    RunTag tag(const char *step) const
    {
        return {m_change.name, QString::fromLatin1(step), QStringLiteral("A. Muster"),
                IntentId(QStringLiteral("intent-1"))};
    }
    Facts facts()
    {
        const auto read = await(m_database->facts(m_change, Database::Nulls::Leave));
        return read ? read->value : Facts{};
    }
    /// Every group of a step, each once.
    Result<TryAnswer> runStep(StepId id)
    {
        Result<TryAnswer> answer;
        const QList<ChangeStep> steps = planSteps(m_change, facts(), {});
        for (const StatementGroup &group : findStep(steps, id)->groups) {
            answer = await(m_database->run(group, tag(qPrintable(stepWord(id)))));
            if (!answer || answer->end != TryAnswer::End::Done)
                break;
        }
        return answer;
    }
    StatementGroup lastGroup(StepId id)
    {
        const QList<ChangeStep> steps = planSteps(m_change, facts(), {});
        return findStep(steps, id)->groups.last();
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
        m_name = m_world.makeDatabase(2'000);
        QVERIFY(!m_name.isEmpty());
        m_database = std::make_unique<PostgresDatabase>(m_world.settings(m_name), m_clock);
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
    }

    void cleanup() { m_database.reset(); }

    void aReaderIdleInItsTransactionIsNamedAndWaitedForOneSecond()
    {
        PostgresClient report(m_world.server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        QCOMPARE(report.sql(QStringLiteral("SELECT count(*) FROM conversations")),
                 QStringLiteral("2000"));

        const auto blockers
            = await(m_database->blockers({m_change.table}, LockMode::AccessExclusive));
        QVERIFY(blockers);
        QCOMPARE(blockers->value.size(), 1);
        QCOMPARE(blockers->value.first().app, QStringLiteral("report-nightly"));
        QCOMPARE(blockers->value.first().state, QStringLiteral("idle in transaction"));
        QVERIFY(blockers->value.first().since.isValid());

        (void)runStep(StepId::E1); // the records' schema needs no lock on the table
        QElapsedTimer timer;
        timer.start();
        const Result<TryAnswer> answer = await(m_database->run(lastGroup(StepId::E1), tag("E1")));
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().detail));
        QCOMPARE(answer->end, TryAnswer::End::LockTimedOut);
        QVERIFY2(timer.elapsed() >= 900 && timer.elapsed() < 4'000,
                 qPrintable(QString::number(timer.elapsed())));
        QVERIFY(!facts().column);
        QVERIFY(facts().recordedPlanHash.isEmpty()); // the record went back with it

        report.sql(QStringLiteral("COMMIT"));
        const Result<TryAnswer> again = await(m_database->run(lastGroup(StepId::E1), tag("E1")));
        QVERIFY(again);
        QCOMPARE(again->end, TryAnswer::End::Done);
        QVERIFY(facts().column);
        QCOMPARE(facts().recordedPlanHash, stepsql::planHash(m_change));
    }

    void readersBehindAreNeverHeldLongerThanTheTry()
    {
        PostgresClient report(m_world.server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        report.sql(QStringLiteral("SELECT 1 FROM conversations LIMIT 1"));
        (void)runStep(StepId::E1);

        auto running = m_database->run(lastGroup(StepId::E1), tag("E1"));
        // The watcher sees who is in the way while the worker waits.
        WaitState seen;
        QElapsedTimer limit;
        limit.start();
        while (seen.blockedBy.isEmpty() && limit.elapsed() < 5'000 && !running.isFinished()) {
            const auto wait = await(m_database->waitState());
            QVERIFY(wait);
            seen = wait->value;
        }
        QCOMPARE(seen.blockedBy.size(), 1);
        QCOMPARE(seen.blockedBy.first().app, QStringLiteral("report-nightly"));
        QElapsedTimer reader;
        reader.start();
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM conversations")), QStringLiteral("2000"));
        // The reader queued behind ACCESS EXCLUSIVE until the try gave up.
        QVERIFY2(reader.elapsed() < 1'900, qPrintable(QString::number(reader.elapsed())));
        const auto answer = await(running);
        QVERIFY(answer);
        QCOMPARE(answer->end, TryAnswer::End::LockTimedOut);
    }

    void anIdleSessionInTheWayIsEndedAndACancelAloneDoesNotHelp()
    {
        PostgresClient report(m_world.server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        report.sql(QStringLiteral("SELECT 1 FROM conversations LIMIT 1"));
        const auto holding = [this] {
            const auto blockers
                = await(m_database->blockers({m_change.table}, LockMode::AccessExclusive));
            return blockers ? blockers->value : QList<Blocker>();
        };
        QCOMPARE(holding().size(), 1);
        const Blocker blocker = holding().first();
        QVERIFY(blocker.idle());
        QVERIFY(await(m_database->cancel(blocker.pid, Database::Means::CancelStatement)));
        QCOMPARE(holding().size(), 1);
        QVERIFY(await(m_database->cancel(blocker.pid, Database::Means::EndSession)));
        QTRY_COMPARE(holding().size(), 0);
        const auto gone = await(m_database->cancel(blocker.pid, Database::Means::EndSession));
        QVERIFY(!gone);
        QCOMPARE(gone.error().kind, ErrorKind::NotFound);
    }

    void aStatementOfOursCanBeCancelled()
    {
        const StatementGroup slow{LockClass::Long, {QStringLiteral("SELECT pg_sleep(30)")}, {}, {}};
        auto running = m_database->run(slow, tag("M5"));
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                        "application_name = "
                                        "'pilothouse/conversations-organization-id/M5' AND state = "
                                        "'active'")),
                     QStringLiteral("1"));
        QVERIFY(await(m_database->cancelOwn()));
        const auto answer = await(running);
        QVERIFY(answer);
        QCOMPARE(answer->end, TryAnswer::End::Cancelled);
    }

    void aStepRemembersWhoRanIt()
    {
        QVERIFY(runStep(StepId::E1));
        const Facts now = facts();
        QCOMPARE(now.steps.size(), 1); // the records' own schema is no step
        QCOMPARE(now.steps.first().step, StepId::E1);
        QCOMPARE(now.steps.first().actor, QStringLiteral("A. Muster"));
        QCOMPARE(now.steps.first().session, PostgresServer::user());
        QCOMPARE(now.steps.first().intent.value, QStringLiteral("intent-1"));
        QVERIFY(now.column->comment.contains(QLatin1String("\"contract_due\":\"2026-12-15\"")));
    }

    void anOldWriterIsFilledInAndRemembered()
    {
        QVERIFY(runStep(StepId::E1));
        QVERIFY(runStep(StepId::E2));
        sql(QStringLiteral("DROP ROLE IF EXISTS old_app"));
        sql(QStringLiteral("CREATE ROLE old_app LOGIN"));
        // No right on users and none on schema pilothouse: the trigger has its owner's.
        sql(QStringLiteral("GRANT INSERT, SELECT ON conversations TO old_app"));
        sql(QStringLiteral("GRANT USAGE ON SEQUENCE conversations_id_seq TO old_app"));
        PostgresClient worker(m_world.server(), m_name, QStringLiteral("context-worker/4be81c0"));
        worker.sql(QStringLiteral("SET ROLE old_app"));
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(worker.sql(QStringLiteral("INSERT INTO conversations (user_id, title) SELECT "
                                               "md5('user7')::uuid, 'old' FROM generate_series(1, "
                                               "5)")),
                     QString());
        }
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM conversations WHERE title = 'old' AND "
                                    "organization_id = md5('org0')::uuid")),
                 QStringLiteral("15"));
        const Facts now = facts();
        QCOMPARE(now.oldWriters.size(), 1);
        const OldWriter seen = now.oldWriters.first();
        QCOMPARE(seen.app, QStringLiteral("context-worker/4be81c0"));
        QCOMPARE(seen.op, QStringLiteral("INSERT"));
        QCOMPARE(seen.transactionsThisHour, 3); // transactions, not rows
        QVERIFY(seen.lastAt.secsTo(now.at) < 30);

        PostgresClient fresh(m_world.server(), m_name, QStringLiteral("context-worker/9f3c2a1"));
        fresh.sql(QStringLiteral("INSERT INTO conversations (user_id, title, organization_id) "
                                 "VALUES (md5('user7')::uuid, 'new', md5('org0')::uuid)"));
        QCOMPARE(facts().oldWriters.size(), 1); // who fills the column is not seen
        sql(QStringLiteral("DROP OWNED BY old_app"));
        sql(QStringLiteral("DROP ROLE old_app"));
    }

    void twoOldWritersDoNotWaitForEachOther()
    {
        QVERIFY(runStep(StepId::E1));
        QVERIFY(runStep(StepId::E2));
        const QString insert = QStringLiteral("INSERT INTO conversations (user_id, title) VALUES "
                                              "(md5('user7')::uuid, 'old')");
        PostgresClient one(m_world.server(), m_name, QStringLiteral("web/4be81c0"));
        PostgresClient two(m_world.server(), m_name, QStringLiteral("web/4be81c0"));
        one.sql(QStringLiteral("BEGIN"));
        QCOMPARE(one.sql(insert), QString());
        two.sql(QStringLiteral("SET lock_timeout = '200ms'"));
        QCOMPARE(two.sql(insert), QString()); // would time out on a row that both write
        one.sql(QStringLiteral("COMMIT"));
        QCOMPARE(facts().oldWriters.size(), 1);
        QCOMPARE(facts().oldWriters.first().transactionsThisHour, 2);
    }

    void anInvalidIndexIsDroppedAndBuiltAgain()
    {
        QVERIFY(runStep(StepId::E1));
        // Two equal values: a unique build fails and leaves an invalid index of that name.
        const QString failed = sql(QStringLiteral("CREATE UNIQUE INDEX CONCURRENTLY "
                                                  "idx_conversations_org ON conversations "
                                                  "((1))"));
        QVERIFY(failed.startsWith(QLatin1String("ERROR")));
        sql(QStringLiteral("DROP INDEX idx_conversations_org"));
        sql(QStringLiteral("UPDATE conversations SET organization_id = md5('x')::uuid"));
        QVERIFY(sql(QStringLiteral("CREATE UNIQUE INDEX CONCURRENTLY idx_conversations_org ON "
                                   "conversations (organization_id)"))
                    .startsWith(QLatin1String("ERROR")));
        QVERIFY(facts().index);
        QVERIFY(!facts().index->valid);
        const Result<TryAnswer> answer = runStep(StepId::M4);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().detail));
        QCOMPARE(answer->end, TryAnswer::End::Done);
        QVERIFY(facts().index->valid);
        QVERIFY(facts().index->matches);
        // Once more: nothing to build.
        QCOMPARE(runStep(StepId::M4)->end, TryAnswer::End::Done);
    }

    void anIndexBuildThatLosesItsConnectionIsWaitedForAndNotStartedTwice()
    {
        QVERIFY(runStep(StepId::E1));
        // An old snapshot anywhere in the database holds the build up.
        PostgresClient old(m_world.server(), m_name, QStringLiteral("old-snapshot"));
        old.sql(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ"));
        old.sql(QStringLiteral("SELECT count(*) FROM users"));
        auto running = m_database->run(lastGroup(StepId::M4), tag("M4"));
        const QString ours = QStringLiteral("SELECT count(*) FROM pg_stat_progress_create_index");
        QTRY_COMPARE(sql(ours), QStringLiteral("1"));
        // The backend ends as in a crash: the build leaves an invalid index behind.
        sql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_progress_create_index"));
        // Our worker comes back, drops the leftover and builds again, all in one run().
        QTRY_COMPARE_WITH_TIMEOUT(sql(ours), QStringLiteral("1"), 10'000);
        QVERIFY(!running.isFinished());
        old.sql(QStringLiteral("COMMIT"));
        const auto answer = await(running);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().detail));
        QCOMPARE(answer->end, TryAnswer::End::Done);
        QVERIFY(facts().index->valid);
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_index WHERE NOT indisvalid")),
                 QStringLiteral("0"));
    }

    void aBuildOfAConsoleThatHasGoneIsWaitedFor()
    {
        QVERIFY(runStep(StepId::E1));
        PostgresClient old(m_world.server(), m_name, QStringLiteral("old-snapshot"));
        old.sql(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ"));
        old.sql(QStringLiteral("SELECT count(*) FROM users"));
        auto orphaned = m_database->run(lastGroup(StepId::M4), tag("M4"));
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_progress_create_index")),
                     QStringLiteral("1"));
        QElapsedTimer closing;
        closing.start();
        m_database.reset(); // the console closes; the server goes on
        QVERIFY2(closing.elapsed() < 3'000, qPrintable(QString::number(closing.elapsed())));
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_progress_create_index")),
                 QStringLiteral("1"));

        m_database = std::make_unique<PostgresDatabase>(m_world.settings(m_name), m_clock);
        QVERIFY(facts().index->building);
        // What the server still does for it keeps its lock.
        QVERIFY(!await(m_database->takeRunnerLock(m_change.name))->taken);
        old.sql(QStringLiteral("COMMIT"));
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        auto next = m_database->run(lastGroup(StepId::M4), tag("M4"));
        const auto answer = await(next);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().detail));
        QCOMPARE(answer->end, TryAnswer::End::Done);
        QVERIFY(facts().index->valid);
    }

    void aRightThatIsMissingIsNamed()
    {
        sql(QStringLiteral("DROP ROLE IF EXISTS visitor"));
        sql(QStringLiteral("CREATE ROLE visitor LOGIN"));
        PostgresSettings settings = m_world.settings(m_name);
        settings.user = QStringLiteral("visitor");
        m_database = std::make_unique<PostgresDatabase>(settings, m_clock);
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        const StatementGroup add{LockClass::Short,
                                 {stepsql::addColumn(m_change)},
                                 {{m_change.table, LockMode::AccessExclusive}},
                                 {}};
        const auto answer = await(m_database->run(add, tag("E1")));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::NotAllowed);
        QVERIFY(answer.error().message.contains(QLatin1String("must be owner of table")));
        // The session is out of its transaction and good for more.
        QVERIFY(await(m_database->takeRunnerLock(m_change.name)));
        m_database.reset();
        sql(QStringLiteral("DROP ROLE visitor"));
    }

    void oneRunnerAtATime()
    {
        const auto first = await(m_database->takeRunnerLock(m_change.name));
        QVERIFY(first && first->taken);
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken); // ours already
        PostgresDatabase other(m_world.settings(m_name), m_clock);
        const auto second = await(other.takeRunnerLock(m_change.name));
        QVERIFY(second);
        QVERIFY(!second->taken);
        QVERIFY2(second->holder.contains(QLatin1String("pid")), qPrintable(second->holder));
        QVERIFY(await(other.takeRunnerLock(ChangeName(QStringLiteral("another"))))->taken);
        QVERIFY(await(m_database->releaseRunnerLock(m_change.name)));
        QVERIFY(await(other.takeRunnerLock(m_change.name))->taken);
    }

    void aConsoleThatDiesFreesItsLock()
    {
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        m_database.reset();
        PostgresDatabase next(m_world.settings(m_name), m_clock);
        QTRY_VERIFY(await(next.takeRunnerLock(m_change.name))->taken);
    }
};

QTEST_GUILESS_MAIN(RunTest)
#include "run_test.moc"
