#pragma once

#include <QStringList>

namespace pilothouse {

/// `promote` and `rollback [--workspace W] [--track T] [--confirm TOKEN] [--reason TEXT]
/// [--wait TIME] [--json]`: print what the dialog shows, and act when `--confirm` carries what the
/// dialog asks to type: the new weight, or the revision that is wanted. What is off is waited for
/// until `--wait` is over. Exit 0 shown or done, 2 usage, 3 the traffic could not be read, 4 it is
/// not allowed or did not come about; every reason is printed.
[[nodiscard]] int promoteCommand(const QStringList &arguments);
[[nodiscard]] int rollbackCommand(const QStringList &arguments);

} // namespace pilothouse
