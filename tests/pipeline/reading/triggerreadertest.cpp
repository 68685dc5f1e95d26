#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

Workflow startedBy(const QByteArray &on)
{
    return workflowFrom(on + "\njobs: {a: {runs-on: x}}\n");
}

} // namespace

class TriggerReaderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void filtersAreReadWithTheirPlaces()
    {
        const Workflow workflow = startedBy("on:\n"
                                            "  push:\n"
                                            "    branches: [main, 'release/**']\n"
                                            "    tags-ignore: old\n"
                                            "    paths:\n"
                                            "      - src/**\n"
                                            "  pull_request:\n"
                                            "    types: opened\n"
                                            "    branches-ignore: [wip]\n"
                                            "    paths-ignore: [docs/**]\n"
                                            "  release:\n");
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.onAt, (Position{1, 1}));
        const WorkflowTrigger *push = workflow.trigger(QStringLiteral("push"));
        QVERIFY(push);
        QCOMPARE(push->at, (Position{2, 3}));
        QCOMPARE(push->branches.at, (Position{3, 5}));
        QCOMPARE(push->branches.items[1].text, QStringLiteral("release/**"));
        QCOMPARE(push->branches.items[1].at, (Position{3, 22}));
        QCOMPARE(push->tagsIgnore.texts(), QStringList{QStringLiteral("old")});
        QCOMPARE(push->paths.items[0].at, (Position{6, 9}));
        QVERIFY(!push->tags.isGiven());
        const WorkflowTrigger *pull = workflow.trigger(QStringLiteral("pull_request"));
        QCOMPARE(pull->types.texts(), QStringList{QStringLiteral("opened")});
        QCOMPARE(pull->branchesIgnore.texts(), QStringList{QStringLiteral("wip")});
        QCOMPARE(pull->pathsIgnore.texts(), QStringList{QStringLiteral("docs/**")});
        QVERIFY(workflow.trigger(QStringLiteral("release")));
        QVERIFY(!workflow.trigger(QStringLiteral("schedule")));
    }

    void inputsOfADispatchAreRead()
    {
        const Workflow workflow = startedBy(
            "on:\n"
            "  workflow_dispatch:\n"
            "    inputs:\n"
            "      level: {description: How loud, required: true, type: choice, options: [low, "
            "high], default: low}\n"
            "      dry:\n"
            "        type: boolean\n"
            "        default: false\n"
            "      free:\n"
            "        description: anything\n");
        QCOMPARE(workflow.problems, QList<Problem>());
        const QList<WorkflowInput> inputs = workflow.triggers[0].inputs;
        QCOMPARE(inputs.size(), 3);
        QCOMPARE(inputs[0].key, QStringLiteral("level"));
        QCOMPARE(inputs[0].at, (Position{4, 7}));
        QCOMPARE(inputs[0].description.text, QStringLiteral("How loud"));
        QVERIFY(inputs[0].isRequired());
        QCOMPARE(inputs[0].options.texts(),
                 (QStringList{QStringLiteral("low"), QStringLiteral("high")}));
        QCOMPARE(inputs[0].defaultValue.text, QStringLiteral("low"));
        QCOMPARE(inputs[1].type.text, QStringLiteral("boolean"));
        QCOMPARE(inputs[1].defaultValue.at, (Position{7, 18}));
        QVERIFY(!inputs[1].isRequired());
        QVERIFY(!inputs[2].type.isGiven());
    }

    void aCallHasInputsOutputsAndSecrets()
    {
        const Workflow workflow = fixture(QStringLiteral("../comparison/workflows/callee.yml"));
        QCOMPARE(workflow.problems, QList<Problem>());
        const WorkflowTrigger *call = workflow.trigger(QStringLiteral("workflow_call"));
        QCOMPARE(call->inputs.size(), 3);
        QCOMPARE(call->inputs[1].type.text, QStringLiteral("number"));
        QCOMPARE(call->secrets.size(), 2);
        QCOMPARE(call->secrets[0].key, QStringLiteral("token"));
        QVERIFY(call->secrets[0].isRequired());
        QVERIFY(!call->secrets[1].isRequired());
        QCOMPARE(call->outputs[0].value.text, QStringLiteral("${{ jobs.deploy.outputs.address }}"));
        QCOMPARE(call->outputs[0].description.text, QStringLiteral("Where it is"));
    }

    void aScheduleIsRead()
    {
        const Workflow workflow = startedBy("on:\n  schedule:\n    - cron: '0 3 * * *'\n"
                                            "    - {cron: '0 4 * * *', timezone: Europe/Zurich}");
        QCOMPARE(workflow.problems, QList<Problem>());
        const QList<WorkflowSchedule> schedules = workflow.triggers[0].schedules;
        QCOMPARE(schedules.size(), 2);
        QCOMPARE(schedules[0].cron.text, QStringLiteral("0 3 * * *"));
        QCOMPARE(schedules[0].cron.at, (Position{3, 13}));
        QCOMPARE(schedules[1].timezone.text, QStringLiteral("Europe/Zurich"));
    }

    void aMistakeIsTold_data()
    {
        QTest::addColumn<QByteArray>("on");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *name, const char *on, const char *problem) {
            QTest::newRow(name) << QByteArray(on) << QString::fromLatin1(problem);
        };
        row("a filter of another event", "on: {push: {types: [opened]}}",
            "w.yml:1:13: \"types\" cannot narrow \"push\"");
        row("both of two filters", "on: {push: {paths: [a], paths-ignore: [b]}}",
            "w.yml:1:25: only one of \"paths\" and \"paths-ignore\" may stand here; expected \"!\" "
            "before what is left out");
        row("an event with a list", "on: {push: [main]}",
            "w.yml:1:12: expected the filters of \"push\", found a list");
        row("an event twice", "on: {push: , push: }",
            "w.yml:1:14: \"push\" stands twice in this map; the first one is in line 1");
        row("a flag", "on: true", "w.yml:1:5: \"true\" is no name of an event");
        row("a number", "on: [push, 5]", "w.yml:1:12: \"5\" is no name of an event");
        row("no schedule", "on: {schedule: [{cron: daily}]}",
            "w.yml:1:24: \"daily\" is no schedule; expected five fields: minute, hour, day, month, "
            "day of the week");
        row("a schedule without a time", "on: {schedule: [{timezone: UTC}]}",
            "w.yml:1:17: this schedule has no \"cron\"");
        row("an unknown type of an input", "on: {workflow_dispatch: {inputs: {a: {type: bolean}}}}",
            "w.yml:1:45: \"bolean\" is no type of an input; did you mean \"boolean\"?");
        row("a choice of nothing", "on: {workflow_dispatch: {inputs: {a: {type: choice}}}}",
            "w.yml:1:35: the choice \"a\" has no \"options\"");
        row("options of a text", "on: {workflow_dispatch: {inputs: {a: {options: [b]}}}}",
            "w.yml:1:39: only an input of type \"choice\" has \"options\"");
        row("a call's input without a type", "on: {workflow_call: {inputs: {a: {}}}}",
            "w.yml:1:31: input \"a\" has no \"type\"");
        row("an output of nothing", "on: {workflow_call: {outputs: {a: {}}}}",
            "w.yml:1:32: output \"a\" has no \"value\"");
        row("an output that names no job",
            "on: {workflow_call: {outputs: {a: {value: '${{ steps.a.outputs.b }}'}}}}",
            "w.yml:1:43: in column 1 of the expression steps.a.outputs.b: \"steps\" is not known "
            "in this place");
    }

    void aMistakeIsTold()
    {
        QFETCH(QByteArray, on);
        const Workflow workflow = startedBy(on);
        QCOMPARE(workflow.problems.size(), 1);
        QTEST(workflow.problems[0].toString(), "problem");
        QCOMPARE(workflow.problems[0].severity, Problem::Severity::Error);
        QCOMPARE(workflow.jobs.size(), 1);
    }

    void anEventThatIsNewIsKept()
    {
        const Workflow workflow = startedBy("on: {full_moon: {types: [rising], phase: 3}}");
        QCOMPARE(workflow.problems, QList<Problem>());
        QCOMPARE(workflow.triggers[0].types.texts(), QStringList{QStringLiteral("rising")});
    }

    void anEventThatLooksMisspeltIsAWarning()
    {
        const Workflow workflow = startedBy("on: [push, pull_requets]");
        QCOMPARE(workflow.problems.size(), 1);
        QCOMPARE(workflow.problems[0].severity, Problem::Severity::Warning);
        QCOMPARE(workflow.problems[0].hint, QStringLiteral("pull_request"));
        QVERIFY(workflow.startsOn(QStringLiteral("pull_requets")));
    }
};

QTEST_GUILESS_MAIN(TriggerReaderTest)
#include "triggerreadertest.moc"
