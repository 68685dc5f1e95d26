#pragma once

#include <QList>
#include <QString>

#include <tl/expected.hpp>

namespace pilothouse {

/// Why an expression cannot be read.
struct ExpressionError
{
    int column = 0;  ///< 1-based, in characters of the expression without its `${{`
    QString message; ///< one sentence without a full stop

    bool operator==(const ExpressionError &) const = default;
};

struct ExpressionToken
{
    enum class Kind { End, Sign, Name, Number, Text };

    Kind kind = Kind::End;
    QString text; ///< a sign ("&&"), a name, or a text without its quotes
    double number = 0;
    int column = 0;
};

/// Splits an expression; the last token is End.
[[nodiscard]] tl::expected<QList<ExpressionToken>, ExpressionError>
tokensOf(const QString &expression);

} // namespace pilothouse
