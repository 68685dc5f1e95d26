#include "pipeline/act/dispatchform.h"

#include "base/words.h"

#include <QHash>

namespace pilothouse {

namespace {

DispatchInput::Type inputType(const QString &word)
{
    static const QHash<QString, DispatchInput::Type> types{
        {QStringLiteral("boolean"), DispatchInput::Type::Boolean},
        {QStringLiteral("number"), DispatchInput::Type::Number},
        {QStringLiteral("choice"), DispatchInput::Type::Choice},
        {QStringLiteral("environment"), DispatchInput::Type::Environment},
    };
    return types.value(word, DispatchInput::Type::Text);
}

DispatchInput fieldOf(const WorkflowInput &declared)
{
    DispatchInput input;
    input.key = declared.key;
    input.type = inputType(declared.type.text);
    input.description = declared.description.text.simplified();
    input.defaultValue = declared.defaultValue.text;
    input.required = declared.isRequired();
    input.options = declared.options.texts();
    if (input.defaultValue.isEmpty() && input.type == DispatchInput::Type::Choice)
        input.defaultValue = input.options.value(0);
    if (input.defaultValue.isEmpty() && input.type == DispatchInput::Type::Boolean)
        input.defaultValue = QStringLiteral("false");
    return input;
}

bool isNumber(const QString &text)
{
    bool ok = false;
    text.toDouble(&ok);
    return ok;
}

} // namespace

DispatchForm dispatchForm(const Workflow &workflow)
{
    DispatchForm form;
    form.workflowPath = workflow.path;
    form.title = workflow.name == workflow.path ? workflow.path.section(QLatin1Char('/'), -1)
                                                : workflow.name;
    const WorkflowTrigger *byHand = workflow.trigger(QStringLiteral("workflow_dispatch"));
    form.startable = byHand != nullptr;
    for (const WorkflowInput &declared : byHand ? byHand->inputs : QList<WorkflowInput>())
        form.inputs.append(fieldOf(declared));
    return form;
}

QString dispatchProblem(const DispatchForm &form, const QList<DispatchValue> &values)
{
    if (form.inputs.size() > mostDispatchInputs)
        return Words::tr("%1 asks for %2 inputs; no more than %3 are taken")
            .arg(form.title)
            .arg(form.inputs.size())
            .arg(mostDispatchInputs);
    if (values.size() > mostDispatchInputs)
        return Words::tr("no more than %1 inputs are taken").arg(mostDispatchInputs);
    QHash<QString, QString> given;
    for (const DispatchValue &each : values) {
        if (each.key.isEmpty())
            return Words::tr("an input has no name");
        if (given.contains(each.key))
            return Words::tr("%1 is given twice").arg(each.key);
        given.insert(each.key, each.value);
    }
    for (const DispatchInput &input : form.inputs) {
        const QString value = given.value(input.key);
        if (input.required && value.trimmed().isEmpty())
            return Words::tr("%1 is required").arg(input.key);
        if (input.type == DispatchInput::Type::Number && !value.isEmpty() && !isNumber(value))
            return Words::tr("%1: expected a number").arg(input.key);
        if (input.type == DispatchInput::Type::Boolean && !value.isEmpty()
            && value != QLatin1String("true") && value != QLatin1String("false"))
            return Words::tr("%1: expected true or false").arg(input.key);
        if (input.type == DispatchInput::Type::Choice && !value.isEmpty()
            && !input.options.contains(value))
            return Words::tr("%1: expected one of %2")
                .arg(input.key, input.options.join(QStringLiteral(", ")));
    }
    return {};
}

} // namespace pilothouse
