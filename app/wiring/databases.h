#pragma once

#include "connectors/postgres/postgresdatabase.h"
#include "connectors/postgres/schema/postgrescatalog.h"
#include "connectors/postgres/schema/postgresrehearser.h"
#include "migration/migrationcontroller.h"
#include "workspace/workspace.h"

#include <memory>

namespace pilothouse {

struct PassageSetting;
struct ProgramUse;

/// What the workspace file says of all migrations.
[[nodiscard]] MigrationSettings migrationSettings(const Workspace &workspace);

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

} // namespace pilothouse
