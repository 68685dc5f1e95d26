#include "connectors/postgres/passage.h"
#include "connectors/postgres/schema/bothservers.h"
#include "connectors/postgres/schema/lintcatalogquery.h"
#include "connectors/postgres/schema/lintrowsquery.h"
#include "connectors/postgres/schema/postgrescatalog.h"
#include "support/await.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString sql(const char *text)
{
    return QLatin1String(text);
}

QStringList shop()
{
    return {
        sql("CREATE SCHEMA shop"),
        sql("CREATE DOMAIN shop.positive AS int CHECK (VALUE > 0)"),
        sql("CREATE DOMAIN shop.free AS int"),
        sql("CREATE TYPE shop.colour AS ENUM ('red')"),
        sql("CREATE FUNCTION shop.fresh() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1'"),
        sql("CREATE FUNCTION shop.fixed() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'"),
        sql("CREATE TABLE shop.users (id bigint PRIMARY KEY)"),
        sql("CREATE TABLE shop.orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, "
            "price numeric(10,2), name varchar(20), tags text[], at timestamptz(3), "
            "colour shop.colour, seen int, double int GENERATED ALWAYS AS (seen * 2) STORED)"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT of_user FOREIGN KEY (user_id) REFERENCES "
            "shop.users ON DELETE CASCADE NOT VALID"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT has_price CHECK (price IS NOT NULL)"),
        sql("ALTER TABLE shop.orders ADD CONSTRAINT has_name CHECK (name <> '') NOT VALID"),
        sql("CREATE INDEX orders_user ON shop.orders (user_id, lower(name))"),
        sql("CREATE VIEW shop.names AS SELECT name FROM shop.orders"),
        sql("CREATE PUBLICATION told FOR TABLE shop.orders"),
        sql("CREATE TABLE shop.parted (id int) PARTITION BY RANGE (id)"),
        sql("CREATE FUNCTION shop.fill() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; "
            "END'"),
        sql("CREATE TRIGGER pilothouse_c1_sync BEFORE INSERT ON shop.users FOR EACH ROW EXECUTE "
            "FUNCTION shop.fill()"),
    };
}

SqlName name(const char *schema, const char *object)
{
    return {QLatin1String(schema), QLatin1String(object)};
}

} // namespace

/// What the rules ask of a live database is told by the oldest server and by the newest.
class CatalogTest final : public QObject
{
    Q_OBJECT

private:
    BothServers m_servers;

    /// Calls `check` with each server's catalog of `tables`.
    template <typename Check>
    void onEach(const QList<SqlName> &tables, const Check &check)
    {
        for (const auto &world : m_servers.worlds()) {
            const auto live = readLiveCatalog(*world->connection, tables);
            QVERIFY2(live, live ? "" : qPrintable(live.error().message));
            QCOMPARE(live->server, world->version);
            check(live->catalog);
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!BothServers::areThere())
            QSKIP("PostgreSQL of Debian and 18 are asked for: packaging/setup --for-tests brings "
                  "them");
        QCOMPARE(m_servers.begin(shop()), QString());
    }
    void cleanupTestCase() { m_servers.end(); }

