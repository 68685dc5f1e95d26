#include "migration/lint/lint.h"

#include <QSet>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr ChangePhase expand = ChangePhase::Expand;
constexpr ChangePhase migrate = ChangePhase::Migrate;
constexpr ChangePhase contract = ChangePhase::Contract;

QStringList idsOf(const QByteArray &sql, const LintSettings &settings)
{
    QStringList ids;
    for (const LintFinding &finding : lintSql(sql, settings)) {
        if (!ids.contains(finding.rule))
            ids << finding.rule;
    }
    ids.sort();
    return ids;
}

LintSettings in(ChangePhase phase, int server = 150000)
{
    LintSettings settings;
    settings.phase = phase;
    settings.server = server;
    return settings;
}

void addColumns()
{
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QByteArray>("sql");
    QTest::addColumn<ChangePhase>("phase");
    QTest::addColumn<bool>("fires");
}

void row(const char *rule, const char *sql, ChangePhase phase, bool fires)
{
    QTest::addRow("%s %s: %s", rule, fires ? "fires" : "is silent", sql)
        << QString::fromLatin1(rule) << QByteArray(sql) << phase << fires;
}

/// A table with everything that the rules ask a database for.
LintCatalog catalog()
{
    LintCatalog catalog;
    LintCatalog::Table table;
    const auto column = [&table](const char *name, const char *type, QList<int> modifiers = {}) {
        LintCatalog::Column made;
        made.type = SqlType{{{}, QLatin1String(type)}, std::move(modifiers), false};
        table.columns.insert(QLatin1String(name), made);
    };
    column("id", "int8");
    column("short_name", "varchar", {20});
    column("number", "int4");
    column("filled", "uuid");
    column("empty", "uuid");
    table.columns[QStringLiteral("filled")].hasNulls = false;
    table.columns[QStringLiteral("empty")].hasNulls = true;
    table.columns[QStringLiteral("number")].isUsedByCheck = true;
    LintCatalog::Constraint key;
    key.said.kind = SqlConstraint::Kind::ForeignKey;
    key.said.columns = {QStringLiteral("filled")};
    key.said.references = {QStringLiteral("public"), QStringLiteral("users")};
    table.constraints.insert(QStringLiteral("belongs"), key);
    LintCatalog::Constraint check;
    check.said.provesNotNull = QStringLiteral("filled");
    table.constraints.insert(QStringLiteral("filled_there"), check);
    LintCatalog::Index broken;
    broken.isValid = false;
    broken.columns = {QStringLiteral("id")};
    table.indexes.insert(QStringLiteral("broken"), broken);
    table.publications = {QStringLiteral("all_tables")};
    table.oldWriters = {QStringLiteral("worker 4be81c0")};
    catalog.tables.insert(QStringLiteral("public.t"), table);
    LintCatalog::Table parts;
    parts.isPartitioned = true;
    catalog.tables.insert(QStringLiteral("public.parts"), parts);
    catalog.constrainedDomains = {QStringLiteral("positive")};
    catalog.functions.insert(QStringLiteral("own_id"), Volatility::Volatile);
    catalog.functions.insert(QStringLiteral("own_constant"), Volatility::Constant);
    catalog.isBehindPooler = true;
    return catalog;
}

} // namespace

class LintRulesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachRuleMeetsItsForm_data()
    {
        addColumns();
        const auto fires = [](const char *rule, const char *sql, ChangePhase phase = expand) {
            row(rule, sql, phase, true);
        };
        const auto silent = [](const char *rule, const char *sql, ChangePhase phase = expand) {
            row(rule, sql, phase, false);
        };
        fires("IX01", "CREATE INDEX i ON t (a)");
        silent("IX01", "CREATE INDEX CONCURRENTLY i ON t (a)");
        silent("IX01", "CREATE TABLE t (a int); CREATE INDEX i ON t (a)");
        silent("IX01", "CREATE INDEX i ON ONLY t (a)");
        fires("IX02", "CREATE UNIQUE INDEX i ON t (a)", contract);
        fires("IX02", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)");
        silent("IX02", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", contract);
        fires("IX03", "BEGIN; CREATE INDEX CONCURRENTLY i ON t (a); COMMIT");
        silent("IX03", "CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("IX04", "SET lock_timeout = '1s'; CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("IX04", "SET statement_timeout TO 5000; ALTER TABLE t VALIDATE CONSTRAINT c");
        silent(
            "IX04",
            "SET lock_timeout = '1s'; SET lock_timeout = 0; CREATE INDEX CONCURRENTLY i ON t (a)");
        silent("IX04", "BEGIN; SET LOCAL lock_timeout = '1s'; COMMIT; "
                       "CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("IX05", "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)");
        silent("IX05", "CREATE INDEX IF NOT EXISTS i ON t (a)");
        fires("IX06", "CREATE INDEX CONCURRENTLY ON t (a)");
        fires("IX07", "CREATE TABLE t (a int) PARTITION BY RANGE (a); "
                      "CREATE INDEX CONCURRENTLY i ON t (a)");
        silent("IX07", "CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("IX08", "DROP INDEX i", contract);
        fires("IX08", "DROP INDEX CONCURRENTLY i");
        silent("IX08", "DROP INDEX CONCURRENTLY i", contract);
        fires("IX09", "REINDEX TABLE t", migrate);
        fires("IX09", "REINDEX INDEX CONCURRENTLY i");
        silent("IX09", "REINDEX INDEX CONCURRENTLY i", contract);
        fires("IX10", "BEGIN; DROP INDEX CONCURRENTLY i; COMMIT", contract);
        fires("IX10", "BEGIN; ALTER TABLE t DETACH PARTITION p CONCURRENTLY; COMMIT", contract);
        fires("IX11", "CREATE INDEX CONCURRENTLY i ON t (a, b, c, d)");
        silent("IX11", "CREATE INDEX CONCURRENTLY i ON t (a, b, c)");
        fires("IX13", "ALTER TABLE t ADD a int; CREATE INDEX CONCURRENTLY i ON t (a)");
        silent("IX13", "ALTER TABLE t ADD a int; CREATE INDEX CONCURRENTLY i ON t (a)", migrate);
        silent("IX13", "CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("IX14", "VACUUM FULL t");
        fires("IX14", "VACUUM (FULL) t");
        fires("IX14", "CLUSTER t USING i");
        silent("IX14", "VACUUM t");
        fires("IX15", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID");
        silent("IX15", "CREATE INDEX CONCURRENTLY i ON t (a); "
                       "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p NOT VALID");
        silent("IX15", "CREATE TABLE t (a int PRIMARY KEY REFERENCES p)");

        fires("CN01", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", contract);
        silent("CN01", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
        silent("CN01", "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)");
        silent("CN01", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED");
        fires("CN02", "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p");
        silent("CN02", "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID");
        fires("CN03", "BEGIN; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; "
                      "ALTER TABLE t VALIDATE CONSTRAINT c; COMMIT");
        fires("CN03", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID, "
                      "VALIDATE CONSTRAINT c");
        silent("CN03", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; "
                       "ALTER TABLE t VALIDATE CONSTRAINT c");
        fires("CN04", "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)");
        silent("CN04", "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i");
        fires("CN05", "ALTER TABLE t ADD PRIMARY KEY (id)");
        silent("CN05", "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i");
        fires("CN06", "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i", contract);
        silent("CN06",
               "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a); "
               "ALTER TABLE t ADD CONSTRAINT g CHECK (a IS NOT NULL) NOT VALID; "
               "ALTER TABLE t VALIDATE CONSTRAINT g; "
               "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
               contract);
        fires("CN07", "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)");
        fires("CN09", "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID");
        fires("CN09", "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID");
        silent("CN09", "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID", contract);
        silent("CN09", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
        fires("CN10", "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID");
        silent("CN10", "ALTER TABLE t ADD a int; "
                       "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID");
        fires("CN11",
              "CREATE TABLE t (a int) PARTITION BY RANGE (a); SELECT 1; "
              "ALTER TABLE x.parts ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID");
        fires("CN12", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
        silent("CN12", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; "
                       "ALTER TABLE t VALIDATE CONSTRAINT c");
        fires("CN13", "ALTER TABLE t DROP CONSTRAINT t_a_fkey", contract);
        silent("CN13", "ALTER TABLE t DROP CONSTRAINT t_a_check", contract);
        fires("CN14", "ALTER TABLE t DROP CONSTRAINT t_pkey", contract);
        fires("CN15", "ALTER TABLE t ADD CHECK (a > 0) NOT VALID");
        silent("CN15", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID");
        fires("CN16", "ALTER TABLE t ALTER a SET NOT NULL", contract);
        silent("CN16",
               "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; "
               "ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER a SET NOT NULL",
               contract);
        fires("CN16",
              "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; "
              "ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER a SET NOT NULL",
              expand);
        fires("CN16",
              "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 5 OR a IS NOT NULL) NOT VALID; "
              "ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER a SET NOT NULL",
              contract);
        silent("CN16", "CREATE TABLE t (a int); ALTER TABLE t ALTER a SET NOT NULL", expand);
        fires("CN17", "ALTER TABLE t ADD CONSTRAINT c NOT NULL a", contract);
        silent("CN17", "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID", contract);
        fires("CN18", "ALTER TABLE t VALIDATE CONSTRAINT other; ALTER TABLE t ALTER a SET NOT NULL",
              contract);
        silent("CN18", "ALTER TABLE t ALTER a SET NOT NULL", contract);
        fires("CN19", "ALTER TABLE t ALTER a DROP NOT NULL");
        fires("CN20", "CREATE DOMAIN d AS int CHECK (VALUE > 0)");
        fires("CN20", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)");
        silent("CN20", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID");
        silent("CN20", "CREATE DOMAIN d AS int");
        fires("CN21", "CREATE DOMAIN d AS int CHECK (VALUE > 0); ALTER TABLE t ADD a d");
        fires("CN22", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED");
        fires("CN22", "ALTER TABLE t ALTER CONSTRAINT c NOT ENFORCED");
        silent("CN22", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) ENFORCED");
        fires("CN23", "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID, "
                      "ADD CONSTRAINT d FOREIGN KEY (b) REFERENCES q NOT VALID");
        fires("CN24", "CREATE TABLE p (id bigint PRIMARY KEY); "
                      "CREATE TABLE t (id bigint PRIMARY KEY, a int REFERENCES p (id))");
        silent("CN24", "CREATE TABLE p (id bigserial PRIMARY KEY); "
                       "CREATE TABLE t (id bigint PRIMARY KEY, a bigint REFERENCES p (id))");
        fires("CN25", "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p "
                      "ON DELETE CASCADE NOT VALID");

        fires("CO01", "ALTER TABLE t ADD a int NOT NULL");
        silent("CO01", "ALTER TABLE t ADD a int NOT NULL DEFAULT 0");
        silent("CO01", "ALTER TABLE t ADD a int");
        silent("CO01", "CREATE TABLE t (id int); ALTER TABLE t ADD a int NOT NULL");
        for (const char *sql : {"ALTER TABLE t ADD a timestamptz DEFAULT clock_timestamp()",
                                "ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()",
                                "ALTER TABLE t ADD a float DEFAULT random() * 10",
                                "ALTER TABLE t ADD a int DEFAULT nextval('s')",
                                "ALTER TABLE t ADD a text DEFAULT own_function()"})
            fires("CO02", sql);
        for (const char *sql :
             {"ALTER TABLE t ADD a timestamptz DEFAULT now()",
              "ALTER TABLE t ADD a date DEFAULT current_date",
              "ALTER TABLE t ADD a text DEFAULT upper('a')",
              "ALTER TABLE t ADD a text DEFAULT md5('a')", "ALTER TABLE t ADD a jsonb DEFAULT '{}'",
              "ALTER TABLE t ADD a text DEFAULT current_user"})
            silent("CO02", sql);
        fires("CO03", "ALTER TABLE t ADD a bigserial");
        fires("CO04", "ALTER TABLE t ADD a bigint GENERATED BY DEFAULT AS IDENTITY");
        fires("CO05", "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2) STORED");
        silent("CO05", "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2) VIRTUAL");
        silent("CO05", "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2)");
        silent("CO01", "ALTER TABLE t ADD a int GENERATED ALWAYS AS (b * 2) VIRTUAL NOT NULL");
        fires("CO06", "ALTER TABLE t ADD a int UNIQUE");
        fires("CO07", "ALTER TABLE t ADD a int REFERENCES p");
        fires("CO08", "ALTER TABLE t ADD a int CHECK (a > 0)");
        fires("CO09", "ALTER TABLE t ADD a json");
        silent("CO09", "ALTER TABLE t ADD a jsonb");
        fires("CO10", "ALTER TABLE t DROP a");
        silent("CO10", "ALTER TABLE t DROP a", contract);
        fires("CO11", "ALTER TABLE t RENAME a TO b", contract);
        fires("CO12", "ALTER TABLE t ALTER a TYPE bigint", contract);
        fires("CO14", "ALTER TABLE t ALTER a TYPE text COLLATE \"C\"");
        fires("CO16", "ALTER TABLE t ALTER a SET DEFAULT 3", contract);
        silent("CO16", "ALTER TABLE t ALTER a SET DEFAULT 3");
        fires("CO16", "ALTER TABLE t ALTER a DROP DEFAULT");
        silent("CO16", "ALTER TABLE t ALTER a DROP DEFAULT", contract);
        fires("CO17", "ALTER TABLE t ADD a int");
        fires("CO18", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int");
        fires("CO19", "ALTER TABLE t ALTER a SET EXPRESSION AS (b * 3)");
        silent("CO16", "ALTER TABLE t ALTER a SET EXPRESSION AS (b * 3)", contract);
        fires("CO20", "CREATE TABLE t (id int PRIMARY KEY)");
        silent("CO20", "CREATE TABLE t (id bigint PRIMARY KEY, count int)");
        fires("CO21", "CREATE TABLE t (id bigserial PRIMARY KEY)");
        fires("CO22", "CREATE TABLE t (a char(3))");
        fires("CO23", "CREATE TABLE t (a varchar(3))");
        fires("CO23", "ALTER TABLE t ALTER a TYPE varchar(30)");
        silent("CO23", "CREATE TABLE t (a varchar)");
        fires("CO24", "CREATE TABLE t (a timestamp)");
        silent("CO24", "CREATE TABLE t (a timestamptz)");
        fires("CO25", "ALTER TABLE t ADD "
                      "a_name_that_is_longer_than_the_sixty_three_bytes_that_are_kept_of_it int");
        silent("CO25", "ALTER TABLE t ADD "
                       "a_name_that_has_the_sixty_three_bytes_that_the_server_keeps_ofi int");
        fires("CO26", "CREATE TABLE t (a bool, b bigint, c bool, d bigint)");
        silent("CO26", "CREATE TABLE t (b bigint, d bigint, a bool, c bool)");

        fires("TB01", "DROP TABLE t");
        silent("TB01", "DROP TABLE t", contract);
        fires("TB02", "ALTER TABLE t RENAME TO u", contract);
        silent("TB02",
               "BEGIN; ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT * FROM u; COMMIT");
        fires("TB03", "ALTER SCHEMA a RENAME TO b");
        fires("TB03", "ALTER TABLE t SET SCHEMA b");
        fires("TB04", "DROP SCHEMA s");
        fires("TB04", "DROP DATABASE d");
        fires("TB05", "TRUNCATE t");
        fires("TB06", "DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint PRIMARY KEY)");
        fires("TB07", "ALTER TABLE t SET UNLOGGED");
        fires("TB07", "ALTER TABLE t SET TABLESPACE s");
        fires("TB08", "CREATE TABLE p PARTITION OF t FOR VALUES IN (1)");
        fires("TB09", "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)");
        silent("TB09", "CREATE TABLE p (a int CHECK (a = 1)); "
                       "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)");
        fires("TB10", "ALTER TABLE t DETACH PARTITION p", contract);
        silent("TB10", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY", contract);
        fires("TB11", "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
        silent("TB11", "BEGIN; SET LOCAL lock_timeout = '1s'; CREATE TRIGGER x BEFORE INSERT ON t "
                       "FOR EACH ROW EXECUTE FUNCTION f(); COMMIT");
        fires("TB12", "ALTER TABLE t ENABLE ROW LEVEL SECURITY");
        fires("TB12", "DROP TRIGGER x ON t");
        fires("TB13", "ALTER TYPE e ADD VALUE 'x'");
        silent("TB13", "ALTER TYPE e ADD VALUE 'x' AFTER 'y'");
        fires("TB14", "ALTER TYPE e RENAME VALUE 'x' TO 'y'");
        fires("TB15", "REFRESH MATERIALIZED VIEW m", migrate);
        silent("TB15", "REFRESH MATERIALIZED VIEW CONCURRENTLY m", migrate);
        fires("TB16", "CREATE EXTENSION hstore");
        fires("TB17", "CREATE TYPE e AS ENUM ('a')");
        fires("TB18", "CREATE TABLE t (a int)");
        silent("TB18", "CREATE TABLE t (a int); ALTER TABLE t ADD PRIMARY KEY (a)");
        silent("TB18", "CREATE TEMP TABLE t (a int)");
        fires("TB19", "ALTER TABLE t ADD a int");
        silent("TB19", "ALTER TABLE public.t ADD a int");
        fires("TB21", "CREATE TABLE t (id bigint PRIMARY KEY, a bigint REFERENCES p)");

        fires("TX01", "ALTER TABLE t ADD a int");
        silent("TX01", "SET lock_timeout = '1s'; ALTER TABLE t ADD a int");
        silent("TX01", "SELECT set_config('lock_timeout', '1s', false); ALTER TABLE t ADD a int");
        fires("TX01", "SET lock_timeout = 0; ALTER TABLE t ADD a int");
        silent("TX01", "CREATE TABLE t (a int); ALTER TABLE t ADD b int");
        silent("TX01", "CREATE INDEX CONCURRENTLY i ON t (a)");
        fires("TX02", "SET lock_timeout = '1s'; ALTER TABLE t ADD a int");
        silent("TX02", "SET statement_timeout = '5s'; ALTER TABLE t ADD a int");
        fires("TX03", "BEGIN; ALTER TABLE t ADD a int; CREATE INDEX i ON u (b); COMMIT");
        silent("TX03", "ALTER TABLE t ADD a int; CREATE INDEX i ON u (b)");
        silent("TX03", "BEGIN; ALTER TABLE t RENAME TO u; CREATE VIEW t AS SELECT 1; COMMIT");
        fires("TX04", "BEGIN; ALTER TABLE t ADD a int; ALTER TABLE u ADD a int; COMMIT");
        silent("TX04", "BEGIN; ALTER TABLE t ADD a int; ALTER TABLE t ADD b int; COMMIT");
        fires("TX05", "BEGIN; ALTER TABLE t ADD a int; UPDATE t SET a = 1 WHERE id < 5; COMMIT");
        fires("TX06", "UPDATE t SET a = 1", migrate);
        fires("TX06", "DELETE FROM t", migrate);
        fires("TX06", "UPDATE t SET a = u.a FROM u WHERE t.b = u.b", migrate);
        silent("TX06", "UPDATE t SET a = 1 WHERE id > 10 AND id <= 20", migrate);
        silent("TX06",
               "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t WHERE a IS NULL LIMIT 100)",
               migrate);
        fires("TX07", "BEGIN; BEGIN; COMMIT; COMMIT");
        fires("TX07", "ALTER TABLE t ADD a int; COMMIT");
        silent("TX07", "BEGIN; ALTER TABLE t ADD a int; COMMIT");
        fires("TX08", "BEGIN; ALTER TABLE t ADD a int");
        silent("TX08", "BEGIN; ALTER TABLE t ADD a int; COMMIT");
        fires("TX09", "ALTER TABLE t ADD a int; ALTER TABLE t ADD b int");
        silent("TX09", "ALTER TABLE t ADD a int");
        silent("TX09", "BEGIN; ALTER TABLE t ADD a int; ALTER TABLE t ADD b int; COMMIT");
        fires("TX12", "ALTER TABLE t ALTER a SET NOT NULL; ALTER TABLE t ALTER b SET NOT NULL",
              contract);
        fires("TX13", "UPDATE t SET a = 1, a = 2 WHERE id = 1", migrate);
        fires("TX14", "DO $$ BEGIN DROP TABLE t; END $$");
        fires("TX14", "ALTER TABLE t ADD COLUMN");
        fires("TX14", "\\copy t from 'x'");
        fires("TX15", "LOCK TABLE t");
        fires("TX17",
              "UPDATE t SET a = 1 WHERE id IN (SELECT id FROM t ORDER BY id LIMIT 10 "
              "OFFSET 20)",
              migrate);
    }
    void eachRuleMeetsItsForm()
    {
        QFETCH(QString, rule);
        QFETCH(QByteArray, sql);
        QFETCH(ChangePhase, phase);
        QFETCH(bool, fires);
        LintSettings settings = in(phase);
        LintCatalog partitioned;
        if (rule == QLatin1String("CN11")) {
            partitioned.tables.insert(QStringLiteral("x.parts"), {});
            partitioned.tables[QStringLiteral("x.parts")].isPartitioned = true;
            settings.catalog = &partitioned;
        }
        const QStringList ids = idsOf(sql, settings);
        QVERIFY2(ids.contains(rule) == fires, qPrintable(ids.join(QLatin1Char(' '))));
    }

    void theDatabaseDecidesWhatTheFileCannot_data()
    {
        addColumns();
        row("IX07", "CREATE INDEX CONCURRENTLY i ON parts (a)", expand, true);
        row("CN08", "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX broken", contract, true);
        row("CN09", "ALTER TABLE t ADD CONSTRAINT c CHECK (empty IS NOT NULL) NOT VALID", contract,
            true);
        row("CN09", "ALTER TABLE t ADD CONSTRAINT c CHECK (filled IS NOT NULL) NOT VALID", contract,
            false);
        row("CN13", "ALTER TABLE t DROP CONSTRAINT belongs", contract, true);
        row("CN13", "ALTER TABLE t DROP filled", contract, true);
        row("CN13", "ALTER TABLE t DROP number", contract, false);
        row("CN16", "ALTER TABLE t ALTER filled SET NOT NULL", contract, false);
        row("CN16", "ALTER TABLE t ALTER empty SET NOT NULL", contract, true);
        row("CN21", "ALTER TABLE t ADD a positive", expand, true);
        row("CO02", "ALTER TABLE t ADD a text DEFAULT own_id()", expand, true);
        row("CO02", "ALTER TABLE t ADD a text DEFAULT own_constant()", expand, false);
        row("CO12", "ALTER TABLE t ALTER short_name TYPE text", expand, false);
        row("CO13", "ALTER TABLE t ALTER short_name TYPE text", expand, true);
        row("CO12", "ALTER TABLE t ALTER short_name TYPE varchar(10)", expand, true);
        row("CO12", "ALTER TABLE t ALTER number TYPE bigint", expand, true);
        row("CO15", "ALTER TABLE t ALTER number TYPE bigint", expand, true);
        row("TB20", "ALTER TABLE t ADD a int", expand, true);
        row("TX10", "SET lock_timeout = '1s'", expand, true);
        row("TX10", "SET LOCAL lock_timeout = '1s'", expand, false);
        row("TX16", "ALTER TABLE t DROP number", contract, true);
    }
    void theDatabaseDecidesWhatTheFileCannot()
    {
        QFETCH(QString, rule);
        QFETCH(QByteArray, sql);
        QFETCH(ChangePhase, phase);
        QFETCH(bool, fires);
        const LintCatalog known = catalog();
        LintSettings settings = in(phase);
        settings.catalog = &known;
        const QStringList ids = idsOf(sql, settings);
        QVERIFY2(ids.contains(rule) == fires, qPrintable(ids.join(QLatin1Char(' '))));
    }

    void aVersionDecidesToo()
    {
        const QByteArray sql = "CREATE INDEX CONCURRENTLY i ON t (a)";
        QVERIFY(idsOf(sql, in(expand, 140002)).contains(QStringLiteral("IX12")));
        QVERIFY(!idsOf(sql, in(expand, 140004)).contains(QStringLiteral("IX12")));
    }

    void aToolThatWrapsTheFileIsATransaction()
    {
        LintSettings settings = in(expand);
        settings.wrapped = LintFile::Wrapped::InTransaction;
        QVERIFY(idsOf("CREATE INDEX CONCURRENTLY i ON t (a)", settings)
                    .contains(QStringLiteral("IX03")));
        QVERIFY(idsOf("COMMIT", settings).contains(QStringLiteral("TX07")));
    }

    void thereAreAHundredAndFiveRules()
    {
        QSet<QString> ids;
        for (const LintRule &rule : lintRules()) {
            ids.insert(QLatin1String(rule.id));
            QVERIFY2(rule.form[0] && rule.why[0] && rule.instead[0], rule.id);
        }
        QCOMPARE(ids.size(), 105);
        QCOMPARE(lintRules().size(), 105);
        QVERIFY(lintRule(QStringLiteral("TX18")));
        QVERIFY(!lintRule(QStringLiteral("TX99")));
    }

    /// What the document of the change itself proposes.
    void theSeedsOwnStepsAreFlagged()
    {
        const QByteArray first = "ALTER TABLE conversations ADD COLUMN organization_id uuid;\n"
                                 "CREATE INDEX idx_conversations_org\n"
                                 "    ON conversations (organization_id);\n";
        const QList<LintFinding> found = lintSql(first, in(expand));
        const auto index = std::find_if(found.cbegin(), found.cend(), [](const LintFinding &each) {
            return each.rule == QLatin1String("IX01");
        });
        QVERIFY(index != found.cend());
        QCOMPARE(index->severity, LintSeverity::Block);
        QCOMPARE(index->line, 3);
        QCOMPARE(index->column, 8);
        QCOMPARE(index->locks.table, LockMode::Share);
        QVERIFY(index->why.contains(QStringLiteral("conversations")));
        const QByteArray third
            = "ALTER TABLE conversations ALTER COLUMN organization_id SET NOT NULL;";
        QVERIFY(idsOf(third, in(contract)).contains(QStringLiteral("CN16")));
    }

    void whatIsSafeHasNothingThatBlocks()
    {
        const QByteArray safe = "BEGIN;\n"
                                "SET LOCAL lock_timeout = '1s';\n"
                                "SET LOCAL statement_timeout = '5s';\n"
                                "ALTER TABLE public.t ADD COLUMN a uuid;\n"
                                "COMMIT;\n"
                                "CREATE INDEX CONCURRENTLY i ON public.t (a);\n";
        for (const LintFinding &finding : lintSql(safe, in(expand)))
            QVERIFY2(finding.severity != LintSeverity::Block, qPrintable(finding.rule));
    }
};

QTEST_GUILESS_MAIN(LintRulesTest)
#include "rules_test.moc"
