#include "pipeline/expression/tree.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// The tree in brackets: "(|| a (&& b c))".
QString shape(const ExpressionNode &node)
{
    QStringList parts;
    for (const ExpressionNode &part : node.parts)
        parts.append(shape(part));
    const QString inner
        = parts.isEmpty() ? QString() : QLatin1Char(' ') + parts.join(QLatin1Char(' '));
    switch (node.kind) {
    case ExpressionNode::Kind::Literal:
        return std::holds_alternative<QString>(node.value.is)
                   ? QLatin1Char('\'') + node.value.text() + QLatin1Char('\'')
                   : node.value.text();
    case ExpressionNode::Kind::Name:
        return node.text;
    case ExpressionNode::Kind::Member:
        return QStringLiteral("(at%1)").arg(inner);
    case ExpressionNode::Kind::Members:
        return QStringLiteral("(all%1)").arg(inner);
    default:
        return QStringLiteral("(%1%2)").arg(node.text, inner);
    }
}

} // namespace

class ExpressionSyntaxTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operatorsBindInTheirOrder_data()
    {
        QTest::addColumn<QString>("tree");
        const auto row = [](const char *expression, const char *tree) {
            QTest::newRow(expression) << QString::fromLatin1(tree);
        };
        row("a || b && c", "(|| a (&& b c))");
        row("a && b || c && d", "(|| (&& a b) (&& c d))");
        row("a == b && c != d", "(&& (== a b) (!= c d))");
        row("a < b == c >= d", "(== (< a b) (>= c d))");
        row("a == b == c", "(== (== a b) c)");
        row("!a == b", "(== (! a) b)");
        row("!!a.b", "(! (! (at a 'b')))");
        row("(a || b) && c", "(&& (|| a b) c)");
        row("a || b || c", "(|| a b c)");
        row("a.b.c", "(at (at a 'b') 'c')");
        row("a.true", "(at a 'true')");
        row("a['b'][1]", "(at (at a 'b') 1)");
        row("a[b.c]", "(at a (at b 'c'))");
        row("a.*.b", "(at (all a) 'b')");
        row("a[*]", "(all a)");
        row("f(a, 'b')[0].c", "(at (at (f a 'b') 0) 'c')");
        row("f()", "(f)");
        row("f(a,)", "(f a)");
        row("(f)(1)", "");
        row("a-b", "a-b");
        row("a.b-c_d", "(at a 'b-c_d')");
        row("[1]", "");
        row("+.5", "0.5");
        row(" a\t== b ", "(== a b)");
    }

    void operatorsBindInTheirOrder()
    {
        QFETCH(QString, tree);
        const auto node = parseExpression(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(node ? shape(*node) : QString(), tree);
    }

    void aMistakeHasAColumnAndASentence_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *expression, int column, const char *words) {
            QTest::newRow(*expression ? expression : "nothing")
                << QString::fromUtf8(expression) << column << QString::fromUtf8(words);
        };
        row("", 1, "it ends where a value is expected");
        row("a ==", 5, "it ends where a value is expected");
        row("a b", 3, "\"b\" is not expected here");
        row("a = b", 3, "neither a name nor an operator");
        row("a & b", 3, "neither a name nor an operator");
        row("a | b", 3, "neither a name nor an operator");
        row("'open", 1, "no closing quote");
        row("a == \"b\"", 6, "single quotes");
        row("(a", 3, "expected \")\" before the end");
        row("a)", 2, "\")\" is not expected here");
        row("f(a b)", 5, "expected \",\", found \"b\"");
        row("f(a", 4, "expected \",\" before the end");
        row("f(,a)", 3, "\",\" is not expected here");
        row("a.", 3, "it ends where a value is expected");
        row("a.'b'", 3, "\"b\" is not expected here");
        row("a[1", 4, "expected \"]\"");
        row("a[]", 3, "\"]\" is not expected here");
        row("1.2.3", 1, "no number");
        row("-a", 1, "no number");
        row("a + b", 3, "no number");
        row("1 - 2", 3, "no number");
        row("a ? b : c", 3, "neither a name nor an operator");
        row("$a", 1, "neither a name nor an operator");
        row("ä", 1, "neither a name nor an operator");
        row("!", 2, "it ends where a value is expected");
        row("&& a", 1, "\"&&\" is not expected here");
        row("true.a", 5, "\".\" is not expected here");
        row("'a'.b", 4, "no number");
    }

    void aMistakeHasAColumnAndASentence()
    {
        QFETCH(QString, expression);
        QFETCH(QString, words);
        const auto node = parseExpression(expression);
        QVERIFY(!node);
        QVERIFY2(node.error().message.contains(words), qPrintable(node.error().message));
        QTEST(node.error().column, "column");
    }

    void nestingIsBounded_data()
    {
        QTest::addColumn<QString>("open");
        QTest::addColumn<QString>("close");
        QTest::newRow("parentheses") << QStringLiteral("(") << QStringLiteral(")");
        QTest::newRow("calls") << QStringLiteral("f(") << QStringLiteral(")");
        QTest::newRow("indices") << QStringLiteral("a[") << QStringLiteral("]");
        QTest::newRow("negations") << QStringLiteral("!") << QString();
    }

    void nestingIsBounded()
    {
        QFETCH(QString, open);
        QFETCH(QString, close);
        const auto nested = [&](int levels) {
            return parseExpression(open.repeated(levels) + QLatin1Char('a')
                                   + close.repeated(levels));
        };
        QVERIFY(nested(20));
        QVERIFY(!nested(60));
        QVERIFY(!nested(5'000));
        QVERIFY(nested(5'000).error().message.contains(QStringLiteral("levels deep")));
    }

    void aLongChainIsNoNesting()
    {
        QStringList names;
        for (int i = 0; i < 500; ++i)
            names.append(QStringLiteral("a%1").arg(i));
        QCOMPARE(parseExpression(names.join(QStringLiteral(" && ")))->parts.size(), size_t(500));
    }

    void anEndlessOneIsRefused()
    {
        const auto node = parseExpression(QString(30'000, QLatin1Char('a')));
        QVERIFY(!node);
        QVERIFY(node.error().message.contains(QStringLiteral("characters")));
    }

    void aConditionMayAskForTheStatusItself_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<bool>("asks");
        QTest::newRow("at the top") << QStringLiteral("always()") << true;
        QTest::newRow("in any case") << QStringLiteral("Failure()") << true;
        QTest::newRow("deep inside") << QStringLiteral("!(a && contains(b, cancelled()))") << true;
        QTest::newRow("as a text") << QStringLiteral("contains(a, 'always()')") << false;
        QTest::newRow("as a member") << QStringLiteral("github.success") << false;
    }

    void aConditionMayAskForTheStatusItself()
    {
        QFETCH(QString, expression);
        QTEST(asksForStatus(*parseExpression(expression)), "asks");
    }
};

QTEST_GUILESS_MAIN(ExpressionSyntaxTest)
#include "syntaxtest.moc"
