#include "migration/lint/sql/newerforms.h"
#include "migration/lint/sql/sqlreading.h"

#include <QTest>

using namespace pilothouse;

namespace {

SqlAct only(const QByteArray &sql)
{
    const QList<SqlStatement> statements = readSql(sql);
    if (statements.size() != 1 || statements.first().acts.size() != 1)
        return {};
    return statements.first().acts.first();
}

} // namespace

/// What PostgreSQL 15's grammar does not read.
class NewerFormsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void noByteIsMoved_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("older");
        QTest::newRow("not null")
            << QByteArray("ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID")
            << QByteArray("ALTER TABLE t ADD CONSTRAINT c CHECK(a)   NOT VALID");
        QTest::newRow("virtual")
            << QByteArray("ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) VIRTUAL, ADD c int")
            << QByteArray("ALTER TABLE t ADD a int DEFAULT             (b)        , ADD c int");
        QTest::newRow("the word left out")
            << QByteArray("ALTER TABLE t ADD a int GENERATED ALWAYS AS ((b))")
            << QByteArray("ALTER TABLE t ADD a int DEFAULT             ((b))");
        QTest::newRow("stored")
            << QByteArray("ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) STORED")
            << QByteArray("ALTER TABLE t ADD a int GENERATED ALWAYS AS (b) STORED");
        QTest::newRow("not enforced") << QByteArray("ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED")
                                      << QByteArray("ALTER TABLE t ADD CHECK (a > 0)             ");
        QTest::newRow("expression") << QByteArray("ALTER TABLE t ALTER a SET EXPRESSION AS (b)")
                                    << QByteArray("ALTER TABLE t ALTER a SET DEFAULT       (b)");
        QTest::newRow("over time")
            << QByteArray("ALTER TABLE t ADD PRIMARY KEY (id, at WITHOUT OVERLAPS)")
            << QByteArray("ALTER TABLE t ADD PRIMARY KEY (id, at                 )");
        QTest::newRow("of a column") << QByteArray("ALTER TABLE t ADD a int CONSTRAINT c NOT NULL")
                                     << QByteArray("ALTER TABLE t ADD a int CONSTRAINT c NOT NULL");
        QTest::newRow("in a text")
            << QByteArray("SELECT 'a NOT ENFORCED'") << QByteArray("SELECT 'a NOT ENFORCED'");
    }
    void noByteIsMoved()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, older);
        QCOMPARE(olderText(sql, sqlTokens(sql)).sql, older);
        QCOMPARE(older.size(), sql.size());
    }

    void aNotNullOfTheTableIsSeen()
    {
        const SqlAct act = only("ALTER TABLE s.t ADD CONSTRAINT c NOT NULL a NOT VALID");
        QCOMPARE(act.kind, SqlAct::Kind::AddConstraint);
        QVERIFY(act.constraint());
        QCOMPARE(act.constraint()->kind, SqlConstraint::Kind::NotNull);
        QCOMPARE(act.constraint()->name, QStringLiteral("c"));
        QCOMPARE(act.constraint()->provesNotNull, QStringLiteral("a"));
        QVERIFY(act.constraint()->notValid);
        // A check of a column that is a truth is not one.
        const SqlAct check = only("ALTER TABLE t ADD CONSTRAINT c CHECK (a)");
        QCOMPARE(check.constraint()->kind, SqlConstraint::Kind::Check);
    }

    void aVirtualColumnHasNoDefault()
    {
        const SqlAct act = only("ALTER TABLE t ADD a int GENERATED ALWAYS AS (random()) VIRTUAL");
        QVERIFY(act.column());
        QCOMPARE(act.column()->generated, SqlColumn::Generated::Virtual);
        QVERIFY(!act.column()->byDefault);
    }

    void onlyTheConstraintThatIsNotEnforcedIsNone()
    {
        const QList<SqlStatement> all = readSql("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT "
                                                "ENFORCED, ADD CONSTRAINT d CHECK (b > 0)");
        QCOMPARE(all.size(), 1);
        QCOMPARE(all.first().acts.size(), 2);
        QVERIFY(all.first().acts[0].constraint()->notEnforced);
        QVERIFY(!all.first().acts[1].constraint()->notEnforced);
    }

    void anExpressionIsNoDefault()
    {
        QCOMPARE(only("ALTER TABLE t ALTER a SET EXPRESSION AS (b * 2)").kind,
                 SqlAct::Kind::SetExpression);
        QCOMPARE(only("ALTER TABLE t ALTER a SET DEFAULT 2").kind, SqlAct::Kind::SetDefault);
    }

    void whatIsStillUnreadIsSaid()
    {
        const QList<SqlStatement> all = readSql("SELECT 1; FROBNICATE t; SELECT 2");
        QCOMPARE(all.size(), 3);
        QCOMPARE(all[1].acts.first().kind, SqlAct::Kind::Opaque);
        QVERIFY(!all[1].acts.first().value.isEmpty());
        QCOMPARE(all[2].acts.first().kind, SqlAct::Kind::Select);
    }
};

QTEST_GUILESS_MAIN(NewerFormsTest)
#include "newerforms_test.moc"
