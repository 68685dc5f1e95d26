#include "pipeline/expression/names.h"

#include <QTest>

using namespace pilothouse;

class ExpressionNamesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNameMustBeKnownWhereItStands_data()
    {
        QTest::addColumn<QString>("mistakes");
        const auto row = [](const char *expression, const char *mistakes) {
            QTest::newRow(expression) << QString::fromUtf8(mistakes);
        };
        row("github.ref == inputs.ref", "");
        row("GITHUB.ref", "");
        row("github.matrix", "");
        row("matrix.os", "1 wrong: \"matrix\" is not known in this place");
        row("githb.ref", "1 wrong: nothing is known here as \"githb\" (github)");
        row("weather.today", "1 new: nothing is known here as \"weather\"");
        row("inputs[secrets.x]", "8 wrong: \"secrets\" is not known in this place");
        row("success()", "");
        row("success('a')", "1 wrong: success() cannot take 1 argument(s)");
        row("hashFiles('a')", "1 wrong: hashFiles() cannot be called in this place");
        row("contain('a', 'b')", "1 wrong: no function is known here as contain() (contains)");
        row("tomorrow('a')", "1 new: no function is known here as tomorrow()");
        row("contains('a')", "1 wrong: contains() cannot take 1 argument(s)");
        row("format('a')", "");
        row("format('{0} {{1}} {1}', 'a', 'b')", "");
        row("format('{1}', 'a')", "8 wrong: the pattern has {1}, but format() is given 1 value(s)");
        row("format('{}', 'a')", "8 wrong: a pattern of format() has braces only as {0}, {1} …, "
                                 "and doubled where a brace is meant");
        row("format('a}', 'a')", "8 wrong: a pattern of format() has braces only as {0}, {1} …, "
                                 "and doubled where a brace is meant");
        row("format(github.x, 'a')", "");
        row("toJSON(1, 2)", "1 wrong: toJSON() cannot take 2 argument(s)");
        row("case(true, 1, 2)", "");
        row("case(true, 1, true, 2)", "1 wrong: case() cannot take 4 argument(s)");
        row("matrix.a && secrets.b", "1 wrong: \"matrix\" is not known in this place; "
                                     "13 wrong: \"secrets\" is not known in this place");
        row("startsWith(env.x, 'a')", "12 wrong: \"env\" is not known in this place");
    }

    void aNameMustBeKnownWhereItStands()
    {
        const ExpressionNames allowed{
            {QStringLiteral("github"), QStringLiteral("inputs")},
            {{QStringLiteral("success"), 0, 0}},
        };
        const auto node = parseExpression(QString::fromLatin1(QTest::currentDataTag()));
        QVERIFY(node);
        QStringList told;
        for (const NameMistake &mistake : checkNames(*node, allowed)) {
            QString text
                = QStringLiteral("%1 %2: %3")
                      .arg(QString::number(mistake.error.column),
                           mistake.kind == NameMistake::Kind::New ? QStringLiteral("new")
                                                                  : QStringLiteral("wrong"),
                           mistake.error.message);
            if (!mistake.hint.isEmpty())
                text += QStringLiteral(" (%1)").arg(mistake.hint);
            told.append(text);
        }
        QTEST(told.join(QStringLiteral("; ")), "mistakes");
    }
};

QTEST_GUILESS_MAIN(ExpressionNamesTest)
#include "namestest.moc"
