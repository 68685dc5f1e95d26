#include "base/clock.h"
#include "connectors/postgres/bothservers.h"
#include "connectors/postgres/lockqueue.h"
#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/watchquery.h"
#include "support/await.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace pilothouse;

namespace {

/// Sessions that each run one statement, once or again and again until the end, which waits for
/// all of them.
class Crowd
{
public:
    enum class Times { Once, UntilTheEnd };

    Crowd(int sessions, Times times, const PostgresServer &server, const QString &database,
          const QString &sql)
    {
        for (int i = 0; i < sessions; ++i) {
            m_threads.emplace_back([this, times, &server, database, sql] {
                PostgresClient client(server, database, QStringLiteral("reader"));
                client.sql(QStringLiteral("SELECT 1"));
                ++m_there;
                do
                    client.sql(sql);
                while (times == Times::UntilTheEnd && !m_over);
            });
        }
    }
    ~Crowd()
    {
        m_over = true;
        for (std::thread &thread : m_threads)
            thread.join();
    }
    Q_DISABLE_COPY_MOVE(Crowd)

    [[nodiscard]] int there() const { return m_there; }

private:
    std::atomic<bool> m_over = false;
    std::atomic<int> m_there = 0;
    std::vector<std::thread> m_threads;
};

} // namespace

/// Readers and writers that queue behind a statement of ours.
class LockQueueTest : public QObject
{
    Q_OBJECT

private:
    BothServers m_servers;
    SystemClock m_clock;
    QString m_name;
    std::unique_ptr<PostgresDatabase> m_database;
    const Change m_change = PostgresWorld::change();
    const QString m_read = QStringLiteral("SELECT count(*) FROM conversations");

