#include "migration/lint/followedcatalog.h"
#include "migration/lint/lintfile.h"

#include <QTest>

using namespace pilothouse;

namespace {

LintCatalog live()
{
    LintCatalog catalog;
    LintCatalog::Table table;
    for (const char *name : {"id", "a", "b"})
        table.columns[QLatin1String(name)].type = SqlType{{{}, QStringLiteral("int4")}, {}, false};
    LintCatalog::Constraint key;
    key.said.kind = SqlConstraint::Kind::ForeignKey;
    key.said.columns = {QStringLiteral("b")};
    key.said.references = {QStringLiteral("app"), QStringLiteral("p")};
    table.constraints.insert(QStringLiteral("t_b_fkey"), key);
    table.indexes[QStringLiteral("t_a")].columns = {QStringLiteral("a")};
    catalog.tables.insert(QStringLiteral("app.t"), table);
    return catalog;
}

ActLocks lastOf(const QByteArray &sql, const LintCatalog *catalog)
{
    return LintFile(readSql(sql), LintFile::Wrapped::No, catalog).acts().last().locks;
}

} // namespace

/// What a statement holds, behind those that stand before it in its file.
class FollowedCatalogTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProofInTheFileIsKnownBehindIt_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<bool>("scans");
        const auto row = [](const char *name, const char *sql, bool scans) {
            QTest::newRow(name) << QByteArray(sql) << scans;
        };
        row("validated",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; "
            "ALTER TABLE app.t VALIDATE CONSTRAINT c; "
            "ALTER TABLE app.t ALTER a SET NOT NULL",
            false);
        row("without its schema",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; "
            "ALTER TABLE app.t VALIDATE CONSTRAINT c; ALTER TABLE t ALTER a SET NOT NULL",
            false);
        row("not validated",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL) NOT VALID; "
            "ALTER TABLE app.t ALTER a SET NOT NULL",
            true);
        row("another column",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (b IS NOT NULL); "
            "ALTER TABLE app.t ALTER a SET NOT NULL",
            true);
        row("dropped again",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL); "
            "ALTER TABLE app.t DROP CONSTRAINT c; "
            "ALTER TABLE app.t ALTER a SET NOT NULL",
            true);
        row("rolled back",
            "BEGIN; ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL); "
            "ROLLBACK; ALTER TABLE app.t ALTER a SET NOT NULL",
            true);
        row("in the same statement",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL), ALTER a SET NOT NULL", true);
        row("a column renamed since",
            "ALTER TABLE app.t ADD CONSTRAINT c CHECK (a IS NOT NULL); "
            "ALTER TABLE app.t RENAME a TO z; "
            "ALTER TABLE app.t ALTER z SET NOT NULL",
            false);
        row("a second time",
            "ALTER TABLE app.t ALTER a SET NOT NULL; ALTER TABLE app.t ALTER a SET NOT NULL",
            false);
        row("taken back",
            "ALTER TABLE app.t ALTER a SET NOT NULL; ALTER TABLE app.t ALTER a DROP NOT NULL; "
            "ALTER TABLE app.t ALTER a SET NOT NULL",
            true);
        row("a partition with its bounds",
            "CREATE TABLE app.part (a int CHECK (a = 1)); "
            "ALTER TABLE app.t ATTACH PARTITION app.part FOR VALUES IN (1)",
            false);
        row("a partition without",
            "CREATE TABLE app.part (a int); "
            "ALTER TABLE app.t ATTACH PARTITION app.part FOR VALUES IN (1)",
            true);
    }
    void aProofInTheFileIsKnownBehindIt()
    {
        QFETCH(QByteArray, sql);
        const LintCatalog catalog = live();
        QTEST(lastOf(sql, &catalog).scans, "scans");
        QTEST(lastOf(sql, nullptr).scans, "scans"); // the file alone tells as much
    }

    void theTypeOfAColumnThatTheFileMadeIsKnown()
    {
        const QByteArray longer = "CREATE TABLE n (v varchar(10)); "
                                  "ALTER TABLE n ALTER v TYPE varchar(20)";
        const QByteArray other = "CREATE TABLE n (v varchar(10)); ALTER TABLE n ALTER v TYPE int "
                                 "USING 1";
        QVERIFY(!lastOf(longer, nullptr).rewrites);
        QVERIFY(lastOf(other, nullptr).rewrites);
        const LintCatalog catalog = live();
        QVERIFY(!lastOf("ALTER TABLE app.t ADD v varchar(10); ALTER TABLE app.t ALTER v TYPE text",
                        &catalog)
                     .rewrites);
        QVERIFY(lastOf("ALTER TABLE app.t ALTER a TYPE text", &catalog).rewrites);
    }

    void aKeyThatTheFileDroppedLocksNobodyAnyMore()
    {
        const LintCatalog catalog = live();
        const SqlName parent{QStringLiteral("app"), QStringLiteral("p")};
        QCOMPARE(lastOf("ALTER TABLE app.t DROP b", &catalog).other, parent);
        QVERIFY(
            lastOf("ALTER TABLE app.t DROP CONSTRAINT t_b_fkey; ALTER TABLE app.t DROP b", &catalog)
                .other.isEmpty());
        QVERIFY(lastOf("ALTER TABLE app.t DROP b; DROP TABLE app.t", &catalog).other.isEmpty());
        QCOMPARE(lastOf("ALTER TABLE app.t ADD c int REFERENCES app.p; "
                        "ALTER TABLE app.t DROP CONSTRAINT t_c_fkey",
                        nullptr)
                     .other,
                 parent);
        QCOMPARE(lastOf("ALTER TABLE app.t RENAME TO u; DROP TABLE app.u", &catalog).other, parent);
    }

    void whatIsMadeIfItIsMissingChangesNothingThatIsThere()
    {
        LintCatalog catalog = live();
        FollowedCatalog followed(&catalog);
        followed.follow(readSql("CREATE TABLE IF NOT EXISTS app.t (x int)").first().acts.first());
        QVERIFY(
            followed.now().tables[QStringLiteral("app.t")].columns.contains(QStringLiteral("a")));
        followed.follow(
            readSql("ALTER TABLE app.t ADD COLUMN IF NOT EXISTS a text").first().acts.first());
        QCOMPARE(followed.now().tables[QStringLiteral("app.t")].columns[QStringLiteral("a")].type,
                 catalog.tables[QStringLiteral("app.t")].columns[QStringLiteral("a")].type);
    }
};

QTEST_GUILESS_MAIN(FollowedCatalogTest)
#include "followedcatalog_test.moc"
