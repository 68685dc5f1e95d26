#pragma once

#include "base/result.h"

namespace pilothouse {

/// What is told of a step whose answer was lost, once the database was looked at again.
[[nodiscard]] Error notDoneAfterAll(const Error &lost, const QString &step);
/// And what while it could not be looked at.
[[nodiscard]] Error neverSeen(const Error &lost, const QString &step, const QString &why);

} // namespace pilothouse