    void columnsAreToldWithTheirTypesAsTheParserWritesThem()
    {
        onEach({name("shop", "orders")}, [](const LintCatalog &catalog) {
            const LintCatalog::Table *orders = catalog.table(name("shop", "orders"));
            QVERIFY(orders);
            const auto type = [orders](const char *column) {
                return orders->columns.value(QLatin1String(column)).type.text();
            };
            QCOMPARE(type("id"), QStringLiteral("int8"));
            QCOMPARE(type("price"), QStringLiteral("numeric(10,2)"));
            QCOMPARE(type("name"), QStringLiteral("varchar(20)"));
            QCOMPARE(type("tags"), QStringLiteral("text[]"));
            QCOMPARE(type("at"), QStringLiteral("timestamptz(3)"));
            QCOMPARE(type("colour"), QStringLiteral("shop.colour"));
            QVERIFY(orders->columns[QStringLiteral("user_id")].isNotNull);
            QVERIFY(!orders->columns[QStringLiteral("price")].isNotNull);
            QVERIFY(orders->columns[QStringLiteral("name")].isUsedByView);
            QVERIFY(orders->columns[QStringLiteral("seen")].isUsedByView); // by the generated one
            QVERIFY(!orders->columns[QStringLiteral("price")].isUsedByView);
            QVERIFY(orders->columns[QStringLiteral("price")].isUsedByCheck);
            QVERIFY(!orders->columns[QStringLiteral("seen")].isUsedByCheck);
            QCOMPARE(orders->columns[QStringLiteral("double")].generated,
                     SqlColumn::Generated::Stored);
        });
    }
    void aProofThatAColumnHoldsNoNullIsKnown()
    {
        onEach({name("shop", "orders")}, [](const LintCatalog &catalog) {
            const LintCatalog::Table &orders = *catalog.table(name("shop", "orders"));
            QVERIFY(orders.isProvedNotNull(QStringLiteral("user_id")));
            QVERIFY(orders.isProvedNotNull(QStringLiteral("price")));
            QVERIFY(!orders.isProvedNotNull(QStringLiteral("name")));
            QVERIFY(orders.hasValidCheck());
        });
    }
    void aNotNullThatIsNotValidatedProvesNothing()
    {
        const BothServers::World &world = *m_servers.worlds().back();
        QCOMPARE(world.connection
                     ->query(sql("ALTER TABLE shop.orders ADD CONSTRAINT waits NOT NULL seen NOT "
                                 "VALID"))
                     .has_value(),
                 true);
        const auto live = readLiveCatalog(*world.connection, {name("shop", "orders")});
        QVERIFY(live);
        const LintCatalog::Table &orders = *live->catalog.table(name("shop", "orders"));
        QVERIFY(!orders.columns[QStringLiteral("seen")].isNotNull);
        QVERIFY(!orders.isProvedNotNull(QStringLiteral("seen")));
        QVERIFY(!orders.constraints[QStringLiteral("waits")].isValidated);
        QVERIFY(world.connection->query(sql("ALTER TABLE shop.orders DROP CONSTRAINT waits")));
    }
    void constraintsAreToldWithWhatTheyReferTo()
    {
        onEach({name("shop", "orders"), name("shop", "users")}, [](const LintCatalog &catalog) {
            const auto constraints = catalog.table(name("shop", "orders"))->constraints;
            const LintCatalog::Constraint user = constraints[QStringLiteral("of_user")];
            QCOMPARE(user.said.kind, SqlConstraint::Kind::ForeignKey);
            QCOMPARE(user.said.columns, QStringList{QStringLiteral("user_id")});
            QCOMPARE(user.said.references, name("shop", "users"));
            QCOMPARE(user.said.referenced, QStringList{QStringLiteral("id")});
            QVERIFY(user.said.cascades && user.said.notValid && !user.isValidated);
            QVERIFY(constraints[QStringLiteral("has_price")].isValidated);
            QCOMPARE(catalog.table(name("shop", "users"))->referencedBy,
                     QList<SqlName>{name("shop", "orders")});
        });
    }
    void anIndexStandsForItsTable()
    {
        onEach({name("shop", "orders_user")}, [](const LintCatalog &catalog) {
            QCOMPARE(catalog.tables.keys(), QStringList{QStringLiteral("shop.orders")});
            QCOMPARE(catalog.tableOfIndex({{}, QStringLiteral("orders_user")}),
                     name("shop", "orders"));
            const auto index
                = catalog.table(name("shop", "orders"))->indexes[QStringLiteral("orders_user")];
            QCOMPARE(index.columns, (QStringList{QStringLiteral("user_id"), QString()}));
            QVERIFY(index.isValid && !index.isUnique);
        });
    }
    void whatElseTheRulesAskIsTold()
    {
        onEach({name("shop", "orders"), name("shop", "users"), name("shop", "parted"),
                name("shop", "missing")},
               [](const LintCatalog &catalog) {
                   QVERIFY(!catalog.table(name("shop", "missing")));
                   QVERIFY(catalog.table(name("shop", "parted"))->isPartitioned);
                   QVERIFY(catalog.table(name("shop", "users"))->hasFillTrigger);
                   QVERIFY(!catalog.table(name("shop", "orders"))->hasFillTrigger);
                   QCOMPARE(catalog.table(name("shop", "orders"))->publications,
                            QStringList{QStringLiteral("told")});
                   QCOMPARE(catalog.constrainedDomains, QSet<QString>{QStringLiteral("positive")});
                   QCOMPARE(catalog.functions[QStringLiteral("fresh")], Volatility::Volatile);
                   QCOMPARE(catalog.functions[QStringLiteral("fixed")], Volatility::Constant);
               });
    }
    void whetherAGuardedColumnHoldsNullsIsLookedFor()
    {
        for (const auto &world : m_servers.worlds()) {
            Connection &connection = *world->connection;
            for (const char *statement :
                 {"CREATE TABLE shop.guarded (full_one int, half_one int, other int)",
                  "INSERT INTO shop.guarded VALUES (1, NULL, 2)"})
                QVERIFY(connection.query(sql(statement)));
            auto live = readLiveCatalog(connection, {name("shop", "guarded")});
            QVERIFY(live);
            const auto guarded = guardedColumnsOf(readSql(
                "ALTER TABLE shop.guarded ADD CONSTRAINT a CHECK (full_one IS NOT NULL) NOT VALID;"
                "ALTER TABLE shop.guarded ADD CONSTRAINT b CHECK (half_one IS NOT NULL) NOT VALID;"
                "ALTER TABLE shop.guarded ADD CONSTRAINT c CHECK (none IS NOT NULL) NOT VALID"));
            QCOMPARE(guarded.size(), 3);
            QVERIFY(lookAtRows(connection, live->catalog, guarded));
            const auto columns = live->catalog.table(name("shop", "guarded"))->columns;
            QCOMPARE(columns[QStringLiteral("full_one")].hasNulls, std::optional(false));
            QCOMPARE(columns[QStringLiteral("half_one")].hasNulls, std::optional(true));
            QVERIFY(!columns[QStringLiteral("other")].hasNulls);
            QVERIFY(!columns.contains(QStringLiteral("none")));
            QVERIFY(connection.query(sql("DROP TABLE shop.guarded")));
        }
    }
    void whoWroteTheOldWayIsToldOfTheTableThatItsTriggerFills()
    {
        for (const auto &world : m_servers.worlds()) {
            Connection &connection = *world->connection;
            const auto writers = [&connection](const char *table) {
                auto live = readLiveCatalog(connection, {name("shop", table)});
                if (!live || !lookAtRows(connection, live->catalog, {}))
                    return QStringList{QStringLiteral("failed")};
                return live->catalog.table(name("shop", table))->oldWriters;
            };
            QCOMPARE(writers("users"), QStringList()); // no change was ever made here
            for (const char *statement :
                 {"CREATE SCHEMA pilothouse",
                  "CREATE TABLE pilothouse.writer_seen (change_id text, app text, last_at "
                  "timestamptz)",
                  "INSERT INTO pilothouse.writer_seen VALUES ('c1', 'worker/4be81c0', now()), "
                  "('c1', 'worker/4be81c0', now()), ('c1', 'gone', now() - interval '4 days'), "
                  "('c2', 'another', now())",
                  "CREATE OR REPLACE FUNCTION shop.fill() RETURNS trigger LANGUAGE plpgsql AS "
                  "$$BEGIN INSERT INTO pilothouse.writer_seen VALUES ('c1', 'x', now()); "
                  "RETURN NEW; END$$"})
                QVERIFY(connection.query(sql(statement)));
            QCOMPARE(writers("users"), QStringList{QStringLiteral("worker/4be81c0")});
            QCOMPARE(writers("orders"), QStringList());
            QVERIFY(connection.query(sql("DROP SCHEMA pilothouse CASCADE")));
        }
    }
    void aNameThatWouldBreakOutIsJustNotThere()
    {
        onEach({name("shop", "orders\"; DROP TABLE shop.users; --"), name("", "it's")},
               [](const LintCatalog &catalog) { QVERIFY(catalog.tables.isEmpty()); });
    }
    void aFileWithoutTablesAsksForNone()
    {
        onEach({}, [](const LintCatalog &catalog) { QVERIFY(catalog.tables.isEmpty()); });
    }

    void theSourceAsksOverAConnectionOfItsOwn()
    {
        const BothServers::World &world = *m_servers.worlds().front();
        PostgresCatalog source(world.settings(), nullptr);
        const auto live = await(source.catalog({name("shop", "orders")}, {}));
        QVERIFY(live);
        QVERIFY(live->catalog.table(name("shop", "orders")));
    }
    void aServerThatIsNotThereIsSaid()
    {
        PostgresSettings nowhere = m_servers.worlds().front()->settings();
        nowhere.port = 1;
        PostgresCatalog source(nowhere, nullptr);
        const auto live = await(source.catalog({}, {}));
        QVERIFY(!live);
        QVERIFY2(live.error().message.contains(QLatin1String("127.0.0.1:1")),
                 qPrintable(live.error().message));
    }
};

QTEST_GUILESS_MAIN(CatalogTest)
#include "catalog_test.moc"
