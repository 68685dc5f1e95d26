#pragma once

#include "document/fields.h"
#include "workspace/freeze.h"

namespace pilothouse {

/// Reads `freeze`; mistakes go to the problems of `workspace`.
[[nodiscard]] QList<FreezeWindow> readFreeze(Fields &workspace);

} // namespace pilothouse
