#include "app/sandbox/parts/workload.h"
#include "app/sandbox/parts/postgresserver.h"
#include "sandbox_parts/serverfixture.h"

#include <QSignalSpy>
#include <QTemporaryDir>

namespace pilothouse::sandbox {

/// The sessions of the rehearsal against a real server; the functions tell one story in order.
class WorkloadTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void theReportHoldsItsLockIdleInTransaction();
    void anOldWorkerInsertsWithoutTheColumn();
    void anAlterWaitsUntilTheReportEnds();
    void theTriggerMeansExpanded();
    void aRolledWorkerWritesTheColumn();
    void anEndedSessionComesBack();
    void fillingIsSeenFromItsBeginToItsEnd();
    void contractIsSeenAndAnOldWriterRefused();
    void aReportThatIsEndedBySomebodyIsOver();

private:
    [[nodiscard]] PgSession::Place migrator() const
    {
        return {m_server->port(), "production", "migrator", "test"};
    }

    QTemporaryDir m_dir;
    std::unique_ptr<PostgresServer> m_server;
    std::unique_ptr<Workload> m_workload;
};

namespace {

const QString oldWorker = QStringLiteral("context-worker/4be81c0");
const QString newWorker = QStringLiteral("context-worker/9f3c2a1");
constexpr double speed = 10; // the report ends 0.6 s after the first try

} // namespace

void WorkloadTest::initTestCase()
{
    REQUIRE_PROGRAMS(PostgresServer::binaryFolder());
    m_server = std::make_unique<PostgresServer>(
        PostgresServer::Settings{m_dir.path(), freePort(), ChangeStage::Untouched});
    const auto failure = started(*m_server);
    QVERIFY2(!failure, failure ? qPrintable(failure->message + failure->detail) : "");
    m_workload = std::make_unique<Workload>(Workload::Settings{m_server->port(), speed, true});
    m_workload->setWriters({{oldWorker, 30, false}});
    m_workload->start();
}

void WorkloadTest::cleanupTestCase()
{
    m_workload.reset();
    m_server.reset();
}

void WorkloadTest::theReportHoldsItsLockIdleInTransaction()
{
    QTRY_COMPARE(value(migrator(),
                       "SELECT count(*) FROM pg_stat_activity a JOIN pg_locks l USING (pid) WHERE "
                       "a.application_name = 'report-nightly' AND a.state = 'idle in transaction' "
                       "AND l.relation = 'conversations'::regclass AND l.mode = 'AccessShareLock'"),
                 QByteArray("1"));
}

