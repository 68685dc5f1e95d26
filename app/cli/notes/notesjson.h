#pragma once

#include "release/compare/comparison.h"

#include <QJsonObject>

namespace pilothouse {

/// What a comparison tells, for other programs. A side on which something is not there is null.
[[nodiscard]] QJsonObject notesJson(const Comparison &comparison);

} // namespace pilothouse
