#pragma once

#include <QString>

namespace pilothouse {

/// Where this program keeps what it keeps, most of it for one workspace. Folders are made by
/// whoever writes there. A workspace is told from another by the absolute path of its file.

/// The journal: in the user's data directory.
[[nodiscard]] QString journalFile(const QString &workspaceFile);
/// Logs that are being looked at: in the cache directory.
[[nodiscard]] QString spoolFolder(const QString &workspaceFile);
/// The bare mirror of the repository: in the cache directory.
[[nodiscard]] QString mirrorFolder(const QString &workspaceFile);
/// What was live when it was last read: in the user's data directory.
[[nodiscard]] QString lastKnownFile(const QString &workspaceFile);
/// What the guards say that run without a window: in the user's data directory.
[[nodiscard]] QString guardFolder(const QString &workspaceFile);
/// What the user allowed to run, for all workspaces: in the user's configuration directory.
[[nodiscard]] QString consentFile();
/// Name of the local socket through which a second start hands over its arguments.
[[nodiscard]] QString instanceName(const QString &workspaceFile);

} // namespace pilothouse
