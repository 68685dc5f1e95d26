#include "migration/lint/sql/sqltokens.h"

#include <QTest>

using namespace pilothouse;

namespace {

QByteArrayList textsOf(const QByteArray &sql)
{
    QByteArrayList texts;
    for (const SqlToken &token : sqlTokens(sql))
        texts << token.text;
    return texts;
}

QByteArrayList partsOf(const QByteArray &sql)
{
    QByteArrayList parts;
    for (const SqlPart &part : sqlParts(sql))
        parts << sql.mid(part.from, part.to - part.from);
    return parts;
}

} // namespace

class SqlTokensTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wordsAreInLowerCaseAndQuotedNamesAreMeantAsTheyAre()
    {
        QCOMPARE(textsOf("Select \"My \"\"T\" From t1"),
                 (QByteArrayList{"select", "My \"T", "from", "t1"}));
    }

    void commentsAreNoTokens()
    {
        QCOMPARE(textsOf("a -- b\n c /* d /* e */ f */ g"), (QByteArrayList{"a", "c", "g"}));
        QCOMPARE(textsOf("a /* never closed"), QByteArrayList{"a"});
    }

    void textsKeepWhatIsInThem()
    {
        for (const char *sql :
             {"'a;b''c'", "E'a\\';b'", "$$a;b$$", "$tag$a $$ ; b$tag$", "U&'a;b'", "x'ff;'"}) {
            const QList<SqlToken> tokens = sqlTokens(sql);
            QCOMPARE(tokens.size(), 1);
            QCOMPARE(tokens.first().kind, SqlToken::Kind::Text);
            QCOMPARE(tokens.first().to, qsizetype(qstrlen(sql)));
        }
    }

    void parametersAreNoDollarQuotes()
    {
        QCOMPARE(textsOf("$1 + $2"), (QByteArrayList{"$", "1", "+", "$", "2"}));
    }

    void semicolonsDivide()
    {
        QCOMPARE(partsOf("a; b ;; c 'x;y' ; -- d;\n"), (QByteArrayList{"a", "b", "c 'x;y'"}));
    }

    void theBodyOfAFunctionIsOneStatement()
    {
        const QByteArray function = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT "
                                    "CASE WHEN true THEN 2 END; END";
        QCOMPARE(partsOf(function + "; SELECT 3"), (QByteArrayList{function, "SELECT 3"}));
    }

    void rowsOfACopyAreNoStatements()
    {
        QCOMPARE(partsOf("COPY t FROM stdin;\n1;2\n3\n\\.\nSELECT 1;"),
                 (QByteArrayList{"COPY t FROM stdin", "SELECT 1"}));
    }

    void commandsOfPsqlAreByThemselves()
    {
        const QList<SqlPart> parts = sqlParts("\\set x 1\nSELECT 1;\n  \\d t\n");
        QCOMPARE(parts.size(), 3);
        QVERIFY(parts[0].isOfPsql);
        QVERIFY(!parts[1].isOfPsql);
        QVERIFY(parts[2].isOfPsql);
    }

    void whatIsNotClosedReachesToTheEnd()
    {
        QCOMPARE(partsOf("a 'b; c"), QByteArrayList{"a 'b; c"});
        QCOMPARE(partsOf("a $x$ b; c"), QByteArrayList{"a $x$ b; c"});
        QCOMPARE(partsOf(""), QByteArrayList());
    }
};

QTEST_GUILESS_MAIN(SqlTokensTest)
#include "sqltokens_test.moc"
