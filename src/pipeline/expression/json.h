#pragma once

#include "pipeline/expression/value.h"

#include <optional>

namespace pilothouse {

/// Indented by two blanks, as toJSON() gives it; nullopt where something in it is unknown.
[[nodiscard]] std::optional<QString> toJson(const ExpressionValue &value);

/// What fromJSON() makes of a text; Unknown if it is no JSON. The order of the names in an object
/// is lost.
[[nodiscard]] ExpressionValue fromJson(const QString &text);

} // namespace pilothouse
