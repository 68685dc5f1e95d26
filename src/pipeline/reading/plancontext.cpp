#include "pipeline/reading/plancontext.h"

#include "pipeline/expression/textparts.h"

#include <algorithm>

namespace pilothouse {

namespace {

const QString callEvent = QStringLiteral("workflow_call");

ExpressionValue valueOf(const MatrixValue &value)
{
    switch (value.kind) {
    case MatrixValue::Kind::Null:
        return {ExpressionValue::Null{}};
    case MatrixValue::Kind::Flag:
        return {value.value == QLatin1String("true")};
    case MatrixValue::Kind::Number:
        return {ExpressionValue{value.value}.number()};
    case MatrixValue::Kind::Text:
        break;
    }
    // It may hold an expression of its own, which only a run fills.
    return value.value.contains(QLatin1String("${{")) ? ExpressionValue()
                                                      : ExpressionValue{value.value};
}

/// Puts a member where "target.os" says.
void put(MapValue &map, const QStringList &way, const ExpressionValue &value)
{
    const auto found = std::find_if(map.entries.begin(), map.entries.end(),
                                    [&](const auto &entry) { return entry.first == way.first(); });
    if (way.size() == 1) {
        if (found == map.entries.end())
            map.entries.append({way.first(), value});
        else
            found->second = value;
        return;
    }
    if (found == map.entries.end()) {
        map.entries.append({way.first(), {MapValue()}});
        put(std::get<MapValue>(map.entries.last().second.is), way.mid(1), value);
        return;
    }
    if (!std::holds_alternative<MapValue>(found->second.is))
        found->second = {MapValue()};
    put(std::get<MapValue>(found->second.is), way.mid(1), value);
}

/// Members that are counted ("0", "1" …) were a list in the file.
void makeLists(ExpressionValue &value)
{
    auto *map = std::get_if<MapValue>(&value.is);
    if (!map)
        return;
    bool isCounted = !map->entries.isEmpty();
    for (qsizetype i = 0; i < map->entries.size(); ++i) {
        makeLists(map->entries[i].second);
        isCounted = isCounted && map->entries[i].first == QString::number(i);
    }
    if (!isCounted)
        return;
    ListValue list;
    for (const auto &entry : std::as_const(map->entries))
        list.items.append(entry.second);
    value = {list};
}

/// A text of the file as the type that the callee has declared.
ExpressionValue typed(const ExpressionValue &value, const QString &type)
{
    if (value.isUnknown() || !std::holds_alternative<QString>(value.is))
        return value;
    const QString text = value.text();
    if (type == QLatin1String("number"))
        return {value.number()};
    if (type == QLatin1String("boolean")) {
        if (text == QLatin1String("true"))
            return {true};
        return text == QLatin1String("false") ? ExpressionValue{false} : ExpressionValue();
    }
    return value;
}

ExpressionValue inputOf(const WorkflowInput &input, const WorkflowJob &call,
                        const ExpressionContext &caller)
{
    if (const WorkflowSetting *given = call.with.find(input.key))
        return typed(valueOfText(given->value, caller), input.type.text);
    if (input.defaultValue.isGiven())
        return typed(valueOfText(input.defaultValue, caller), input.type.text);
    if (input.type.text == QLatin1String("boolean"))
        return {false};
    if (input.type.text == QLatin1String("number"))
        return {0.0};
    return {QString()};
}

} // namespace

ExpressionValue valueOfText(const WorkflowText &text, const ExpressionContext &context)
{
    if (!text.isExpression())
        return {text.text};
    const auto parts = partsOf(text.text);
    if (!parts)
        return {};
    if (parts->size() == 1) {
        const auto node = parseExpression(parts->first().text);
        return node ? evaluate(*node, context) : ExpressionValue();
    }
    QString filled;
    for (const TextPart &part : *parts) {
        if (part.kind == TextPart::Kind::Text) {
            filled += part.text;
            continue;
        }
        const auto node = parseExpression(part.text);
        const ExpressionValue value = node ? evaluate(*node, context) : ExpressionValue();
        if (value.isUnknown())
            return {};
        filled += value.text();
    }
    return {filled};
}

ExpressionContext contextOf(const Workflow &workflow)
{
    return contextOf(workflow.name, workflow.triggers);
}

ExpressionContext contextOf(const QString &workflowName, const QList<WorkflowTrigger> &triggers)
{
    MapValue github;
    github.rest = MapValue::Rest::Unknown;
    github.entries.append({QStringLiteral("workflow"), {workflowName}});
    if (triggers.size() == 1 && triggers.first().event != callEvent)
        github.entries.append({QStringLiteral("event_name"), {triggers.first().event}});
    ExpressionContext context;
    context.set(QStringLiteral("github"), {github});
    return context;
}

ExpressionContext contextOfCall(const ExpressionContext &caller, const WorkflowJob &call,
                                const QList<WorkflowTrigger> &calleesTriggers)
{
    ExpressionContext context = caller;
    MapValue inputs;
    for (const WorkflowTrigger &trigger : calleesTriggers) {
        if (trigger.event != callEvent)
            continue;
        for (const WorkflowInput &input : trigger.inputs)
            inputs.entries.append({input.key, inputOf(input, call, caller)});
    }
    context.set(QStringLiteral("inputs"), {inputs});
    return context;
}

ExpressionValue matrixOf(const MatrixLeg &leg)
{
    ExpressionValue matrix{MapValue()};
    for (const MatrixValue &value : leg.values + leg.added)
        put(std::get<MapValue>(matrix.is), value.key.split(QLatin1Char('.')), valueOf(value));
    auto &members = std::get<MapValue>(matrix.is).entries;
    for (auto &member : members)
        makeLists(member.second);
    return matrix;
}

} // namespace pilothouse