    PostgresWorld &world() { return m_servers.world(); }
    QString sql(const QString &statement) { return world().server().sql(m_name, statement); }
    RunTag tag() const
    {
        return {m_change.name, QStringLiteral("C3"), QStringLiteral("A. Muster"), IntentId()};
    }
    /// Takes its lock and keeps it for so long in a statement of its own.
    StatementGroup holding(const char *time, LockMode mode = LockMode::AccessExclusive) const
    {
        return {
            LockClass::Short,
            {QStringLiteral("LOCK TABLE conversations IN %1 MODE")
                 .arg(mode == LockMode::AccessExclusive ? QStringLiteral("ACCESS EXCLUSIVE")
                                                        : QStringLiteral("SHARE UPDATE EXCLUSIVE")),
             QStringLiteral("SELECT pg_sleep(%1)").arg(QLatin1String(time)),
             QStringLiteral("CREATE TABLE done ()")},
            {{m_change.table, mode}},
            {}};
    }
    void isHeld()
    {
        QTRY_COMPARE(sql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query LIKE "
                                        "'SELECT pg_sleep%' AND state = 'active' AND "
                                        "application_name LIKE 'pilothouse/%'")),
                     QStringLiteral("1"));
    }
    bool isDone()
    {
        return sql(QStringLiteral("SELECT to_regclass('done') IS NOT NULL"))
               == QLatin1String("true");
    }
    void openAs(const QString &user)
    {
        PostgresSettings settings = world().settings(m_name);
        settings.user = user;
        m_database = std::make_unique<PostgresDatabase>(settings, m_clock);
        QTRY_VERIFY(await(m_database->takeRunnerLock(m_change.name))->taken);
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
        m_name = world().makeDatabase(2'000);
        QVERIFY(!m_name.isEmpty());
        for (const char *statement : {"CREATE SCHEMA pilothouse",
                                      "CREATE TABLE pilothouse.step (change_id text, step text, "
                                      "actor text, intent text)"})
            QCOMPARE(sql(QLatin1String(statement)), QString());
        openAs(PostgresServer::user());
    }

    void cleanup() { m_database.reset(); }

    void whoHasToGiveWay_data()
    {
        QTest::addColumn<int>("behind");
        QTest::addColumn<int>("longest");
        QTest::addColumn<QString>("words");
        QTest::newRow("nobody waits") << 0 << 0 << QString();
        QTest::newRow("twenty for a second") << 20 << 1'000 << QString();
        QTest::newRow("one more") << 21 << 5
                                  << QStringLiteral("gave way: 21 sessions queued behind it");
        QTest::newRow("longer") << 1 << 1'001
                                << QStringLiteral(
                                       "gave way: a session behind it had waited for 1001 ms");
    }

    void whoHasToGiveWay()
    {
        QFETCH(int, behind);
        QFETCH(int, longest);
        QFETCH(QString, words);
        WaitState state;
        state.queuedBehind = behind;
        state.longestWait = std::chrono::milliseconds(longest);
        QCOMPARE(mustYield(state), words);
    }

    void onlyALockThatStopsReadersOrWritersIsWatched()
    {
        StatementGroup group;
        QVERIFY(!stopsOthers(group));
        group.locks = {{m_change.table, LockMode::ShareUpdateExclusive}};
        QVERIFY(!stopsOthers(group));
        group.locks.append({m_change.derive.from, LockMode::Share});
        QVERIFY(stopsOthers(group));
        group.locks = {{m_change.table, LockMode::AccessExclusive}};
        QVERIFY(stopsOthers(group));
    }

    void aReaderIsNotHeldForLongByWhatHoldsTheTable()
    {
        const auto running = m_database->run(holding("4.5"), tag());
        isHeld();
        QElapsedTimer reader;
        reader.start();
        {
            const Crowd one(1, Crowd::Times::Once, world().server(), m_name, m_read);
            QVERIFY(await(running)); // the watch needs this thread
        }
        const qint64 took = reader.elapsed();
        QVERIFY2(took < 2'500, qPrintable(QString::number(took)));
        const auto answer = await(running);
        QVERIFY(answer);
        QCOMPARE(answer->end, TryAnswer::End::LockTimedOut);
        QVERIFY2(answer->detail.startsWith(QLatin1String("gave way: a session behind it")),
                 qPrintable(answer->detail));
        QVERIFY(!isDone());
        // The session is good for the next try, and nothing of the cancel is left for it.
        QCOMPARE(await(m_database->run(holding("0"), tag()))->end, TryAnswer::End::Done);
        QVERIFY(isDone());
    }

    /// Also for a login that may not see what other logins' sessions do.
    void aQueueThatGrowsIsLetGoBeforeTheLockTimeout()
    {
        sql(QStringLiteral("DROP ROLE IF EXISTS releaser"));
        sql(QStringLiteral("CREATE ROLE releaser LOGIN"));
        sql(QStringLiteral("GRANT ALL ON conversations TO releaser"));
        openAs(QStringLiteral("releaser"));
        PostgresClient report(world().server(), m_name, QStringLiteral("report-nightly"));
        report.sql(QStringLiteral("BEGIN"));
        report.sql(m_read);
        {
            const Crowd readers(25, Crowd::Times::UntilTheEnd, world().server(), m_name, m_read);
            QTRY_COMPARE(readers.there(), 25);
            const auto answer = await(m_database->run(holding("0"), tag()));
            QVERIFY(answer);
            QCOMPARE(answer->end, TryAnswer::End::LockTimedOut);
            QVERIFY2(answer->detail.startsWith(QLatin1String("gave way: 2")),
                     qPrintable(answer->detail));
        }
        report.sql(QStringLiteral("COMMIT"));
        QVERIFY(!isDone());
        m_database.reset();
        sql(QStringLiteral("DROP OWNED BY releaser"));
        sql(QStringLiteral("DROP ROLE releaser"));
    }

    void whoCameToTheLockJustNowHasNotWaitedForLong()
    {
        PostgresClient holder(world().server(), m_name, QStringLiteral("holder"));
        const int pid = holder.sql(QStringLiteral("SELECT pg_backend_pid()")).toInt();
        holder.sql(QStringLiteral("BEGIN"));
        holder.sql(QStringLiteral("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE"));
        Connection watcher(world().settings(m_name), QStringLiteral("watcher"));
        QVERIFY(watcher.open());
        const Crowd reader(1, Crowd::Times::Once, world().server(), m_name,
                           QStringLiteral("DO 'BEGIN PERFORM pg_sleep(2); PERFORM count(*) FROM "
                                          "conversations; END'"));
        WaitState state;
        while (state.queuedBehind == 0) {
            const auto seen = readWaitState(watcher, pid);
            QVERIFY(seen);
            state = *seen;
        }
        holder.sql(QStringLiteral("COMMIT"));
        QVERIFY2(state.longestWait < std::chrono::milliseconds(1'000),
                 qPrintable(QString::number(state.longestWait.count())));
    }

    void whatStopsNobodyIsLetGoOn()
    {
        const auto running = m_database->run(holding("2", LockMode::ShareUpdateExclusive), tag());
        isHeld();
        const Crowd other(1, Crowd::Times::Once, world().server(), m_name,
                          QStringLiteral("ANALYZE conversations"));
        const auto answer = await(running);
        QVERIFY(answer);
        QCOMPARE(answer->end, TryAnswer::End::Done);
    }
};

QTEST_GUILESS_MAIN(LockQueueTest)
#include "lockqueue_test.moc"
