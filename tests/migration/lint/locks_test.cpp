#include "migration/lint/locks.h"
#include "migration/lint/sql/sqlreading.h"

#include <QTest>

using namespace pilothouse;

namespace {

SqlType type(const char *name, QList<int> modifiers = {})
{
    return {{{}, QLatin1String(name)}, std::move(modifiers), false};
}

} // namespace

/// The locks that were measured, by the statement alone.
class LocksTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStatementHoldsWhatWasMeasured_data()
    {
        using L = LockMode;
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<LockMode>("table");
        QTest::addColumn<LockMode>("other");
        QTest::addColumn<bool>("scans");
        QTest::addColumn<bool>("rewrites");
        const auto row = [](const char *sql, L table, L other, bool scans, bool rewrites) {
            QTest::newRow(sql) << QByteArray(sql) << table << other << scans << rewrites;
        };
        const L ael = L::AccessExclusive;
        row("ALTER TABLE t ADD a int", ael, L::None, false, false);
        row("ALTER TABLE t ADD a int DEFAULT 3", ael, L::None, false, false);
        row("ALTER TABLE t ADD a timestamptz DEFAULT now()", ael, L::None, false, false);
        row("ALTER TABLE t ADD a uuid DEFAULT gen_random_uuid()", ael, L::None, false, true);
        row("ALTER TABLE t ADD a serial", ael, L::None, false, true);
        row("ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) STORED", ael, L::None, false, true);
        row("ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) VIRTUAL", ael, L::None, false, false);
        row("ALTER TABLE t ADD a int UNIQUE", ael, L::None, true, false);
        row("ALTER TABLE t ADD a int CHECK (a > 0)", ael, L::None, true, false);
        row("ALTER TABLE t ADD a int REFERENCES p", ael, L::ShareRowExclusive, false, false);
        row("ALTER TABLE t DROP a", ael, L::None, false, false);
        row("ALTER TABLE t ALTER a SET DEFAULT 1", ael, L::None, false, false);
        row("ALTER TABLE t ALTER a SET NOT NULL", ael, L::None, true, false);
        row("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", ael, L::None, true, false);
        row("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", ael, L::None, false, false);
        row("ALTER TABLE t VALIDATE CONSTRAINT c", L::ShareUpdateExclusive, L::None, true, false);
        row("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p", L::ShareRowExclusive,
            L::ShareRowExclusive, true, false);
        row("ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES p NOT VALID",
            L::ShareRowExclusive, L::ShareRowExclusive, false, false);
        row("ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", ael, L::None, true, false);
        row("ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i", ael, L::None, false, false);
        row("ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH &&)", ael, L::None, true,
            false);
        row("CREATE INDEX i ON t (a)", L::Share, L::None, true, false);
        row("CREATE INDEX CONCURRENTLY i ON t (a)", L::ShareUpdateExclusive, L::None, true, false);
        row("DROP INDEX i", ael, L::None, false, false);
        row("DROP INDEX CONCURRENTLY i", L::ShareUpdateExclusive, L::None, false, false);
        row("REINDEX TABLE t", L::Share, L::None, true, false);
        row("ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)", L::ShareUpdateExclusive, ael,
            true, false);
        row("ALTER TABLE t DETACH PARTITION p", ael, ael, false, false);
        row("CREATE TABLE p PARTITION OF t FOR VALUES IN (1)", L::None, ael, false, false);
        row("CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            L::ShareRowExclusive, L::None, false, false);
        row("DROP TRIGGER x ON t", ael, L::None, false, false);
        row("ALTER TABLE t SET (fillfactor = 70)", L::ShareUpdateExclusive, L::None, false, false);
        row("ALTER TABLE t SET UNLOGGED", ael, L::None, false, true);
        row("ANALYZE t", L::ShareUpdateExclusive, L::None, false, false);
        row("REFRESH MATERIALIZED VIEW CONCURRENTLY t", L::Exclusive, L::None, true, false);
        row("UPDATE t SET a = 1", L::RowExclusive, L::None, false, false);
        row("COMMENT ON TABLE t IS 'x'", L::ShareUpdateExclusive, L::None, false, false);
    }
    void aStatementHoldsWhatWasMeasured()
    {
        QFETCH(QByteArray, sql);
        QFETCH(LockMode, table);
        QFETCH(LockMode, other);
        QFETCH(bool, scans);
        QFETCH(bool, rewrites);
        const ActLocks locks = locksOf(readSql(sql).first().acts.first(), nullptr);
        QCOMPARE(locks.table, table);
        QCOMPARE(locks.onOther, other);
        QCOMPARE(locks.scans, scans);
        QCOMPARE(locks.rewrites, rewrites);
    }

    void notEveryChangeOfTypeWritesTheTable_data()
    {
        QTest::addColumn<SqlType>("from");
        QTest::addColumn<SqlType>("to");
        QTest::addColumn<bool>("rewrites");
        const auto row = [](const SqlType &from, const SqlType &to, bool rewrites) {
            QTest::addRow("%s to %s", qPrintable(from.text()), qPrintable(to.text()))
                << from << to << rewrites;
        };
        row(type("int4"), type("int8"), true);
        row(type("varchar", {20}), type("varchar", {10}), true);
        row(type("varchar", {10}), type("varchar", {20}), false);
        row(type("varchar", {10}), type("text"), false);
        row(type("varchar", {10}), type("varchar"), false);
        row(type("text"), type("varchar", {10}), true);
        row(type("text"), type("varchar"), false);
        row(type("numeric", {10, 2}), type("numeric", {12, 2}), false);
        row(type("numeric", {10, 2}), type("numeric", {10, 3}), true);
        row(type("numeric", {10, 2}), type("numeric"), false);
        row(type("timestamptz", {3}), type("timestamptz", {6}), false);
        row(type("timestamptz", {6}), type("timestamptz", {3}), true);
        row(type("timestamp"), type("timestamptz"), true);
        row(type("cidr"), type("inet"), false);
        row(type("jsonb"), type("json"), true);
        row(type("bpchar", {3}), type("text"), true);
    }
    void notEveryChangeOfTypeWritesTheTable()
    {
        QFETCH(SqlType, from);
        QFETCH(SqlType, to);
        QFETCH(bool, rewrites);
        QCOMPARE(rewritesForType(from, to, false), std::optional<bool>(rewrites));
    }

    void aTimestampBecomesZonedForNothingWhereTheSessionIsInUtc()
    {
        QCOMPARE(rewritesForType(type("timestamp"), type("timestamptz"), true),
                 std::optional<bool>(false));
    }
};

QTEST_GUILESS_MAIN(LocksTest)
#include "locks_test.moc"
