#pragma once

#include <QString>

namespace pilothouse {

/// The full name of the login, else its name: the "actor" of the journal.
[[nodiscard]] QString loginName();

} // namespace pilothouse
