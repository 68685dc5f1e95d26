#include "app/wiring/databases.h"

#include "base/words.h"
#include "connectors/postgres/passage.h"

namespace pilothouse {

ProgramUse passageUse(const DatabaseSettings &settings, const QString &workspaceFile)
{
    ProgramUse use;
    use.program = settings.via.value(0);
    use.arguments = settings.via.mid(1);
    use.askedBy = Words::tr("%1, databases.%2.via").arg(workspaceFile, settings.name);
    use.purpose = ProgramUse::Purpose::Passage;
    return use;
}

namespace {

PostgresSettings connectionOf(const DatabasePlace &settings)
{
    PostgresSettings connection;
    connection.service = settings.service;
    connection.dbname = settings.dbname;
    connection.user = settings.user;
    if (settings.service.isEmpty()) { // which says itself where it is
        connection.host = settings.host;
        connection.port = settings.port;
    }
    return connection;
}

/// nullptr = it needs none.
std::unique_ptr<Passage> passageOf(const DatabaseSettings &settings, const QString &workspaceFile,
                                   const PassageSetting &setting)
{
    return settings.via.isEmpty() ? nullptr
                                  : std::make_unique<Passage>(passageUse(settings, workspaceFile),
                                                              setting, connectionOf(settings));
}

/// What the workspace file says of all migrations.
MigrationSettings migrationSettings(const Workspace &workspace, bool readOnly)
{
    MigrationSettings settings;
    settings.readOnly = readOnly;
    settings.environment = workspace.environment;
    settings.staleAfter = workspace.limits.staleAfter;
    for (const DatabaseSettings &database : workspace.databases) {
        if (database.rowsPerSecond)
            settings.rowsPerSecond.insert(database.name, *database.rowsPerSecond);
    }
    return settings;
}

} // namespace

std::unique_ptr<PostgresDatabase> databaseOf(const DatabaseSettings &settings,
                                             const QString &workspaceFile,
                                             const PassageSetting &setting, Clock &clock)
{
    auto passage = passageOf(settings, workspaceFile, setting);
    return passage ? std::make_unique<PostgresDatabase>(std::move(passage), clock)
                   : std::make_unique<PostgresDatabase>(connectionOf(settings), clock);
}

std::unique_ptr<PostgresCatalog> catalogOf(const DatabaseSettings &settings,
                                           const QString &workspaceFile,
                                           const PassageSetting &setting)
{
    auto passage = passageOf(settings, workspaceFile, setting);
    const PostgresSettings connection = passage ? passage->nearEnd() : connectionOf(settings);
    return std::make_unique<PostgresCatalog>(connection, std::move(passage));
}

Result<std::unique_ptr<PostgresRehearser>> rehearserOf(const DatabaseSettings &settings,
                                                       const QString &workspaceFile,
                                                       const PassageSetting &setting)
{
    if (!settings.rehearseOn)
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 does not say where %2 is rehearsed: give databases.%2.rehearse_on "
                      "a server that is nobody's.")
                .arg(workspaceFile, settings.name));
    auto passage = passageOf(settings, workspaceFile, setting);
    PostgresRehearser::Settings places;
    places.source = passage ? passage->nearEnd() : connectionOf(settings);
    places.scratch = connectionOf(*settings.rehearseOn);
    return std::make_unique<PostgresRehearser>(places, std::move(passage), setting.runner);
}

SchemaParts::SchemaParts(const Workspace &workspace, const PassageSetting &setting,
                         SourceTree &files, ActionRunner &actions, Clock &clock, bool readOnly)
    : migrations(migrationSettings(workspace, readOnly), files, actions, clock),
      reminders(Reminders::Settings{workspace.environment, readOnly}, migrations, actions)
{
    for (const DatabaseSettings &database : workspace.databases) {
        databases.push_back(databaseOf(database, workspace.file, setting, clock));
        migrations.addDatabase(database.name, database.changes, *databases.back());
        reminders.addDatabase(database.name, *databases.back());
    }
}

} // namespace pilothouse
