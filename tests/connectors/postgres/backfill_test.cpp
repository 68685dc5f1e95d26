#include "base/clock.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/postgresworld.h"
#include "support/await.h"

#include <QTest>

using namespace pilothouse;

/// Batches against a real PostgreSQL: what they fill, what they leave, what survives a death.
class BackfillTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int rows = 3'000;
    PostgresWorld m_world;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;
    const Change m_change = PostgresWorld::change();

    QString sql(const QString &statement) { return m_world.server().sql(m_name, statement); }
    RunTag tag() const
    {
        return {m_change.name, QStringLiteral("M2"), QStringLiteral("A. Muster"),
                IntentId(QStringLiteral("i"))};
    }
    Facts facts()
    {
        const auto read = await(m_database->facts(m_change, Database::Nulls::Leave));
        return read ? read->value : Facts{};
    }
    void expand()
    {
        for (const StepId id : {StepId::E1, StepId::E2}) {
            const QList<ChangeStep> steps = planSteps(m_change, facts(), {});
            for (const StatementGroup &group : findStep(steps, id)->groups) {
                const auto answer = await(m_database->run(group, tag()));
                QVERIFY(answer && answer->end == TryAnswer::End::Done);
            }
        }
    }
    QString nulls()
    {
        return sql(QStringLiteral("SELECT count(*) FROM conversations WHERE organization_id IS "
                                  "NULL"));
    }
    QString wrong()
    {
        return sql(QStringLiteral("SELECT count(*) FROM conversations c JOIN users u ON u.id = "
                                  "c.user_id WHERE c.organization_id IS DISTINCT FROM "
                                  "u.organization_id"));
    }
    BatchAnswer batch(int size)
    {
        const auto answer = await(m_database->backfillBatch(m_change, size));
        if (answer)
            return *answer;
        QTest::qFail(qPrintable(answer.error().message + answer.error().detail), __FILE__,
                     __LINE__);
        return {};
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
        m_database = std::make_unique<PostgresDatabase>(m_world.settings(m_name), m_clock);
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        expand();
    }

    void cleanup() { m_database.reset(); }

    void batchesFillEveryRowOnce()
    {
        const auto begun = await(m_database->beginBackfill(m_change, tag()));
        QVERIFY(begun);
        QCOMPARE(begun->upperBound, QString::number(rows));
        QCOMPARE(begun->rowsTotal, rows);
        BatchAnswer answer = batch(1'000);
        QCOMPARE(answer.end, BatchAnswer::End::Moved);
        QCOMPARE(answer.scanned, 1'000);
        QCOMPARE(answer.written, 1'000);
        QCOMPARE(answer.row.cursor, QStringLiteral("1000"));
        QCOMPARE(nulls(), QStringLiteral("2000"));
        (void)batch(1'500);
        answer = batch(1'000);
        QCOMPARE(answer.end, BatchAnswer::End::Finished);
        QCOMPARE(answer.scanned, 500);
        QCOMPARE(answer.row.rowsScanned, rows);
        QCOMPARE(answer.row.batches, 3);
        QCOMPARE(nulls(), QStringLiteral("0"));
        QCOMPARE(wrong(), QStringLiteral("0"));
    }

    void aValueThatIsThereIsNeverOverwritten()
    {
        sql(QStringLiteral("UPDATE conversations SET organization_id = md5('mine')::uuid WHERE id "
                           "= 7"));
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        const BatchAnswer answer = batch(5'000);
        QCOMPARE(answer.scanned, rows);
        QCOMPARE(answer.written, rows - 1);
        QCOMPARE(wrong(), QStringLiteral("1"));
    }

    void aConsoleThatDiesBetweenBatchesIsResumedExactly()
    {
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        for (int i = 0; i < 4; ++i)
            (void)batch(300);
        QVERIFY(facts().backfill->runnerAlive);
        m_database.reset();

        m_database = std::make_unique<PostgresDatabase>(m_world.settings(m_name), m_clock);
        QTRY_VERIFY(!facts().backfill->runnerAlive);
        QCOMPARE(facts().backfill->cursor, QStringLiteral("1200"));
        QCOMPARE(nulls(), QString::number(rows - 1'200)); // the cursor is the rows filled, exactly
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        const auto again = await(m_database->beginBackfill(m_change, tag()));
        QVERIFY(again);
        QCOMPARE(again->cursor, QStringLiteral("1200"));
        const BatchAnswer rest = batch(5'000);
        QCOMPARE(rest.scanned, rows - 1'200);
        QCOMPARE(rest.row.rowsScanned, rows);
        QCOMPARE(rest.row.rowsWritten, rows); // nothing twice
        QCOMPARE(nulls(), QStringLiteral("0"));
    }

    void aSessionThatIsKilledInABatchChangesNothing()
    {
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        (void)batch(500);
        // Somebody holds a row of the next batch, so that it is caught at work.
        PostgresClient other(m_world.server(), m_name, QStringLiteral("other"));
        other.sql(QStringLiteral("BEGIN"));
        other.sql(QStringLiteral("UPDATE conversations SET title = 'held' WHERE id = 900"));
        auto running = m_database->backfillBatch(m_change, 1'000);
        QTRY_VERIFY(
            sql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                               "application_name LIKE "
                               "'pilothouse/conversations%' AND wait_event_type = 'Lock'"))
                .contains(QLatin1String("true"))
            || running.isFinished());
        const auto answer = await(running);
        other.sql(QStringLiteral("ROLLBACK"));
        // Killed while it waited, or timed out before the kill came: nothing of it is there.
        QVERIFY(!answer || answer->end == BatchAnswer::End::Retry);
        QCOMPARE(nulls(), QString::number(rows - 500));
        QCOMPARE(facts().backfill->cursor, QStringLiteral("500"));
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        const auto again = await(m_database->beginBackfill(m_change, tag()));
        QVERIFY(again);
        QCOMPARE(batch(5'000).scanned, rows - 500);
        QCOMPARE(nulls(), QStringLiteral("0"));
    }

    void aRowThatIsHeldIsWaitedForBrieflyAndNotSkipped()
    {
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        PostgresClient other(m_world.server(), m_name, QStringLiteral("other"));
        other.sql(QStringLiteral("BEGIN"));
        other.sql(QStringLiteral("UPDATE conversations SET title = 'held' WHERE id = 900"));
        const BatchAnswer answer = batch(1'000);
        QCOMPARE(answer.end, BatchAnswer::End::Retry);
        QCOMPARE(facts().backfill->cursor, QString());
        other.sql(QStringLiteral("COMMIT"));
        QCOMPARE(batch(1'000).end, BatchAnswer::End::Moved);
        QCOMPARE(nulls(), QString::number(rows - 1'000));
    }

    void aPauseFromElsewhereStopsTheNextBatch()
    {
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        (void)batch(500);
        PostgresDatabase other(m_world.settings(m_name), m_clock);
        QVERIFY(await(other.pauseBackfill(m_change, QStringLiteral("lunch"))));
        QCOMPARE(batch(500).end, BatchAnswer::End::Stopped);
        QCOMPARE(nulls(), QString::number(rows - 500)); // rolled back with its cursor
        QCOMPARE(facts().backfill->pausedReason, QStringLiteral("lunch"));
    }

    void whatRunsElsewhereIsPausedAndTellsByWhom()
    {
        const QString why = QStringLiteral("paused by B. Novak from on call");
        PostgresDatabase other(m_world.settings(m_name), m_clock);
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        (void)batch(500);
        const auto paused = await(other.pauseBackfill(m_change, why));
        QVERIFY(paused);
        QCOMPARE(paused->state, BackfillRow::State::Paused);
        QCOMPARE(paused->rowsScanned, 500);
        const BatchAnswer stopped = batch(500);
        QCOMPARE(stopped.end, BatchAnswer::End::Stopped);
        QCOMPARE(stopped.row.pausedReason, why);
        QCOMPARE(nulls(), QString::number(rows - 500));
        // It is paused already: nobody is told that he did it.
        QCOMPARE(await(other.pauseBackfill(m_change, why)).error().kind, ErrorKind::Conflict);
    }

    void aSweepIsPausedTooAndWhatIsVerifiedStaysSo()
    {
        PostgresDatabase other(m_world.settings(m_name), m_clock);
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        QCOMPARE(batch(5'000).end, BatchAnswer::End::Finished);
        QVERIFY(await(m_database->beginSweep(m_change)));
        QCOMPARE(await(other.pauseBackfill(m_change, QStringLiteral("paused")))->state,
                 BackfillRow::State::Paused);
        QVERIFY(await(m_database->setBackfillState(m_change, BackfillRow::State::Verified, {})));
        const auto late = await(other.pauseBackfill(m_change, QStringLiteral("paused")));
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QCOMPARE(facts().backfill->state, BackfillRow::State::Verified);
        QVERIFY(facts().backfill->finishedAt.isValid());
    }

    void rowsThatComeAfterTheBoundAreSwept()
    {
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        sql(QStringLiteral("ALTER TABLE conversations DISABLE TRIGGER USER"));
        sql(QStringLiteral("INSERT INTO conversations (user_id, title) SELECT md5('user1')::uuid, "
                           "'late' FROM generate_series(1, 7)"));
        sql(QStringLiteral("ALTER TABLE conversations ENABLE TRIGGER USER"));
        QCOMPARE(batch(5'000).end, BatchAnswer::End::Finished);
        QCOMPARE(nulls(), QStringLiteral("7"));
        const auto sweep = await(m_database->beginSweep(m_change));
        QVERIFY(sweep);
        QCOMPARE(sweep->pass, 2);
        const auto answer = await(m_database->sweepBatch(m_change, 1'000));
        QVERIFY(answer);
        QCOMPARE(answer->end, BatchAnswer::End::Finished);
        QCOMPARE(answer->scanned, 7);
        QCOMPARE(answer->written, 7);
        QCOMPARE(answer->row.rowsScanned, rows); // the backfill's own count stays
        const auto count = await(m_database->countNulls(m_change));
        QVERIFY(count);
        QCOMPARE(count->kind, NullCount::Kind::Exact);
        QCOMPARE(count->rows, 0);
    }

    void rowsWithoutASourceAreMetButNotFilled()
    {
        sql(QStringLiteral("ALTER TABLE conversations DROP CONSTRAINT conversations_user_id_fkey"));
        sql(QStringLiteral("UPDATE conversations SET user_id = md5('nobody')::uuid WHERE id <= 3"));
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        QCOMPARE(batch(5'000).written, rows - 3);
        QVERIFY(await(m_database->beginSweep(m_change)));
        const auto answer = await(m_database->sweepBatch(m_change, 1'000));
        QVERIFY(answer);
        QCOMPARE(answer->scanned, 3);
        QCOMPARE(answer->written, 0);
        QCOMPARE(await(m_database->countNulls(m_change))->rows, 3);
    }

    void anEmptyTableIsDoneAtOnce()
    {
        sql(QStringLiteral("TRUNCATE conversations"));
        const auto begun = await(m_database->beginBackfill(m_change, tag()));
        QVERIFY(begun);
        QVERIFY(begun->upperBound.isEmpty());
        QCOMPARE(batch(1'000).end, BatchAnswer::End::Finished);
    }

    void keysNeedNotBeNumbers()
    {
        sql(QStringLiteral("ALTER TABLE conversations DROP CONSTRAINT conversations_pkey, ADD "
                           "COLUMN key uuid NOT NULL DEFAULT gen_random_uuid(), ADD PRIMARY KEY "
                           "(key)"));
        QVERIFY(await(m_database->beginBackfill(m_change, tag())));
        qint64 scanned = 0;
        int batches = 0;
        for (; batches < 20; ++batches) {
            const BatchAnswer answer = batch(700);
            scanned += answer.scanned;
            if (answer.end == BatchAnswer::End::Finished)
                break;
        }
        QCOMPARE(scanned, rows);
        QCOMPARE(batches, 4);
        QCOMPARE(nulls(), QStringLiteral("0"));
        QCOMPARE(wrong(), QStringLiteral("0"));
    }
};

QTEST_GUILESS_MAIN(BackfillTest)
#include "backfill_test.moc"
