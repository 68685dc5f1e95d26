#pragma once

#include <QStringList>

namespace pilothouse {

/// `consent [--workspace W] [--confirm TOKEN | --withdraw TOKEN] [--json]`: the sign-in programs
/// that the workspace's kubeconfigs name, and whether each may run; `--confirm` allows the one that
/// has this token, `--withdraw` takes that back. Exit 0 all may run, 1 one may not, 2 usage, 4 what
/// was asked for could not be done.
[[nodiscard]] int consentCommand(const QStringList &arguments);

} // namespace pilothouse
