#include "pipeline/act/dispatchform.h"

#include <QTest>

using namespace pilothouse;
using Type = DispatchInput::Type;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

DispatchForm formOf(const QByteArray &text)
{
    return dispatchForm(parseWorkflow({t(".github/workflows/deploy.yml"), text}));
}

const QByteArray whole = "name: Deploy\n"
                         "on:\n"
                         "  push:\n"
                         "  workflow_dispatch:\n"
                         "    inputs:\n"
                         "      sha: {description: Full SHA, required: true}\n"
                         "      dry_run: {type: boolean}\n"
                         "      track: {type: choice, options: [standalone, coditect]}\n"
                         "      count: {type: number, default: 3}\n"
                         "      where: {type: environment}\n"
                         "      new_one: {type: colour}\n";

QList<DispatchValue> goodValues()
{
    return {{t("sha"), t("c41d77e")}, {t("track"), t("coditect")}, {t("count"), t("3")}};
}

} // namespace

class DispatchFormTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void inputsHaveTypesDefaultsAndTheOrderOfTheFile()
    {
        const DispatchForm form = formOf(whole);
        QVERIFY(form.startable);
        QCOMPARE(form.title, t("Deploy"));
        QCOMPARE(form.inputs.size(), 6);
        QCOMPARE(form.inputs[0],
                 (DispatchInput{t("sha"), Type::Text, t("Full SHA"), {}, true, {}}));
        QCOMPARE(form.inputs[1].type, Type::Boolean);
        QCOMPARE(form.inputs[1].defaultValue, t("false"));
        QCOMPARE(form.inputs[2].options, (QStringList{t("standalone"), t("coditect")}));
        QCOMPARE(form.inputs[2].defaultValue, t("standalone"));
        QCOMPARE(form.inputs[3].defaultValue, t("3"));
        QCOMPARE(form.inputs[4].type, Type::Environment);
        QCOMPARE(form.inputs[5].type, Type::Text); // newer than we are
    }

    void whatCanBeStarted_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("startable");
        QTest::newRow("one word") << QByteArray("on: workflow_dispatch\n") << true;
        QTest::newRow("a list") << QByteArray("on: [push, workflow_dispatch]\n") << true;
        QTest::newRow("a map without inputs") << QByteArray("on:\n  workflow_dispatch:\n") << true;
        QTest::newRow("only pushes") << QByteArray("on: push\n") << false;
        QTest::newRow("no YAML") << QByteArray("on: [workflow_dispatch\n") << false;
        QTest::newRow("empty") << QByteArray() << false;
    }

    void whatCanBeStarted()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, startable);
        const DispatchForm form = formOf(text);
        QCOMPARE(form.startable, startable);
        QCOMPARE(form.title, t("deploy.yml"));
        QVERIFY(form.inputs.isEmpty());
    }

    void goodValuesHaveNoProblem()
    {
        QCOMPARE(dispatchProblem(formOf(whole), goodValues()), QString());
    }

    void whatIsWrongIsNamed()
    {
        const DispatchForm form = formOf(whole);
        QCOMPARE(dispatchProblem(form, {}), t("sha is required"));
        QList<DispatchValue> values = goodValues();
        values[1].value = t("nowhere");
        QCOMPARE(dispatchProblem(form, values), t("track: expected one of standalone, coditect"));
        values = goodValues();
        values[2].value = t("three");
        QCOMPARE(dispatchProblem(form, values), t("count: expected a number"));
        values = goodValues() + goodValues();
        QCOMPARE(dispatchProblem(form, values), t("sha is given twice"));
        QCOMPARE(dispatchProblem({}, {{QString(), t("x")}}), t("an input has no name"));
        values = goodValues();
        values.append({t("dry_run"), t("perhaps")});
        QCOMPARE(dispatchProblem(form, values), t("dry_run: expected true or false"));
        values.clear();
        for (int i = 0; i < 26; ++i)
            values.append({QString::number(i), {}});
        QCOMPARE(dispatchProblem({}, values), t("no more than 25 inputs are taken"));
    }

    /// There is one reading: the form has what the reader of workflows has found.
    void theFormHasTheReadersInputs()
    {
        const Workflow workflow = parseWorkflow(
            {t("w.yml"), "on:\n"
                         "  workflow_dispatch:\n"
                         "    inputs:\n"
                         "      both: &text {description: \"  two\\n lines \", default: yes}\n"
                         "      again: *text\n"
                         "      empty:\n"
                         "      strict: {required: 'true', type: string, default: '007'}\n"});
        const DispatchForm form = dispatchForm(workflow);
        const QList<WorkflowInput> read = workflow.trigger(t("workflow_dispatch"))->inputs;
        QCOMPARE(form.inputs.size(), read.size());
        for (qsizetype i = 0; i < read.size(); ++i) {
            QCOMPARE(form.inputs[i].key, read[i].key);
            QCOMPARE(form.inputs[i].defaultValue, read[i].defaultValue.text);
            QCOMPARE(form.inputs[i].required, read[i].isRequired());
        }
        QCOMPARE(form.inputs[1].description, t("two lines"));
        QCOMPARE(form.inputs[1].defaultValue, t("yes"));
        QCOMPARE(form.inputs[3].defaultValue, t("007"));
    }

    void aFileThatAsksForTooMuchIsRefusedInWords()
    {
        QByteArray text = "name: Deploy\non:\n  workflow_dispatch:\n    inputs:\n";
        for (int i = 0; i < 25; ++i)
            text += "      i" + QByteArray::number(i) + ":\n";
        QCOMPARE(dispatchProblem(formOf(text), {}), QString());
        QCOMPARE(dispatchProblem(formOf(text + "      more:\n"), {}),
                 t("Deploy asks for 26 inputs; no more than 25 are taken"));
    }
};

QTEST_GUILESS_MAIN(DispatchFormTest)
#include "dispatchformtest.moc"
