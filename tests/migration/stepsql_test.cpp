#include "migration/recipe/batchsql.h"
#include "migration/recipe/sqltext.h"
#include "migration/recipe/stepsql.h"
#include "migration/samplechange.h"

#include <QTest>

using namespace pilothouse;

class StepSqlTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void quotesWhatNeedsIt_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("sql");
        const auto row = [](const char *title, const char *name, const char *sql) {
            QTest::newRow(title) << QString::fromUtf8(name) << QString::fromUtf8(sql);
        };
        row("a plain name stays", "organization_id", "organization_id");
        row("a key word", "order", "\"order\"");
        row("capitals", "UserId", "\"UserId\"");
        row("a leading digit", "2fa", "\"2fa\"");
        row("a quote inside", "a\"b", "\"a\"\"b\"");
        row("umlauts", "größe", "\"größe\"");
        row("a name that would end the statement", "x; drop table y", "\"x; drop table y\"");
    }

    void quotesWhatNeedsIt()
    {
        QFETCH(QString, name);
        QFETCH(QString, sql);
        QCOMPARE(sqlName(name), sql);
    }

    void textsCannotEnd_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("sql");
        QTest::newRow("plain") << QStringLiteral("a") << QStringLiteral("'a'");
        QTest::newRow("a quote") << QStringLiteral("O'Hara") << QStringLiteral("'O''Hara'");
        QTest::newRow("a backslash") << QStringLiteral("a\\'b") << QStringLiteral("E'a\\\\''b'");
        QTest::newRow("a null character")
            << (QStringLiteral("a") + QChar(QChar::Null) + QStringLiteral("b"))
            << QStringLiteral("'ab'");
    }

    void textsCannotEnd()
    {
        QFETCH(QString, text);
        QFETCH(QString, sql);
        QCOMPARE(sqlText(text), sql);
    }

    void longNamesStayApartWithin63Bytes()
    {
        const QString stem(80, u'a');
        const QString one = pilothouse::objectName(stem + u'1', QStringLiteral("_sync"));
        const QString two = pilothouse::objectName(stem + u'2', QStringLiteral("_sync"));
        QVERIFY(one != two);
        QVERIFY(one.endsWith(QLatin1String("_sync")));
        QCOMPARE(one.toUtf8().size(), 63);
        QVERIFY(pilothouse::objectName(QString(40, QChar(0x00fc)), QStringLiteral("_nn"))
                    .toUtf8()
                    .size()
                <= 63);
        QCOMPARE(pilothouse::objectName(QStringLiteral("short"), QStringLiteral("_nn")),
                 QStringLiteral("short_nn"));
    }

    void saysWhatTheFactsDocumentSays_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("expected");
        const Change change = sampleChange();
        const auto row = [](const char *name, const QString &sql, const char *expected) {
            QTest::newRow(name) << sql << QString::fromLatin1(expected);
        };
        row("E1", stepsql::addColumn(change),
            "ALTER TABLE public.conversations ADD COLUMN organization_id uuid");
        row("E1 marker", stepsql::markColumn(change),
            "COMMENT ON COLUMN public.conversations.organization_id IS "
            "'pilothouse:{\"change\":\"conversations-organization-id\",\"contract_due\":"
            "\"2026-12-15\",\"phase\":\"expand\"}'");
        row("M4", stepsql::buildIndex(change),
            "CREATE INDEX CONCURRENTLY idx_conversations_org ON public.conversations "
            "(organization_id)");
        row("M5", stepsql::analyze(change), "ANALYZE public.conversations (organization_id)");
        row("C1", stepsql::addGuard(change),
            "ALTER TABLE public.conversations ADD CONSTRAINT conversations_organization_id_nn "
            "CHECK "
            "(organization_id IS NOT NULL) NOT VALID");
        row("C2", stepsql::validateGuard(change),
            "ALTER TABLE public.conversations VALIDATE CONSTRAINT "
            "conversations_organization_id_nn");
        row("C3", stepsql::setNotNull(change),
            "ALTER TABLE public.conversations ALTER COLUMN organization_id SET NOT NULL");
        row("C4", stepsql::dropGuard(change),
            "ALTER TABLE public.conversations DROP CONSTRAINT conversations_organization_id_nn");
        row("undo of C3", stepsql::dropNotNull(change),
            "ALTER TABLE public.conversations ALTER COLUMN organization_id DROP NOT NULL");
        row("undo of M4", stepsql::dropIndex(change),
            "DROP INDEX CONCURRENTLY public.idx_conversations_org");
        row("undo of E1", stepsql::dropColumn(change),
            "ALTER TABLE public.conversations DROP COLUMN organization_id");
    }

    void saysWhatTheFactsDocumentSays()
    {
        QFETCH(QString, sql);
        QFETCH(QString, expected);
        QCOMPARE(sql, expected);
    }

    void neverHidesABrokenIndexBehindIfNotExists()
    {
        QVERIFY(!stepsql::buildIndex(sampleChange()).contains(QLatin1String("IF NOT EXISTS")));
        QVERIFY(!stepsql::addColumn(sampleChange()).contains(QLatin1String("IF NOT EXISTS")));
    }

    void theTriggerRunsWithItsOwnersRightsAndAFixedPath()
    {
        const QStringList statements = stepsql::createSync(sampleChange());
        QCOMPARE(statements.size(), 3);
        QVERIFY(statements[0].contains(
            QLatin1String("SECURITY DEFINER SET search_path = pg_catalog, pg_temp")));
        QVERIFY(statements[0].contains(QLatin1String("FROM public.users AS s WHERE s.id = "
                                                     "NEW.user_id")));
        QVERIFY(statements[1].startsWith(QLatin1String("REVOKE ALL ON FUNCTION")));
        QVERIFY(statements[2].contains(QLatin1String("BEFORE INSERT OR UPDATE ON "
                                                     "public.conversations")));
    }

    void aBatchMovesItsCursorInTheSameStatement()
    {
        const KeyColumn key{QStringLiteral("id"), QStringLiteral("bigint")};
        const QString sql = stepsql::backfillBatch(sampleChange(), key, QStringLiteral("41"),
                                                   QStringLiteral("99"), 500);
        QVERIFY(sql.contains(QLatin1String("id > '41'::bigint AND id <= '99'::bigint")));
        QVERIFY(sql.contains(QLatin1String("ORDER BY id LIMIT 500 FOR NO KEY UPDATE")));
        QVERIFY(sql.contains(QLatin1String("t.organization_id IS NULL"))); // never a newer value
        QVERIFY(sql.contains(QLatin1String("UPDATE pilothouse.backfill AS f")));
        QVERIFY(sql.contains(QLatin1String("f.cursor_pk IS NOT DISTINCT FROM '41'")));
        QVERIFY(sql.contains(QLatin1String("rows_scanned = ")));
        QVERIFY(!sql.contains(QLatin1String("SKIP LOCKED"))); // it leaves holes
        QVERIFY(!sql.contains(QLatin1String("OFFSET")));
    }

    void aSweepMeetsOnlyNullsAndCountsNothingTwice()
    {
        const KeyColumn key{QStringLiteral("id"), QStringLiteral("uuid")};
        const QString sql = stepsql::sweepBatch(sampleChange(), key, {}, QStringLiteral("ff"), 500);
        QVERIFY(sql.contains(QLatin1String("WHERE organization_id IS NULL AND id <= 'ff'::uuid")));
        QVERIFY(sql.contains(QLatin1String("f.state = 'sweeping'")));
        QVERIFY(sql.contains(QLatin1String("f.cursor_pk IS NOT DISTINCT FROM NULL")));
        QVERIFY(!sql.contains(QLatin1String("rows_scanned = ")));
    }
};

QTEST_GUILESS_MAIN(StepSqlTest)
#include "stepsql_test.moc"
