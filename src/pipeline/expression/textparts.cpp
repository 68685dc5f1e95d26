#include "pipeline/expression/textparts.h"

#include "base/words.h"

namespace pilothouse {

namespace {

const QString opening = QStringLiteral("${{");

/// Where the expression that begins at `from` ends; -1 if it does not.
qsizetype closingAfter(const QString &text, qsizetype from)
{
    bool isQuoted = false;
    for (qsizetype i = from; i + 1 < text.size(); ++i) {
        if (text[i] == QLatin1Char('\''))
            isQuoted = !isQuoted;
        else if (!isQuoted && text[i] == QLatin1Char('}') && text[i + 1] == QLatin1Char('}'))
            return i;
    }
    return -1;
}

ExpressionValue valueOf(const QString &expression, const ExpressionContext &context)
{
    const auto node = parseExpression(expression);
    return node ? evaluate(*node, context) : ExpressionValue();
}

} // namespace

tl::expected<QList<TextPart>, ExpressionError> partsOf(const QString &text)
{
    QList<TextPart> parts;
    qsizetype at = 0;
    while (at < text.size()) {
        const qsizetype open = text.indexOf(opening, at);
        if (open != at)
            parts.append({TextPart::Kind::Text, text.mid(at, open < 0 ? -1 : open - at)});
        if (open < 0)
            break;
        const qsizetype from = open + opening.size();
        const qsizetype close = closingAfter(text, from);
        if (close < 0)
            return tl::unexpected(ExpressionError{
                int(open) + 1, Words::tr("\"${{\" stands here without \"}}\" behind it")});
        parts.append({TextPart::Kind::Expression, text.mid(from, close - from).trimmed()});
        at = close + 2;
    }
    return parts;
}

std::optional<QString> filledText(const QString &text, const ExpressionContext &context)
{
    const auto parts = partsOf(text);
    if (!parts)
        return std::nullopt;
    QString filled;
    for (const TextPart &part : *parts) {
        if (part.kind == TextPart::Kind::Text) {
            filled += part.text;
            continue;
        }
        const ExpressionValue value = valueOf(part.text, context);
        filled += value.isUnknown() ? QStringLiteral("?") : value.text();
    }
    return filled;
}

Truth conditionHolds(const QString &condition, const ExpressionContext &context)
{
    const QString trimmed = condition.trimmed();
    if (trimmed.isEmpty())
        return Truth::True;
    if (!trimmed.contains(opening))
        return valueOf(trimmed, context).truth();
    const auto parts = partsOf(trimmed);
    if (!parts)
        return Truth::Unknown;
    // Text around the braces makes it a text, and one that is not empty counts as true.
    if (parts->size() > 1)
        return Truth::True;
    return valueOf(parts->first().text, context).truth();
}

} // namespace pilothouse
