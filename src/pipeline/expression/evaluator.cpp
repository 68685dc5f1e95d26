#include "pipeline/expression/evaluator.h"

#include "pipeline/expression/functions.h"

#include <utility>

namespace pilothouse {

namespace {

ExpressionValue unknown(Truth truth = Truth::Unknown)
{
    return {ExpressionValue::Unknown{truth}};
}

ExpressionValue told(Truth truth)
{
    return truth == Truth::Unknown ? unknown() : ExpressionValue{truth == Truth::True};
}

Truth opposite(Truth truth)
{
    if (truth == Truth::Unknown)
        return truth;
    return truth == Truth::True ? Truth::False : Truth::True;
}

/// `a && b` and `a || b` are the value that decides, `ends` being the truth that does. An unknown
/// one on the way makes the value unknown, but not always how it counts.
ExpressionValue chained(const ExpressionNode &node, const ExpressionContext &context, Truth ends)
{
    bool isCertain = true;
    ExpressionValue last;
    for (const ExpressionNode &part : node.parts) {
        last = evaluate(part, context);
        if (last.truth() == ends)
            return isCertain ? last : unknown(ends);
        isCertain = isCertain && last.truth() != Truth::Unknown;
    }
    return isCertain ? last : unknown();
}

Truth comparison(const QString &sign, const ExpressionValue &left, const ExpressionValue &right)
{
    if (sign == QLatin1String("=="))
        return equal(left, right);
    if (sign == QLatin1String("!="))
        return opposite(equal(left, right));
    const bool isUpward = sign.startsWith(QLatin1Char('<'));
    const Truth strict = isUpward ? less(left, right) : less(right, left);
    if (strict == Truth::True || sign.size() == 1)
        return strict;
    const Truth same = equal(left, right);
    return same == Truth::False ? strict : same;
}

} // namespace

void ExpressionContext::set(const QString &name, ExpressionValue value)
{
    names.entries.removeIf(
        [&](const auto &entry) { return entry.first.compare(name, Qt::CaseInsensitive) == 0; });
    names.entries.append({name, std::move(value)});
}

ExpressionValue evaluate(const ExpressionNode &node, const ExpressionContext &context)
{
    const auto part = [&](size_t index) {
        return evaluate(node.parts[index], context);
    };
    switch (node.kind) {
    case ExpressionNode::Kind::Literal:
        return node.value;
    case ExpressionNode::Kind::Name:
        return ExpressionValue{context.names}.at({node.text});
    case ExpressionNode::Kind::Member:
        return part(0).at(part(1));
    case ExpressionNode::Kind::Members:
        return part(0).all();
    case ExpressionNode::Kind::Not:
        return told(opposite(part(0).truth()));
    case ExpressionNode::Kind::Compare:
        return told(comparison(node.text, part(0), part(1)));
    case ExpressionNode::Kind::And:
        return chained(node, context, Truth::False);
    case ExpressionNode::Kind::Or:
        return chained(node, context, Truth::True);
    case ExpressionNode::Kind::Call:
        break;
    }
    QList<ExpressionValue> arguments;
    for (const ExpressionNode &argument : node.parts)
        arguments.append(evaluate(argument, context));
    return callFunction(node.text, arguments, context);
}

} // namespace pilothouse
