#include "pipeline/expression/textparts.h"

#include <QTest>

using namespace pilothouse;

namespace {

ExpressionContext onMain()
{
    ExpressionContext context;
    ExpressionValue::Map github;
    github.entries.append({QStringLiteral("ref"), {QStringLiteral("refs/heads/main")}});
    context.set(QStringLiteral("github"), {github});
    return context;
}

} // namespace

class ExpressionTextsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTextIsSplitAtItsBraces_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("parts");
        QTest::newRow("no braces") << QStringLiteral("deploy") << QStringLiteral("deploy");
        QTest::newRow("nothing") << QString() << QString();
        QTest::newRow("only an expression")
            << QStringLiteral("${{ matrix.os }}") << QStringLiteral("<matrix.os>");
        QTest::newRow("in the middle")
            << QStringLiteral("on ${{ a }} and ${{b}}.") << QStringLiteral("on |<a>| and |<b>|.");
        QTest::newRow("side by side")
            << QStringLiteral("${{a}}${{b}}") << QStringLiteral("<a>|<b>");
        QTest::newRow("braces in a text of the expression")
            << QStringLiteral("${{ format('{0}}}', a) }}!")
            << QStringLiteral("<format('{0}}}', a)>|!");
        QTest::newRow("an escaped quote before braces")
            << QStringLiteral("${{ 'it''s }}' }}") << QStringLiteral("<'it''s }}'>");
        QTest::newRow("a dollar alone")
            << QStringLiteral("$ {{ a }}") << QStringLiteral("$ {{ a }}");
    }

    void aTextIsSplitAtItsBraces()
    {
        QFETCH(QString, text);
        const auto parts = partsOf(text);
        QVERIFY(parts);
        QStringList shown;
        for (const TextPart &part : *parts)
            shown.append(part.kind == TextPart::Kind::Expression
                             ? QLatin1Char('<') + part.text + QLatin1Char('>')
                             : part.text);
        QTEST(shown.join(QLatin1Char('|')), "parts");
    }

    void anOpenBraceIsAMistake()
    {
        const auto parts = partsOf(QStringLiteral("a ${{ 'b }}"));
        QVERIFY(!parts);
        QCOMPARE(parts.error().column, 3);
    }

    void aTextIsFilledAsFarAsItIsKnown_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("filled");
        QTest::newRow("known") << QStringLiteral("on ${{ github.ref }}")
                               << QStringLiteral("on refs/heads/main");
        QTest::newRow("null is nothing")
            << QStringLiteral("[${{ github.base }}]") << QStringLiteral("[]");
        QTest::newRow("unknown") << QStringLiteral("to ${{ inputs.place }}")
                                 << QStringLiteral("to ?");
        QTest::newRow("unreadable") << QStringLiteral("to ${{ a b }}") << QStringLiteral("to ?");
    }

    void aTextIsFilledAsFarAsItIsKnown()
    {
        QFETCH(QString, text);
        QTEST(filledText(text, onMain()).value_or(QStringLiteral("none")), "filled");
        QVERIFY(!filledText(QStringLiteral("${{"), onMain()));
    }

    void aConditionHolds_data()
    {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<Truth>("holds");
        QTest::newRow("nothing") << QStringLiteral(" ") << Truth::True;
        QTest::newRow("bare") << QStringLiteral("github.ref == 'refs/heads/main'") << Truth::True;
        QTest::newRow("in braces")
            << QStringLiteral("${{ github.ref == 'refs/heads/x' }}") << Truth::False;
        QTest::newRow("false") << QStringLiteral("false") << Truth::False;
        QTest::newRow("up to the run")
            << QStringLiteral("needs.a.result == 'success'") << Truth::Unknown;
        QTest::newRow("false whatever the run says")
            << QStringLiteral("needs.a.result == 'success' && false") << Truth::False;
        // The host makes a text of these, and a text that is not empty is true.
        QTest::newRow("braces that do not hold all of it")
            << QStringLiteral("${{ false }} && false") << Truth::True;
        QTest::newRow("with an operator outside") << QStringLiteral("! ${{ true }}") << Truth::True;
        QTest::newRow("unreadable") << QStringLiteral("a ==") << Truth::Unknown;
        QTest::newRow("not closed") << QStringLiteral("${{ true") << Truth::Unknown;
    }

    void aConditionHolds()
    {
        QFETCH(QString, condition);
        QTEST(conditionHolds(condition, onMain()), "holds");
    }
};

QTEST_GUILESS_MAIN(ExpressionTextsTest)
#include "textpartstest.moc"
