#include "migration/lint/lint.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr ChangePhase expand = ChangePhase::Expand;
constexpr ChangePhase migrate = ChangePhase::Migrate;
constexpr ChangePhase contract = ChangePhase::Contract;

const QByteArray soon = "SET lock_timeout = '1s'; ";

std::optional<LintFinding> findingOf(const QString &rule, const QByteArray &sql, ChangePhase phase)
{
    LintSettings settings;
    settings.phase = phase;
    for (const LintFinding &finding : lintSql(sql, settings)) {
        if (finding.rule == rule)
            return finding;
    }
    return {};
}

} // namespace

/// A form that is written safely is against a rule outside of the rule's phases alone; one that is
/// not is against it in each.
class LintPhasesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsSafeHasItsPhase_data()
    {
        QTest::addColumn<QByteArray>("safe");
        QTest::addColumn<QByteArray>("unsafe");
        QTest::addColumn<QList<ChangePhase>>("phases");
        const auto rule = [](const char *id, const QByteArray &safe, const QByteArray &unsafe,
                             const QList<ChangePhase> &phases) {
            QTest::newRow(id) << safe << unsafe << phases;
        };
        rule("IX02", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
             "CREATE UNIQUE INDEX i ON t (a)", {contract});
        rule("CN06",
             "CREATE UNIQUE INDEX CONCURRENTLY i ON t (id); "
             "ALTER TABLE t ADD CONSTRAINT g CHECK (id IS NOT NULL); "
             "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
             "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i", {contract});
        rule("CN13", soon + "ALTER TABLE t DROP CONSTRAINT t_a_fkey",
             "ALTER TABLE t DROP CONSTRAINT t_a_fkey", {contract});
        rule("CO07", soon + "ALTER TABLE t ADD a int REFERENCES p",
             "ALTER TABLE t ADD a int REFERENCES p", {expand});
        rule("TB09",
             "CREATE TABLE p (a int CHECK (a = 1)); "
             "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)",
             "ALTER TABLE t ATTACH PARTITION p FOR VALUES IN (1)", {expand});
        rule("TB10", "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
             "ALTER TABLE t DETACH PARTITION p", {contract});
        rule("TB11", soon + "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
             "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", {expand});
        rule("TB12", soon + "DROP TRIGGER x ON t", "DROP TRIGGER x ON t", {expand, contract});
        rule("TB13", "ALTER TYPE e ADD VALUE 'x' AFTER 'y'", "ALTER TYPE e ADD VALUE 'x'",
             {expand});
        rule("TB15", "REFRESH MATERIALIZED VIEW CONCURRENTLY v", "REFRESH MATERIALIZED VIEW v",
             {migrate});
        rule("TB21", soon + "CREATE TABLE t (id bigint PRIMARY KEY, a bigint REFERENCES p)",
             "CREATE TABLE t (id bigint PRIMARY KEY, a bigint REFERENCES p)", {expand});
    }
    void whatIsSafeHasItsPhase()
    {
        QFETCH(QByteArray, safe);
        QFETCH(QByteArray, unsafe);
        QFETCH(QList<ChangePhase>, phases);
        const QString rule = QString::fromLatin1(QTest::currentDataTag());
        for (const ChangePhase phase : {expand, migrate, contract}) {
            const auto found = findingOf(rule, safe, phase);
            QVERIFY2(found.has_value() != phases.contains(phase), qPrintable(phaseWord(phase)));
            QVERIFY(!found || found->isForPhase);
            const auto wrong = findingOf(rule, unsafe, phase);
            QVERIFY2(wrong && !wrong->isForPhase, qPrintable(phaseWord(phase)));
        }
    }

    void severalKeysInOneStatementAreUnsafeWithATimeoutToo()
    {
        const auto several = findingOf(
            QStringLiteral("CN13"),
            soon + "ALTER TABLE t DROP CONSTRAINT t_a_fkey, DROP CONSTRAINT t_b_fkey", contract);
        QVERIFY(several && !several->isForPhase);
        QVERIFY(!findingOf(QStringLiteral("CN13"),
                           soon
                               + "ALTER TABLE t DROP CONSTRAINT t_a_fkey; "
                                 "ALTER TABLE t DROP CONSTRAINT t_b_fkey",
                           contract));
    }
};

QTEST_GUILESS_MAIN(LintPhasesTest)
#include "phases_test.moc"
