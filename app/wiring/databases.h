#pragma once

#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/schema/postgrescatalog.h"
#include "connectors/postgres/schema/postgresrehearser.h"
#include "migration/overdue/reminders.h"
#include "workspace/workspace.h"

#include <memory>
#include <vector>

namespace pilothouse {

struct PassageSetting;
struct ProgramUse;

/// A database of the workspace file, through its `via` where it has one. Nothing is connected yet.
/// The clock outlives it, and so does what `setting` refers to.
[[nodiscard]] std::unique_ptr<PostgresDatabase> databaseOf(const DatabaseSettings &settings,
                                                           const QString &workspaceFile,
                                                           const PassageSetting &setting,
                                                           Clock &clock);

/// Its catalog, over a connection of its own; likewise.
[[nodiscard]] std::unique_ptr<PostgresCatalog> catalogOf(const DatabaseSettings &settings,
                                                         const QString &workspaceFile,
                                                         const PassageSetting &setting);

/// Rehearses on its `rehearse_on`; likewise. BadInput where it has none.
[[nodiscard]] Result<std::unique_ptr<PostgresRehearser>>
rehearserOf(const DatabaseSettings &settings, const QString &workspaceFile,
            const PassageSetting &setting);

/// Its `via`, as a person is asked about it before it may run; not looked for yet.
[[nodiscard]] ProgramUse passageUse(const DatabaseSettings &settings, const QString &workspaceFile);

/// The databases of a workspace, their changes, and the reminders of those that are not over. What
/// it is given outlives it. Nothing is connected yet.
struct SchemaParts
{
    SchemaParts(const Workspace &workspace, const PassageSetting &setting, SourceTree &files,
                ActionRunner &actions, Clock &clock, bool readOnly);

    std::vector<std::unique_ptr<PostgresDatabase>> databases;
    MigrationController migrations;
    Reminders reminders;
};

} // namespace pilothouse
