#include "pipeline/reading/plancontext.h"
#include "pipeline/expression/json.h"
#include "pipeline/expression/textparts.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

QString valueIn(const ExpressionContext &context, const QString &expression)
{
    const ExpressionValue value = evaluate(*parseExpression(expression), context);
    return value.isUnknown() ? QStringLiteral("unknown")
                             : toJson(value).value_or(QStringLiteral("partly unknown"));
}

} // namespace

class PlanContextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFileKnowsItsOnlyEvent_data()
    {
        QTest::addColumn<QByteArray>("on");
        QTest::addColumn<QString>("event");
        QTest::newRow("one") << QByteArray("push") << QStringLiteral("\"push\"");
        QTest::newRow("one of two") << QByteArray("[push, schedule]") << QStringLiteral("unknown");
        QTest::newRow("its caller's") << QByteArray("workflow_call") << QStringLiteral("unknown");
    }

    void aFileKnowsItsOnlyEvent()
    {
        QFETCH(QByteArray, on);
        const ExpressionContext context
            = contextOf(workflowFrom("name: CI\non: " + on + "\njobs: {a: {runs-on: x}}"));
        QTEST(valueIn(context, QStringLiteral("github.event_name")), "event");
        QCOMPARE(valueIn(context, QStringLiteral("github.workflow")), QStringLiteral("\"CI\""));
        QCOMPARE(valueIn(context, QStringLiteral("github.ref")), QStringLiteral("unknown"));
        QCOMPARE(valueIn(context, QStringLiteral("inputs.a")), QStringLiteral("unknown"));
    }

    void aCalleeKnowsItsInputs_data()
    {
        QTest::addColumn<QString>("input");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *input, const char *value) {
            QTest::newRow(input) << QString::fromLatin1(input) << QString::fromLatin1(value);
        };
        row("text", "\"eu\"");
        row("number", "5");
        row("flag", "true");
        row("filled", "\"on push\"");
        row("whole", "\"push\"");
        row("later", "unknown");
        row("half", "unknown");
        row("preset", "\"3\"");
        row("presetNumber", "7");
        row("absentText", "\"\"");
        row("absentNumber", "0");
        row("absentFlag", "false");
        row("undeclared", "null");
    }

    void aCalleeKnowsItsInputs()
    {
        QFETCH(QString, input);
        const Workflow callee = workflowFrom(
            "on: {workflow_call: {inputs: {text: {type: string}, number: {type: number}, flag: "
            "{type: boolean}, filled: {type: string}, whole: {type: string}, later: {type: "
            "string}, half: {type: string}, preset: {type: string, default: 3}, presetNumber: "
            "{type: number, default: 7}, absentText: {type: string}, absentNumber: {type: "
            "number}, absentFlag: {type: boolean}}}}\njobs: {a: {runs-on: x}}");
        const Workflow caller = workflowFrom(
            "on: push\njobs: {c: {uses: ./b.yml, with: {text: eu, number: 5, flag: true, filled: "
            "'on ${{ github.event_name }}', whole: '${{ github.event_name }}', later: '${{ "
            "github.sha }}', half: 'v${{ github.sha }}'}}}");
        const ExpressionContext context
            = contextOfCall(contextOf(caller), caller.jobs[0], callee.triggers);
        QTEST(valueIn(context, QStringLiteral("inputs.") + input), "value");
    }

    void aLegIsAContext_data()
    {
        QTest::addColumn<QString>("value");
        const auto row = [](const char *expression, const char *value) {
            QTest::newRow(expression) << QString::fromLatin1(value);
        };
        row("matrix.os", "\"linux\"");
        row("matrix.v", "3.1");
        row("matrix.text", "\"3.10\"");
        row("matrix.flag", "true");
        row("matrix.flag == true", "true");
        row("matrix.nothing", "null");
        row("matrix.t.arch", "\"arm\"");
        row("matrix.t.list[1]", "\"b\"");
        row("contains(matrix.t.list, 'a')", "true");
        row("join(matrix.t.list, '+')", "\"a+b\"");
        row("matrix.added", "1");
        row("matrix.later", "unknown");
        row("matrix.absent", "null");
    }

    void aLegIsAContext()
    {
        const WorkflowJob job = jobFrom(
            "strategy:\n  matrix:\n    os: [linux]\n    v: [3.10]\n    text: ['3.10']\n    flag: "
            "[true]\n    nothing: [null]\n    t: [{arch: arm, list: [a, b]}]\n    later: ['${{ "
            "vars.X }}']\n    include: [{added: 1}]");
        QCOMPARE(job.matrix.legs.size(), 1);
        ExpressionContext context;
        context.set(QStringLiteral("matrix"), matrixOf(job.matrix.legs[0]));
        QTEST(valueIn(context, QString::fromLatin1(QTest::currentDataTag())), "value");
    }
};

QTEST_GUILESS_MAIN(PlanContextTest)
#include "plancontexttest.moc"
