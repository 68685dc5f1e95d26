#include "base/clock.h"
#include "connectors/postgres/bothservers.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/runnerlock.h"
#include "migration/migrationrunner.h"
#include "support/await.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <atomic>
#include <thread>

using namespace pilothouse;

namespace {

/// Another console that waits in the server's own queue for the runner lock, so that it has it at
/// the very moment at which it is free.
class Waiter
{
public:
    Waiter(const PostgresServer &server, const QString &database, const ChangeName &change)
        : m_thread([this, &server, database, change] {
              PostgresClient client(server, database, QStringLiteral("other-console"));
              client.sql(QStringLiteral("SELECT pg_advisory_lock(%1)").arg(runnerLockKey(change)));
              m_has = true;
              m_has.notify_all();
              m_over.wait(false);
          })
    {}
    ~Waiter()
    {
        m_over = true;
        m_over.notify_all();
        m_thread.join();
    }
    Q_DISABLE_COPY_MOVE(Waiter)

    [[nodiscard]] bool has() const { return m_has; }

private:
    std::atomic<bool> m_has = false;
    std::atomic<bool> m_over = false;
    std::thread m_thread;
};

} // namespace

/// The runner lock ends with the session that took it, and what only its holder may do ends too.
class RunnerLockTest : public QObject
{
    Q_OBJECT

private:
    static constexpr int rows = 3'000;
    BothServers m_servers;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;
    const Change m_change = PostgresWorld::change();

    PostgresWorld &world() { return m_servers.world(); }
    QString sql(const QString &statement) { return world().server().sql(m_name, statement); }
    RunTag tag(StepId step) const
    {
        return {m_change.name, stepWord(step), QStringLiteral("A. Muster"),
                IntentId(QStringLiteral("i"))};
    }
    Facts facts()
    {
        const auto read = await(m_database->facts(m_change, Database::Nulls::Leave));
        return read ? read->value : Facts{};
    }
    StatementGroup lastGroup(StepId id)
    {
        return findStep(planSteps(m_change, facts(), {}), id)->groups.last();
    }
    void expand()
    {
        QVERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        for (const StepId id : {StepId::E1, StepId::E2}) {
            const QList<ChangeStep> steps = planSteps(m_change, facts(), {});
            for (const StatementGroup &group : findStep(steps, id)->groups) {
                const auto answer = await(m_database->run(group, tag(id)));
                QVERIFY(answer && answer->end == TryAnswer::End::Done);
            }
        }
    }
    /// Ends the session that has the runner lock.
    void endHolder()
    {
        QCOMPARE(sql(QStringLiteral("SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE ")
                     + isRunnerLock(m_change.name)),
                 QStringLiteral("true"));
    }
    void waitsForIt()
    {
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE "
                                        "application_name = 'other-console' AND wait_event = "
                                        "'advisory'")),
                     QStringLiteral("1"));
    }
    QString row() { return sql(QStringLiteral("SELECT to_jsonb(b) FROM pilothouse.backfill b")); }
    QString written()
    {
        return sql(QStringLiteral("SELECT count(*) FROM pilothouse.step"))
               + sql(QStringLiteral("SELECT count(*) FROM conversations WHERE organization_id IS "
                                    "NOT NULL"));
    }
    template <typename T>
    void isRefused(const QFuture<Result<T>> &future)
    {
        const Result<T> answer = await(future);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Unavailable);
        QVERIFY2(answer.error().message.contains(QLatin1String("runner lock")),
                 qPrintable(answer.error().message));
    }