void WorkloadTest::anOldWorkerInsertsWithoutTheColumn()
{
    QTRY_VERIFY(m_workload->inserted(oldWorker) > 5);
    QCOMPARE(value(migrator(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                               "'context-worker/4be81c0' AND usename = 'context_app'"),
             QByteArray("1"));
    QVERIFY(value(migrator(), "SELECT count(*) FROM conversations WHERE id > 300000").toInt() > 5);
}

void WorkloadTest::anAlterWaitsUntilTheReportEnds()
{
    QSignalSpy asked(m_workload.get(), &Workload::lockAsked);
    QSignalSpy over(m_workload.get(), &Workload::reportEnded);
    PgSession session;
    std::optional<Result<PgSession::Rows>> answer;
    session.open(migrator());
    const QByteArray alter = "SET lock_timeout = '300ms'; "
                             "ALTER TABLE conversations ADD COLUMN organization_id uuid";
    session.ask(alter, [&](const Result<PgSession::Rows> &rows) { answer = rows; });
    QTRY_VERIFY(answer);
    QVERIFY(!*answer);
    QCOMPARE(answer->error().detail, QStringLiteral("55P03")); // lock_not_available
    QCOMPARE(asked.size(), 1);
    QCOMPARE(over.size(), 0);
    QTRY_COMPARE(over.size(), 1);
    answer.reset();
    session.ask(alter, [&](const Result<PgSession::Rows> &rows) { answer = rows; });
    QTRY_VERIFY(answer);
    QVERIFY(*answer);
}

void WorkloadTest::theTriggerMeansExpanded()
{
    QSignalSpy expanded(m_workload.get(), &Workload::expanded);
    QCOMPARE(value(migrator(),
                   "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN SELECT "
                   "u.organization_id INTO NEW.organization_id FROM users u WHERE u.id = "
                   "NEW.user_id; RETURN NEW; END $$; CREATE TRIGGER fill BEFORE INSERT ON "
                   "conversations FOR EACH ROW EXECUTE FUNCTION fill(); SELECT 'made'"),
             QByteArray("made"));
    QTRY_COMPARE(expanded.size(), 1);
}

void WorkloadTest::aRolledWorkerWritesTheColumn()
{
    m_workload->setWriters({{newWorker, 30, true}});
    QTRY_VERIFY(m_workload->inserted(newWorker) > 5);
    QCOMPARE(m_workload->inserted(oldWorker), 0); // its session is closed and forgotten
    QTRY_COMPARE(value(migrator(), "SELECT count(*) FROM pg_stat_activity WHERE application_name "
                                   "LIKE 'context-worker/%'"),
                 QByteArray("1"));
    QTRY_COMPARE(value(migrator(), "SELECT query LIKE '%organization_id%' FROM pg_stat_activity "
                                   "WHERE application_name = 'context-worker/9f3c2a1'"),
                 QByteArray("t"));
}

void WorkloadTest::anEndedSessionComesBack()
{
    const QByteArray find = "SELECT pid FROM pg_stat_activity WHERE application_name = "
                            "'context-worker/9f3c2a1'";
    const QByteArray before = value(migrator(), find);
    QVERIFY(before.toInt() > 0);
    QCOMPARE(value(migrator(), "SELECT pg_terminate_backend(" + before + ")"), QByteArray("t"));
    QTRY_VERIFY(value(migrator(), find).toInt() > 0 && value(migrator(), find) != before);
    const qint64 written = m_workload->inserted(newWorker);
    QTRY_VERIFY(m_workload->inserted(newWorker) > written);
}

void WorkloadTest::fillingIsSeenFromItsBeginToItsEnd()
{
    QSignalSpy begun(m_workload.get(), &Workload::backfillBegun);
    QSignalSpy ended(m_workload.get(), &Workload::backfillEnded);
    const QByteArray fill = "UPDATE conversations c SET organization_id = u.organization_id FROM "
                            "users u WHERE u.id = c.user_id AND c.organization_id IS NULL";
    QVERIFY(asked(migrator(), fill + " AND c.id <= 1000"));
    QTRY_COMPARE(begun.size(), 1);
    QCOMPARE(ended.size(), 0);
    QVERIFY(asked(migrator(), fill));
    QTRY_COMPARE_WITH_TIMEOUT(ended.size(), 1, 10'000);
    QCOMPARE(begun.size(), 1);
}

void WorkloadTest::contractIsSeenAndAnOldWriterRefused()
{
    QSignalSpy contracted(m_workload.get(), &Workload::contracted);
    QSignalSpy refused(m_workload.get(), &Workload::writeRefused);
    QVERIFY(asked(migrator(), "ALTER TABLE conversations ALTER organization_id SET NOT NULL; "
                              "DROP TRIGGER fill ON conversations"));
    QTRY_COMPARE(contracted.size(), 1);
    QCOMPARE(refused.size(), 0);
    m_workload->setWriters({{oldWorker, 30, false}});
    QTRY_VERIFY(refused.size() > 0);
    QCOMPARE(refused.first().first().toString(), oldWorker);
    QVERIFY(refused.first().last().toString().contains(QLatin1String("organization_id")));
    QCOMPARE(m_workload->inserted(oldWorker), 0);
}

void WorkloadTest::aReportThatIsEndedBySomebodyIsOver()
{
    Workload other({m_server->port(), speed, true});
    QSignalSpy over(&other, &Workload::reportEnded);
    other.start();
    QTRY_COMPARE(value(migrator(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                                   "'report-nightly' AND state = 'idle in transaction'"),
                 QByteArray("1"));
    QCOMPARE(over.size(), 0);
    QVERIFY(asked(migrator(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                              "application_name = 'report-nightly'"));
    QTRY_COMPARE(over.size(), 1);
    QTRY_COMPARE(value(migrator(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                                   "'report-nightly'"),
                 QByteArray("0"));
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::WorkloadTest)
#include "workloadtest.moc"
