#pragma once

#include <QString>

namespace pilothouse {

/// The full name of the login, else its name: the "actor" of the journal.
[[nodiscard]] QString loginName();

/// Who acts without a window: a workflow is named as such, for its login says nothing.
[[nodiscard]] QString headlessActor();

} // namespace pilothouse
