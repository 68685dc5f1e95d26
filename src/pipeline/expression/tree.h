#pragma once

#include "pipeline/expression/lexer.h"
#include "pipeline/expression/value.h"

#include <vector>

namespace pilothouse {

/// A parsed expression.
struct ExpressionNode
{
    enum class Kind {
        Literal, ///< `value`
        Name,    ///< a context: `text` is "github", "matrix" …
        Member,  ///< of `parts[0]`, the one that `parts[1]` says
        Members, ///< of `parts[0]`, all (`.*`)
        Call,    ///< of the function `text` with `parts`
        Not,     ///< of `parts[0]`
        Compare, ///< `parts[0]` `text` `parts[1]`
        And,     ///< of all `parts`
        Or,      ///< of all `parts`
    };

    Kind kind = Kind::Literal;
    QString text;
    ExpressionValue value;
    std::vector<ExpressionNode> parts;
    int column = 0;
};

/// Parses what stands between `${{` and `}}`, or all of an `if`. Which names and functions there
/// are is not looked at (see checkNames()).
[[nodiscard]] tl::expected<ExpressionNode, ExpressionError>
parseExpression(const QString &expression);

/// Whether success(), failure(), always() or cancelled() stands in it: only then does the host not
/// put "success() &&" before a condition.
[[nodiscard]] bool asksForStatus(const ExpressionNode &node);

} // namespace pilothouse
