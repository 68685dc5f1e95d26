#include "app/wiring/knownpaths.h"

namespace pilothouse {

KnownPaths knownPaths(const Workspace &workspace)
{
    KnownPaths known;
    known.workflows = workspace.pipelines;
    for (const DatabaseSettings &database : workspace.databases) {
        QString folder = database.changes;
        while (folder.endsWith(QLatin1Char('/')))
            folder.chop(1);
        if (!folder.isEmpty() && !known.changeFolders.contains(folder))
            known.changeFolders.append(folder);
    }
    return known;
}

} // namespace pilothouse
