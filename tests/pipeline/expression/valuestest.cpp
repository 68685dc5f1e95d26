#include "pipeline/expression/evaluator.h"
#include "pipeline/expression/json.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// As toJSON() would write it in one line; "unknown", "certainly true", "certainly false".
QString shown(const ExpressionValue &value)
{
    if (value.isUnknown()) {
        switch (value.truth()) {
        case Truth::Unknown:
            return QStringLiteral("unknown");
        case Truth::True:
            return QStringLiteral("certainly true");
        case Truth::False:
            return QStringLiteral("certainly false");
        }
    }
    return toJson(value).value_or(QStringLiteral("partly unknown")).simplified();
}

ExpressionContext releaseOfMain()
{
    ExpressionContext context;
    context.set(QStringLiteral("github"),
                fromJson(QStringLiteral(R"({"ref": "refs/heads/main", "event_name": "push",
                    "event": {"labels": [{"name": "bug"}, {"name": "urgent"}], "draft": false}})")));
    context.set(QStringLiteral("matrix"),
                fromJson(QStringLiteral(R"({"os": "linux", "version": 3.1, "experimental": true,
                    "flags": "", "nothing": null})")));
    ExpressionValue::Map partly;
    partly.entries.append({QStringLiteral("level"), {QStringLiteral("high")}});
    partly.entries.append({QStringLiteral("later"), ExpressionValue{UnknownValue{}}});
    partly.rest = MapValue::Rest::Unknown;
    context.set(QStringLiteral("inputs"), {partly});
    return context;
}

} // namespace

class ExpressionValuesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anExpressionHasAValue_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *expression, const char *value) {
            QTest::newRow(expression) << QString::fromUtf8(expression) << QString::fromUtf8(value);
        };
        // Literals.
        row("null", "null");
        row("true", "true");
        row("-9.2", "-9.2");
        row("0xff", "255");
        row("0o17", "15");
        row("-2.99e-2", "-0.0299");
        row("'Mona''s'", "\"Mona's\"");
        row("'a''b''c'", "\"a'b'c\"");
        row("''", "\"\"");
        row("3.10", "3.1");
        row("1e3", "1000");

        // Operators, their order and their conversions.
        row("1 == '1'", "true");
        row("1 == ' 1 '", "true");
        row("true == 1", "true");
        row("true == 'true'", "false");
        row("null == 0", "true");
        row("null == ''", "true");
        row("null == false", "true");
        row("null == null", "true");
        row("'' == 0", "true");
        row("'abc' == 'ABC'", "true");
        row("'abc' != 'abd'", "true");
        row("'abc' < 'abd'", "true");
        row("'B' > 'a'", "true");
        row("'x' == 0", "false");
        row("'x' != 0", "true");
        row("'x' < 0", "false");
        row("'x' >= 0", "false");
        row("NaN == NaN", "false");
        row("Infinity > 1e300", "true");
        row("'0x10' == 16", "true");
        row("2 <= 2", "true");
        row("3 >= 4", "false");
        row("true > false", "true");
        row("!true == false", "true");
        row("!'' && !0 && !null", "true");
        row("!'a'", "false");
        row("!NaN", "true");
        row("true || false && false", "true");
        row("(true || false) && false", "false");
        row("1 < 2 == true", "true");
        row("'' || 'default'", "\"default\"");
        row("'main' && 'production' || 'staging'", "\"production\"");
        row("false && 'production' || 'staging'", "\"staging\"");
        row("0 || null || ''", "\"\"");
        row("1 && 2", "2");

        // Members.
        row("github.ref", "\"refs/heads/main\"");
        row("GitHub.REF", "\"refs/heads/main\"");
        row("github['ref']", "\"refs/heads/main\"");
        row("github.event.draft", "false");
        row("github.event.labels[1].name", "\"urgent\"");
        row("github.event.labels[1.9].name", "\"urgent\"");
        row("github.event.labels['0'].name", "\"bug\"");
        row("github.event.labels[2].name", "null");
        row("github.event.labels[-1]", "null");
        row("github.event.labels.*.name", "[ \"bug\", \"urgent\" ]");
        row("github.event.labels[*].colour", "[]");
        row("github.ref.length", "null");
        row("github.nothing.at.all", "null");
        row("github.*", "unknown"); // in which order is not known
        row("matrix.version == 3.10", "true");
        row("matrix.experimental == true", "true");
        row("matrix.flags || 'none'", "\"none\"");
        row("matrix['os']", "\"linux\"");

        // Functions.
        row("contains('Hello world', 'LLO')", "true");
        row("contains(github.event.labels.*.name, 'Bug')", "true");
        row("contains(github.event.labels.*.name, 'ug')", "false");
        row("contains(github.event, 'draft')", "false");
        row("contains('123', 2)", "true");
        row("startsWith(github.ref, 'REFS/heads/')", "true");
        row("startsWith(github.event, 'x')", "false");
        row("endsWith('release.TAR', '.tar')", "true");
        row("format('{0} {1} {0}', 'a', 2)", "\"a 2 a\"");
        row("format('{{{0}}}', true)", "\"{true}\"");
        row("format('{{0}}')", "\"{0}\"");
        row("format('{1}', 'a')", "unknown");
        row("format('{', 'a')", "unknown");
        row("format('}', 'a')", "unknown");
        row("join(github.event.labels.*.name, ' + ')", "\"bug + urgent\"");
        row("join(github.event.labels.*.name)", "\"bug,urgent\"");
        row("join('one', '-')", "\"one\"");
        row("join(fromJSON('[1, true, null, []]'))", "\"1,true,,Array\"");
        row("fromJSON('[1, 2, 3]')[1]", "2");
        row("fromJSON('true')", "true");
        row("fromJSON(' \"text\" ')", "\"text\"");
        row("fromJSON('{\"a\": {\"b\": [7]}}').a.b[0]", "7");
        row("fromJSON('nonsense')", "unknown");
        row("fromJSON('')", "unknown");
        row("toJSON('a\"b')", "\"\\\"a\\\\\\\"b\\\"\"");
        row("toJSON(fromJSON('[1, [], {\"a\": null}]'))",
            "\"[\\n 1,\\n [],\\n {\\n \\\"a\\\": null\\n }\\n]\"");
        row("toJSON(github)", "unknown"); // as github.*
        row("case(false, 1, true, 2, 3)", "2");
        row("case(false, 1, 3)", "3");
        row("case('yes', 1, 3)", "unknown");
        row("CONTAINS('a', 'A')", "true");
        row("always()", "true");

        // What only a run knows is not guessed.
        row("hashFiles('**/poetry.lock')", "unknown");
        row("success()", "unknown");
        row("failure() || always()", "certainly true");
        row("needs.build.outputs.digest", "unknown");
        row("needs.build.result == 'success'", "unknown");
        row("!needs.build.result", "unknown");
        row("inputs.level", "\"high\"");
        row("inputs.later", "unknown");
        row("inputs.other", "unknown");
        row("inputs[github.ref]", "unknown");
        row("github[inputs.other]", "unknown");
        row("contains(inputs.other, 'a')", "unknown");
        row("startsWith('a', inputs.other)", "unknown");
        row("format('{0}', inputs.other)", "unknown");
        row("toJSON(inputs)", "unknown");
        row("toJSON(inputs.level)", "\"\\\"high\\\"\"");
        row("contains(fromJSON('[\"a\"]'), inputs.other)", "unknown");
        row("inputs.other && false", "certainly false");
        row("false && inputs.other", "false");
        row("inputs.other || 'x'", "certainly true");
        row("'x' || inputs.other", "\"x\"");
        row("inputs.other && true", "unknown");
        row("!(inputs.other && false)", "true");
        row("inputs.other > 3", "unknown");
        row("github.event.labels == github.event.labels", "unknown");
        row("github.event.labels == 'Array'", "false");
        row("tomorrow(1)", "unknown");
    }

    void anExpressionHasAValue()
    {
        QFETCH(QString, expression);
        const auto node = parseExpression(expression);
        QVERIFY2(node, node ? "" : qPrintable(node.error().message));
        QTEST(shown(evaluate(*node, releaseOfMain())), "value");
    }

    void theStatusOfWhatCameBeforeIsTaken_data()
    {
        QTest::addColumn<ExpressionContext::Status>("status");
        QTest::addColumn<QString>("values");
        using Status = ExpressionContext::Status;
        QTest::newRow("success") << Status::Success << QStringLiteral("true false false true");
        QTest::newRow("failure") << Status::Failure << QStringLiteral("false true false true");
        QTest::newRow("cancelled") << Status::Cancelled << QStringLiteral("false false true true");
        QTest::newRow("skipped") << Status::Skipped << QStringLiteral("false false false true");
    }

    void aRunThatGoesOnMayStillBeCancelled()
    {
        ExpressionContext context;
        context.status = ExpressionContext::Status::Success;
        context.run = ExpressionContext::Run::GoesOn;
        const auto valueIn = [&](const char *call) {
            return shown(evaluate(*parseExpression(QString::fromLatin1(call)), context));
        };
        QCOMPARE(valueIn("cancelled()"), QStringLiteral("unknown"));
        QCOMPARE(valueIn("success()"), QStringLiteral("true"));
        context.status = ExpressionContext::Status::Cancelled;
        QCOMPARE(valueIn("cancelled()"), QStringLiteral("true"));
    }

    void aTextMayBeKnownByItsBeginning_data()
    {
        QTest::addColumn<QString>("expression");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *expression, const char *value) {
            QTest::newRow(expression)
                << QString::fromLatin1(expression) << QString::fromLatin1(value);
        };
        row("ref == 'refs/heads/main'", "false");
        row("'refs/heads/main' == ref", "false");
        row("ref != 'refs/heads/main'", "true");
        row("ref == 'Refs/Pull/7/merge'", "unknown");
        row("startsWith(ref, 'refs/')", "true");
        row("startsWith(ref, 'REFS/pull/')", "true");
        row("startsWith(ref, 'refs/tags/')", "false");
        row("startsWith(ref, 'refs/pull/7')", "unknown");
        row("startsWith('refs/pull/7', ref)", "unknown");
        row("endsWith(ref, 'merge')", "unknown");
        row("contains(ref, 'pull')", "unknown");
        row("contains(fromJSON('[\"refs/heads/main\"]'), ref)", "false");
        row("ref || 'x'", "certainly true");
    }

    void aTextMayBeKnownByItsBeginning()
    {
        QFETCH(QString, expression);
        ExpressionContext context;
        context.set(QStringLiteral("ref"),
                    {ExpressionValue::Unknown{Truth::True, QStringLiteral("refs/pull/")}});
        QTEST(shown(evaluate(*parseExpression(expression), context)), "value");
    }

    void theStatusOfWhatCameBeforeIsTaken()
    {
        QFETCH(ExpressionContext::Status, status);
        ExpressionContext context;
        context.status = status;
        QStringList values;
        for (const char *call : {"success()", "failure()", "cancelled()", "always()"})
            values.append(shown(evaluate(*parseExpression(QString::fromLatin1(call)), context)));
        QTEST(values.join(QLatin1Char(' ')), "values");
    }

    void aContextIsSetOnce()
    {
        ExpressionContext context;
        context.set(QStringLiteral("env"), {1.0});
        context.set(QStringLiteral("ENV"), {2.0});
        QCOMPARE(shown(evaluate(*parseExpression(QStringLiteral("env")), context)),
                 QStringLiteral("2"));
    }

    void aNumberIsWrittenShortly_data()
    {
        QTest::addColumn<double>("number");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << -0.0 << QStringLiteral("0");
        QTest::newRow("a tenth") << 0.1 << QStringLiteral("0.1");
        QTest::newRow("a sum that is not exact") << 0.1 + 0.2 << QStringLiteral("0.3");
        QTest::newRow("a large one")
            << 9007199254740991.0 / 10 << QStringLiteral("900719925474099");
        QTest::newRow("none") << double(NAN) << QStringLiteral("NaN");
        QTest::newRow("below all") << double(-INFINITY) << QStringLiteral("-Infinity");
    }

    void aNumberIsWrittenShortly()
    {
        QFETCH(double, number);
        QTEST(numberText(number), "text");
    }
};

QTEST_GUILESS_MAIN(ExpressionValuesTest)
#include "valuestest.moc"
