#include "migration/rehearsal/claims.h"

#include <QTest>

using namespace pilothouse;

class ClaimsTest final : public QObject
{
    Q_OBJECT

private:
    static Claim claimed(const char *sql, qsizetype statement = 0)
    {
        return claimOf(LintFile(readSql(sql), LintFile::Wrapped::No), statement);
    }
    static Rehearsed locked(const QMap<QString, LockMode> &locks)
    {
        Rehearsed rehearsed;
        rehearsed.locks = locks;
        return rehearsed;
    }

private Q_SLOTS:
    void aStatementClaimsTheStrongestLockOfItsActsOnEachTable()
    {
        const Claim claim = claimed("ALTER TABLE app.c ALTER COLUMN a SET STATISTICS 500, "
                                    "ADD CONSTRAINT k FOREIGN KEY (a) REFERENCES app.p NOT VALID");
        QCOMPARE(claim.locks,
                 (QMap<QString, LockMode>{{QStringLiteral("app.c"), LockMode::ShareRowExclusive},
                                          {QStringLiteral("app.p"), LockMode::ShareRowExclusive}}));
        QVERIFY(!claim.scans);
    }
    void eachStatementClaimsItsOwn()
    {
        const char *sql = "CREATE INDEX i ON a (x); DROP INDEX j; ALTER TABLE b ADD x int";
        QCOMPARE(claimed(sql, 0).locks.keys(), QStringList{QStringLiteral("a")});
        QVERIFY(claimed(sql, 0).scans);
        QCOMPARE(claimed(sql, 2).locks.keys(), QStringList{QStringLiteral("b")});
        QVERIFY(!claimed(sql, 2).scans);
    }
    void whatTheServerDoesAsSaidIsNoDifference()
    {
        // Without its schema it may be the same table; what only reads stops nobody.
        const Rehearsed seen = locked({{QStringLiteral("app.a"), LockMode::AccessExclusive},
                                       {QStringLiteral("app.p"), LockMode::RowShare}});
        QCOMPARE(differences(claimed("ALTER TABLE a ADD x int"), seen), QStringList());
    }
    void aLockThatTheRulesDoNotKnowIsTold()
    {
        const Rehearsed seen = locked({{QStringLiteral("app.a"), LockMode::AccessExclusive},
                                       {QStringLiteral("app.p"), LockMode::ShareRowExclusive}});
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x int"), seen),
                 QStringList{QStringLiteral(
                     "It takes SHARE ROW EXCLUSIVE on app.p, of which the rules say nothing.")});
    }
    void anotherLockThanTheClaimedIsTold()
    {
        const Rehearsed seen = locked({{QStringLiteral("app.a"), LockMode::Share}});
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x int"), seen),
                 QStringList{QStringLiteral("It takes SHARE on app.a, and not ACCESS EXCLUSIVE.")});
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x int"), Rehearsed()),
                 QStringList{QStringLiteral("It does not take ACCESS EXCLUSIVE on app.a.")});
    }
    void aScanOrARewriteThatWasNotClaimedIsTold()
    {
        Rehearsed seen = locked({{QStringLiteral("app.a"), LockMode::AccessExclusive}});
        seen.scans = true;
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x int"), seen),
                 QStringList{QStringLiteral("It reads every row.")});
        seen.rewritten.insert(QStringLiteral("app.a"));
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x int"), seen),
                 QStringList{QStringLiteral("It writes the table anew.")});
        seen.rewritten.clear();
        seen.scans = false;
        QCOMPARE(differences(claimed("ALTER TABLE app.a ADD x serial"), seen),
                 QStringList{QStringLiteral("It does not write the table anew.")});
    }
    void whatTheServerRefusesIsToldInItsWords()
    {
        Rehearsed seen;
        seen.end = Rehearsed::End::Refused;
        seen.error = QStringLiteral("column \"x\" does not exist");
        QCOMPARE(differences(claimed("ALTER TABLE app.a DROP x"), seen),
                 QStringList{QStringLiteral("The server refuses it: column \"x\" does not exist")});
    }
};

QTEST_GUILESS_MAIN(ClaimsTest)
#include "claims_test.moc"
