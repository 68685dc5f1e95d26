#include "connectors/postgres/schema/bothservers.h"
#include "connectors/postgres/tracesquery.h"
#include "migration/recipe/stepsql.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = Leftover::Kind;

QString sql(const char *text)
{
    return QLatin1String(text);
}

/// A database in which much was begun.
QStringList halfFinished()
{
    return {
        sql("CREATE SCHEMA shop"),
        sql("CREATE TABLE shop.users (id bigint PRIMARY KEY)"),
        sql("CREATE TABLE shop.orders (id bigint PRIMARY KEY, user_id bigint, a int, b int NOT "
            "NULL, c int, _pgroll_new_c int, status text)"),
        sql("INSERT INTO shop.orders (id, b) VALUES (1, 1), (2, 1)"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES "
            "shop.users NOT VALID"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT has_c CHECK (c > 0) NOT VALID"),
        sql("UPDATE shop.orders SET a = 1"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT has_a CHECK (a IS NOT NULL)"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT has_b CHECK (b IS NOT NULL)"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT plain CHECK (id > 0)"),
        sql("CREATE FUNCTION shop.fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; "
            "END'"),
        sql("CREATE TRIGGER pilothouse_orders_status_sync BEFORE INSERT ON shop.orders FOR EACH "
            "ROW EXECUTE FUNCTION shop.fill()"),
        sql("CREATE TRIGGER pilothouseless BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE "
            "FUNCTION shop.fill()"),
        sql("COMMENT ON COLUMN shop.orders.status IS "
            "'pilothouse:{\"change\":\"orders-status\",\"contract_due\":\"2026-12-01\"}'"),
        sql("COMMENT ON COLUMN shop.orders.c IS 'pilothouse:{broken'"),
        sql("COMMENT ON COLUMN shop.orders.a IS 'see pilothouse: {}'"),
    };
}

} // namespace

/// What is left of changes that are not over, told by the oldest server and by the newest.
class TracesTest final : public QObject
{
    Q_OBJECT

private:
    BothServers m_servers;

    template <typename Check>
    void onEach(const Check &check)
    {
        for (const auto &world : m_servers.worlds()) {
            const auto traces = readTraces(*world->connection);
            QVERIFY2(traces, traces ? "" : qPrintable(traces.error().message));
            check(*traces, *world);
        }
    }
    static QStringList objects(const Traces &traces, Kind kind)
    {
        QStringList names;
        for (const Leftover &leftover : traces.leftovers) {
            if (leftover.kind == kind)
                names << leftover.object;
        }
        return names;
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!BothServers::areThere())
            QSKIP("PostgreSQL of Debian and 18 are asked for: packaging/setup --for-tests brings "
                  "them");
        QCOMPARE(m_servers.begin(halfFinished()), QString());
        for (const auto &world : m_servers.worlds()) { // two rows of one value: the build fails
            const auto built = world->connection->query(
                sql("CREATE UNIQUE INDEX CONCURRENTLY orders_b ON shop.orders (b)"));
            QVERIFY(!built);
        }
    }
    void cleanupTestCase() { m_servers.end(); }

    void halfFinishedWorkIsFoundByTheCatalogAlone()
    {
        onEach([](const Traces &traces, const BothServers::World &) {
            QCOMPARE(objects(traces, Kind::NotValidConstraint),
                     (QStringList{QStringLiteral("has_c"), QStringLiteral("of_user")}));
            QCOMPARE(objects(traces, Kind::InvalidIndex), QStringList{QStringLiteral("orders_b")});
            QCOMPARE(objects(traces, Kind::ProvedNotTightened),
                     QStringList{QStringLiteral("has_a")});
            QCOMPARE(objects(traces, Kind::RedundantCheck), QStringList{QStringLiteral("has_b")});
            QCOMPARE(objects(traces, Kind::SyncTrigger),
                     QStringList{QStringLiteral("pilothouse_orders_status_sync")});
            QCOMPARE(objects(traces, Kind::PgrollColumn),
                     QStringList{QStringLiteral("_pgroll_new_c")});
            QCOMPARE(objects(traces, Kind::UnreadableMarker), QStringList{QStringLiteral("c")});
            for (const Leftover &leftover : traces.leftovers) {
                QCOMPARE(leftover.table.text(), QStringLiteral("shop.orders"));
                QVERIFY(!leftover.since.isValid()); // as a server is installed
            }
        });
    }
    void aMarkerIsReadWithNoRightButToConnect()
    {
        onEach([](const Traces &, const BothServers::World &world) {
            QVERIFY(world.connection->query(sql("CREATE ROLE stranger LOGIN")));
            QVERIFY(world.connection->query(sql("SET ROLE stranger")));
            const auto traces = readTraces(*world.connection);
            QVERIFY(world.connection->query(sql("RESET ROLE")));
            QVERIFY2(traces, traces ? "" : qPrintable(traces.error().message));
            QCOMPARE(traces->marked.size(), 1);
            QCOMPARE(traces->marked[0].change.value, QStringLiteral("orders-status"));
            QCOMPARE(traces->marked[0].due, QDate(2026, 12, 1));
            QCOMPARE(traces->marked[0].table.text(), QStringLiteral("shop.orders"));
            QCOMPARE(traces->marked[0].column, QStringLiteral("status"));
        });
    }
    void onPostgres18ANotNullThatWaitsForItsProofIsOne()
    {
        const BothServers::World &world = *m_servers.worlds().back();
        QVERIFY(world.connection->query(
            sql("ALTER TABLE shop.orders ADD CONSTRAINT waits NOT NULL status NOT VALID")));
        const auto traces = readTraces(*world.connection);
        QVERIFY(traces);
        QVERIFY(objects(*traces, Kind::NotValidConstraint).contains(QStringLiteral("waits")));
        QVERIFY(world.connection->query(sql("ALTER TABLE shop.orders DROP CONSTRAINT waits")));
    }
    void theRecordIsReadWithItsStepsInTheirOrder()
    {
        onEach([](const Traces &before, const BothServers::World &world) {
            QVERIFY(before.recorded.isEmpty());
            QVERIFY(before.recordHidden.isEmpty());
            QStringList statements = stepsql::recordSchema();
            statements << stepsql::registerChange(sampleChange())
                       << sql("INSERT INTO pilothouse.step (change_id, step, actor, intent) VALUES "
                              "('conversations-organization-id', 'E1', 'a', 'i1'), "
                              "('conversations-organization-id', '-E1', 'a', 'i2')");
            for (const QString &statement : std::as_const(statements))
                QVERIFY(world.connection->query(statement));
            const auto traces = readTraces(*world.connection);
            QVERIFY(traces);
            QCOMPARE(traces->recorded.size(), 1);
            const RecordedChange &recorded = traces->recorded[0];
            QCOMPARE(recorded.change, sampleChange().name);
            QCOMPARE(recorded.due, sampleChange().contractDue);
            QCOMPARE(recorded.owner, sampleChange().owner);
            QCOMPARE(recorded.path, sampleChange().path);
            QCOMPARE(recorded.steps, (QStringList{QStringLiteral("E1"), QStringLiteral("-E1")}));
        });
    }
    void aServerThatKeepsTimesOfCommitsTellsHowOldItIs()
    {
        PostgresServer server(PostgresServer::eighteen());
        QVERIFY2(server.start({QStringLiteral("track_commit_timestamp=on")}),
                 qPrintable(server.why()));
        PostgresSettings settings = m_servers.worlds().back()->settings();
        settings.port = server.port();
        settings.dbname = server.createDatabase(QStringLiteral("times"));
        Connection connection(settings, QStringLiteral("test"));
        QVERIFY(connection.open());
        QVERIFY(connection.query(sql("CREATE TABLE t (a int)")));
        QVERIFY(connection.query(sql("ALTER TABLE t ADD CHECK (a > 0) NOT VALID")));
        const auto traces = readTraces(connection);
        QVERIFY2(traces, traces ? "" : qPrintable(traces.error().message));
        QCOMPARE(traces->leftovers.size(), 1);
        const QDateTime since = traces->leftovers[0].since;
        QVERIFY(since.isValid() && since <= traces->at && since.secsTo(traces->at) < 60);
    }
    void aRecordThatMayNotBeReadIsSaidWithWhatItNeeds()
    {
        onEach([](const Traces &, const BothServers::World &world) {
            QVERIFY(world.connection->query(sql("SET ROLE stranger")));
            const auto traces = readTraces(*world.connection);
            QVERIFY(world.connection->query(sql("RESET ROLE")));
            QVERIFY2(traces, traces ? "" : qPrintable(traces.error().message));
            QVERIFY(traces->recorded.isEmpty());
            QVERIFY2(traces->recordHidden.startsWith(QStringLiteral("stranger may not read")),
                     qPrintable(traces->recordHidden));
        });
    }
};

QTEST_GUILESS_MAIN(TracesTest)
#include "traces_test.moc"
