#pragma once

#include "pipeline/expression/tree.h"

#include <optional>

namespace pilothouse {

/// What is known where an expression stands.
struct ExpressionContext
{
    /// What the jobs or steps before have come to. Skipped: one was, and none failed.
    enum class Status { Unknown, Success, Failure, Cancelled, Skipped };
    /// GoesOn: somebody may still cancel it, so that cancelled() cannot be told to be false.
    enum class Run { Settled, GoesOn };

    /// "github", "matrix" … with their values; those that are not listed are unknown.
    ExpressionValue::Map names{
        {}, ExpressionValue::Map::Rest::Unknown, ExpressionValue::Map::Order::Kept};
    Status status = Status::Unknown;
    Run run = Run::Settled;

    void set(const QString &name, ExpressionValue value);
};

/// The value, as far as the context tells it. What would be an error in a run is Unknown.
[[nodiscard]] ExpressionValue evaluate(const ExpressionNode &node,
                                       const ExpressionContext &context);

} // namespace pilothouse
