#pragma once

#include <QStringList>

namespace pilothouse {

/// `login [SYSTEM] [--account NAME] [--workspace W] [--remove] [--json]`: puts a token that the
/// workspace wants from the keychain there, or takes it out. The token is read from standard input,
/// never from the arguments; on a terminal it is asked for and not shown. Without SYSTEM: which
/// tokens the workspace wants, and whether they are there. Exit 0 fine, 1 one is missing, 2 usage,
/// 4 the keychain did not do it.
[[nodiscard]] int loginCommand(const QStringList &arguments);

} // namespace pilothouse
