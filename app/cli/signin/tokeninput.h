#pragma once

#include "base/result.h"
#include "base/secret.h"

namespace pilothouse {

/// One token from standard input, without the space around it. On a terminal `prompt` is said on
/// standard error first, and what is typed is not shown. BadInput for nothing, for more than one
/// word, and for more than 64 KiB.
[[nodiscard]] Result<Secret> tokenFromInput(const QString &prompt);

} // namespace pilothouse
