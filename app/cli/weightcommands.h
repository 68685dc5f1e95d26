#pragma once

#include <QStringList>

namespace pilothouse {

/// `promote`, `rollback`, `back`, `hold`, `lift`, `retire` and `act [--action ID]`, each with
/// [--workspace W] [--track T] [--confirm TOKEN] [--reason TEXT] [--wait TIME] [--json]: print what
/// the dialog shows, and act when `--confirm` carries what the dialog asks to type: the new weight,
/// the revision that is wanted; where it asks for nothing, the command's name. `act` does what only
/// one kind of traffic control has; without an ID it tells what that is. What is off is waited for
/// until `--wait` is over. Exit 0 shown or done, 2 usage, 3 the traffic could not be read, 4 it is
/// not allowed or did not come about; every reason is printed.
[[nodiscard]] int promoteCommand(const QStringList &arguments);
[[nodiscard]] int rollbackCommand(const QStringList &arguments);
[[nodiscard]] int backCommand(const QStringList &arguments);
[[nodiscard]] int holdCommand(const QStringList &arguments);
[[nodiscard]] int liftCommand(const QStringList &arguments);
[[nodiscard]] int retireCommand(const QStringList &arguments);
[[nodiscard]] int actCommand(const QStringList &arguments);

} // namespace pilothouse
