#pragma once

#include "base/commandrunner.h"
#include "base/result.h"

#include <QFuture>
#include <QProcessEnvironment>
#include <QString>
#include <QStringList>

namespace pilothouse::sandbox {

/// A folder with server programs, and what must stand in their environment.
struct ServerPrograms
{
    QString folder;     ///< of the programs
    QString root;       ///< unpacked packages that hold it ($PILOTHOUSE_PARTS); empty = installed
    QStringList needed; ///< of `root`, relative: what has to be copied if `nobody` cannot enter it
};

/// True as root: PostgreSQL refuses to run so, and no server needs it. Then they run as `nobody`.
[[nodiscard]] bool changesAccount();

/// A command that runs `program` as the servers' account and sends it `deathSignal` ("INT", "KILL")
/// when this process ends in any way. No variable of this process's environment is passed on but
/// PATH.
[[nodiscard]] Command serverCommand(const ServerPrograms &programs, const QString &program,
                                    const QStringList &arguments, const QString &deathSignal);

/// Makes an empty folder that only the servers' account can read: `dir`/`name`, or as root one in
/// the system's temporary folder, where those that killed runs left are removed first. Unavailable
/// if that fails.
[[nodiscard]] Result<QString> makeServerFolder(const QString &dir, const QString &name);

/// Where filled templates and copies are kept between runs: ${XDG_CACHE_HOME:-~/.cache}/pilothouse,
/// as root a folder of root in the system's temporary folder.
[[nodiscard]] Result<QString> serverCache();

/// Gives the folder and all in it to the servers' account. A no-op unless changesAccount().
[[nodiscard]] Result<> giveToServers(const QString &path);

/// The same programs where the servers' account can reach them: as they are, or a cached copy.
[[nodiscard]] QFuture<Result<ServerPrograms>> withinReach(const ServerPrograms &programs,
                                                          QObject *context);

/// A port of 127.0.0.1 that nobody listened on a moment ago.
[[nodiscard]] quint16 freePort();

/// Copies a folder with all owners and times, sharing blocks where the file system can.
[[nodiscard]] QFuture<Result<CommandOutput>> copyFolder(const QString &from, const QString &to);

/// A command's failure as ours: an exit code other than 0 becomes Unavailable with `what` as its
/// message and the program's last words as its detail.
[[nodiscard]] Result<> succeeded(const Result<CommandOutput> &output, const QString &what);

} // namespace pilothouse::sandbox
