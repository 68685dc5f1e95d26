#pragma once

#include "pipeline/expression/evaluator.h"

#include <limits>
#include <optional>

namespace pilothouse {

/// A function that expressions can call, and with how many arguments.
struct ExpressionFunction
{
    static constexpr int any = std::numeric_limits<int>::max();

    QString name;
    int least = 0;
    int most = any;

    bool operator==(const ExpressionFunction &) const = default;
};

/// Those that can be called everywhere.
[[nodiscard]] const QList<ExpressionFunction> &commonFunctions();

/// How many values a pattern of format() wants: one more than its highest place. Nullopt where its
/// braces cannot be read.
[[nodiscard]] std::optional<qsizetype> placesOf(const QString &pattern);

/// Unknown for a function that is not known here, for hashFiles(), and where the run would stop
/// with an error. Case does not count in names.
[[nodiscard]] ExpressionValue callFunction(const QString &name,
                                           const QList<ExpressionValue> &arguments,
                                           const ExpressionContext &context);

} // namespace pilothouse
