#include "pipeline/act/dispatchform.h"

#include "base/words.h"
#include "document/yamlparser.h"

#include <QHash>

#include <algorithm>

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

DispatchInput inputOf(const YamlNode::Entry &entry)
{
    DispatchInput input;
    input.key = entry.key;
    input.type = inputType(entry.value.value(u"type").text());
    input.description = entry.value.value(u"description").text().simplified();
    input.defaultValue = entry.value.value(u"default").text();
    input.required = entry.value.value(u"required").text() == QLatin1String("true");
    for (const YamlNode &option : entry.value.value(u"options").items())
        input.options.append(option.text());
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

DispatchForm dispatchForm(const SourceFile &file)
{
    DispatchForm form;
    form.workflowPath = file.path;
    Problems ignored(file.path); // the reader of workflows tells them
    const YamlNode root = parseYaml(file.content, ignored, Strictness::Lenient);
    form.title = root.value(u"name").text();
    if (form.title.isEmpty())
        form.title = file.path.section(QLatin1Char('/'), -1);
    const YamlNode on = root.value(u"on");
    const QString event = QStringLiteral("workflow_dispatch");
    const auto &names = on.items();
    form.startable = on.text() == event || on.contains(event)
                     || std::any_of(names.begin(), names.end(),
                                    [&](const YamlNode &name) { return name.text() == event; });
    for (const YamlNode::Entry &entry : on.value(event).value(u"inputs").entries())
        form.inputs.append(inputOf(entry));
    return form;
}

QString dispatchProblem(const DispatchForm &form, const QList<DispatchValue> &values)
{
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
        if (input.type == DispatchInput::Type::Choice && !value.isEmpty()
            && !input.options.contains(value))
            return Words::tr("%1: expected one of %2")
                .arg(input.key, input.options.join(QStringLiteral(", ")));
    }
    return {};
}

} // namespace pilothouse
