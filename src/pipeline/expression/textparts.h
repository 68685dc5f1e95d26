#pragma once

#include "pipeline/expression/evaluator.h"

#include <optional>

namespace pilothouse {

/// A piece of a text with `${{ … }}` in it.
struct TextPart
{
    enum class Kind { Text, Expression };

    Kind kind = Kind::Text;
    QString text; ///< of an expression: what stands between the braces, without blanks around it

    bool operator==(const TextPart &) const = default;
};

/// The pieces in their order. Braces inside a quoted text of an expression do not end it.
[[nodiscard]] tl::expected<QList<TextPart>, ExpressionError> partsOf(const QString &text);

/// The text of an expression without its braces; "?" where a run decides. Nullopt if the whole
/// cannot be read.
[[nodiscard]] std::optional<QString> filledText(const QString &text,
                                                const ExpressionContext &context);

/// Whether an `if` holds, with or without braces. An empty one does. Success of what comes before
/// is not asked for unless the condition does so itself.
[[nodiscard]] Truth conditionHolds(const QString &condition, const ExpressionContext &context);

} // namespace pilothouse