private Q_SLOTS:
    void initTestCase_data() { m_servers.addRows(); }

    void initTestCase()
    {
        const QString why = m_servers.start();
        if (why.isEmpty())
            return;
        if (PostgresWorld::mustHaveServer())
            QFAIL(qPrintable(why));
        QSKIP(qPrintable(why));
    }

    void init()
    {
        m_name = world().makeDatabase(rows);
        QVERIFY(!m_name.isEmpty());
        m_database = std::make_unique<PostgresDatabase>(world().settings(m_name), m_clock);
        expand();
    }

    void cleanup() { m_database.reset(); }

    void withoutItNothingIsRunFilledOrRecorded()
    {
        QVERIFY(await(m_database->releaseRunnerLock(m_change.name)));
        const QString before = written();
        isRefused(m_database->run(lastGroup(StepId::M4), tag(StepId::M4)));
        isRefused(m_database->record(tag(StepId::M4)));
        isRefused(m_database->beginBackfill(m_change, tag(StepId::M2)));
        QCOMPARE(written(), before);
        QCOMPARE(row(), QString());
        QVERIFY(await(m_database->releaseRunnerLock(m_change.name))); // nothing to give back
    }

    /// The session is made anew for another change, which must not bring this one's run back.
    void aSessionThatIsLostBetweenTwoBatchesGoesOnOnlyWithItsLock()
    {
        const ChangeName another(QStringLiteral("another-change"));
        QVERIFY(await(m_database->beginBackfill(m_change, tag(StepId::M2))));
        QCOMPARE(await(m_database->backfillBatch(m_change, 500))->scanned, 500);
        const QString before = row();
        const QString done = written();
        {
            const Waiter other(world().server(), m_name, m_change.name);
            waitsForIt();
            endHolder();
            QTRY_VERIFY(other.has());
            QVERIFY(!await(m_database->takeRunnerLock(another))); // tells of the loss
            QVERIFY(await(m_database->takeRunnerLock(another))->taken);

            isRefused(m_database->backfillBatch(m_change, 500));
            isRefused(m_database->sweepBatch(m_change, 500));
            isRefused(m_database->beginBackfill(m_change, tag(StepId::M2)));
            isRefused(m_database->beginSweep(m_change));
            isRefused(m_database->setBackfillState(m_change, BackfillRow::State::Verified, {}));
            isRefused(m_database->record(tag(StepId::M2)));
            isRefused(m_database->run(lastGroup(StepId::M4), tag(StepId::M4)));
            isRefused(m_database->countNulls(m_change));
            QCOMPARE(row(), before);
            QCOMPARE(written(), done);
            const auto refused = await(m_database->takeRunnerLock(m_change.name));
            QVERIFY(!refused->taken);
            QVERIFY2(refused->holder.contains(QLatin1String("other-console")),
                     qPrintable(refused->holder));
        }
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
        const auto again = await(m_database->beginBackfill(m_change, tag(StepId::M2)));
        QVERIFY(again);
        QCOMPARE(again->cursor, QStringLiteral("500"));
        const auto rest = await(m_database->backfillBatch(m_change, 5'000));
        QCOMPARE(rest->row.rowsWritten, rows); // nothing twice
    }

    void whatAnotherSessionRunsIsNeverMarked()
    {
        QVERIFY(await(m_database->beginBackfill(m_change, tag(StepId::M2))));
        sql(QStringLiteral("UPDATE pilothouse.backfill SET runner_pid = 4711"));
        const QString before = row();
        const auto marked
            = await(m_database->setBackfillState(m_change, BackfillRow::State::Verified, {}));
        QVERIFY(!marked);
        QCOMPARE(marked.error().kind, ErrorKind::Conflict);
        QVERIFY(marked.error().message.contains(QLatin1String("4711")));
        QCOMPARE(row(), before);
    }

    void aRunWhoseSessionIsLostEndsAsUnknownWhileAnotherHasTheLock()
    {
        QVERIFY(await(m_database->releaseRunnerLock(m_change.name)));
        MigrationRunner runner(m_change, *m_database, m_clock);
        migrationevent::Start start;
        const QList<ChangeStep> steps = planSteps(m_change, facts(), {});
        start.steps = {*findStep(steps, StepId::M2), *findStep(steps, StepId::M3)};
        start.limits.smallest = start.limits.first = start.limits.largest = 500;
        const auto begin = [&] {
            runner.start(start, QStringLiteral("A. Muster"), IntentId(), {});
        };
        QString before;
        {
            std::unique_ptr<Waiter> other;
            // Between two batches: the runner is told nothing while this slot is at work.
            const auto lose = connect(&runner, &MigrationRunner::changed, this, [&] {
                if (other || runner.run().doing != MigrationRun::Doing::Resting
                    || runner.run().progress.done < 1'000)
                    return;
                other = std::make_unique<Waiter>(world().server(), m_name, m_change.name);
                while (sql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = "
                                          "'advisory' AND NOT granted"))
                       != QLatin1String("1")) {
                }
                endHolder();
                before = row();
            });
            begin();
            QTRY_COMPARE(runner.run().doing, MigrationRun::Doing::Returning);
            disconnect(lose);
            QTRY_VERIFY(other->has());
            QTest::qWait(1'500); // it asks for the lock again meanwhile
            QCOMPARE(runner.run().doing, MigrationRun::Doing::Returning);
            QCOMPARE(row(), before);
            runner.stop();
            QTRY_VERIFY(!runner.busy());
            QCOMPARE(runner.outcome().kind, Outcome::Kind::Unknown);
            begin();
            QTRY_VERIFY(!runner.busy());
            QCOMPARE(runner.outcome().kind, Outcome::Kind::Refused);
            QVERIFY2(runner.outcome().text.contains(QLatin1String("other-console")),
                     qPrintable(runner.outcome().text));
            QCOMPARE(row(), before);
        }
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_locks l WHERE ")
                         + isRunnerLock(m_change.name)),
                     QStringLiteral("0"));
        begin();
        QTRY_VERIFY(!runner.busy());
        QVERIFY2(runner.outcome().kind == Outcome::Kind::Done, qPrintable(runner.outcome().text));
        QCOMPARE(facts().backfill->rowsWritten, rows);
    }

    void anIndexBuildThatLosesItsLockToAnotherSendsNothingMore()
    {
        PostgresClient old(world().server(), m_name, QStringLiteral("old-snapshot"));
        old.sql(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ"));
        old.sql(QStringLiteral("SELECT count(*) FROM users"));
        const Waiter other(world().server(), m_name, m_change.name);
        waitsForIt();
        const auto running = m_database->run(lastGroup(StepId::M4), tag(StepId::M4));
        const QString builds = QStringLiteral("SELECT count(*) FROM pg_stat_progress_create_index");
        QTRY_COMPARE(sql(builds), QStringLiteral("1"));
        endHolder();
        const auto answer = await(running);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Unavailable);
        QVERIFY2(answer.error().message.contains(QLatin1String("other-console")),
                 qPrintable(answer.error().message));
        QCOMPARE(sql(builds), QStringLiteral("0"));
        QVERIFY(facts().index);
        QVERIFY(!facts().index->valid); // the leftover is the other's to drop
    }

    void whatTheServerStillDoesForAConsoleThatHasGoneIsTold_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("index");
        QTest::newRow("CREATE INDEX")
            << QStringLiteral("CREATE INDEX CONCURRENTLY orphan ON conversations (title)")
            << QStringLiteral("orphan");
        QTest::newRow("VALIDATE") << QStringLiteral(
            "ALTER TABLE conversations VALIDATE CONSTRAINT orphan")
                                  << QString();
    }

    void whatTheServerStillDoesForAConsoleThatHasGoneIsTold()
    {
        QFETCH(QString, statement);
        QFETCH(QString, index);
        if (index.isEmpty())
            sql(QStringLiteral("ALTER TABLE conversations ADD CONSTRAINT orphan CHECK (title <> "
                               "'') NOT VALID"));
        PostgresClient other(world().server(), m_name, QStringLiteral("somebody"));
        other.sql(QStringLiteral("BEGIN"));
        other.sql(QStringLiteral("LOCK TABLE conversations IN SHARE UPDATE EXCLUSIVE MODE"));
        const StatementGroup group{LockClass::Long,
                                   {statement},
                                   {{m_change.table, LockMode::ShareUpdateExclusive}},
                                   index};
        const auto lost = m_database->run(group, tag(StepId::C2));
        const QString waiting
            = QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE state = "
                             "'active' AND query = '%1'")
                  .arg(statement);
        QTRY_COMPARE(sql(waiting), QStringLiteral("1"));

        PostgresDatabase next(world().settings(m_name), m_clock);
        QVERIFY(await(next.facts(m_change, Database::Nulls::Leave)));
        auto lock = await(next.takeRunnerLock(m_change.name));
        QVERIFY(!lock->taken);
        QVERIFY2(lock->holder.contains(QStringLiteral("which has been at \"") + statement),
                 qPrintable(lock->holder));
        m_database.reset();
        const QString told
            = QStringLiteral("whose console is not connected any more, but the server has been at "
                             "\"%1\" for ")
                  .arg(statement);
        const auto isTold = [&] {
            lock = await(next.takeRunnerLock(m_change.name));
            return lock->holder.contains(told);
        };
        QTRY_VERIFY2(isTold(), qPrintable(lock->holder));
        QVERIFY(!lock->taken);
        QCOMPARE(sql(waiting), QStringLiteral("1"));
        other.sql(QStringLiteral("COMMIT"));
        QTRY_VERIFY(await(next.takeRunnerLock(m_change.name))->taken);
        const QString done
            = index.isEmpty() ? QStringLiteral(
                  "SELECT convalidated FROM pg_constraint WHERE conname = 'orphan'")
                              : QStringLiteral("SELECT indisvalid FROM pg_index WHERE indexrelid = "
                                               "'orphan'::regclass");
        QCOMPARE(sql(done), QStringLiteral("true"));
    }

    void aBuildThatTheServerGoesOnWithIsWaitedForByTheConsoleThatLostIt()
    {
        QTcpServer relay;
        QVERIFY(relay.listen(QHostAddress::LocalHost));
        QList<QTcpSocket *> ways;
        connect(&relay, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *client = relay.nextPendingConnection();
            auto *server = new QTcpSocket(&relay);
            server->connectToHost(QHostAddress(QHostAddress::LocalHost),
                                  quint16(world().server().port()));
            ways.append(client);
            connect(client, &QTcpSocket::readyRead, server,
                    [client, server] { server->write(client->readAll()); });
            connect(server, &QTcpSocket::readyRead, client,
                    [client, server] { client->write(server->readAll()); });
            connect(client, &QTcpSocket::disconnected, server, &QTcpSocket::disconnectFromHost);
        });
        const StatementGroup index = lastGroup(StepId::M4);
        m_database.reset();
        PostgresSettings settings = world().settings(m_name);
        settings.port = relay.serverPort();
        PostgresDatabase database(settings, m_clock);
        QTRY_VERIFY(await(database.takeRunnerLock(m_change.name))->taken);
        PostgresClient old(world().server(), m_name, QStringLiteral("old-snapshot"));
        old.sql(QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ"));
        old.sql(QStringLiteral("SELECT count(*) FROM users"));
        const auto running = database.run(index, tag(StepId::M4));
        const QString builds = QStringLiteral("SELECT pid FROM pg_stat_progress_create_index");
        QTRY_VERIFY(!sql(builds).isEmpty());
        const QString build = sql(builds);
        ways.first()->abort(); // a server at work does not look whether anybody listens
        QTRY_COMPARE(ways.size(), 2);
        QTest::qWait(700); // it looks several times
        QVERIFY(!running.isFinished());
        QCOMPARE(sql(builds), build);
        old.sql(QStringLiteral("COMMIT"));
        const auto answer = await(running);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QCOMPARE(answer->end, TryAnswer::End::Done);
        QCOMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_index WHERE NOT indisvalid")),
                 QStringLiteral("0"));
        QVERIFY(await(database.record(tag(StepId::M4)))); // it has its lock back
    }
};

QTEST_GUILESS_MAIN(RunnerLockTest)
#include "runnerlock_test.moc"
