#pragma once

#include "app/wiring/databases.h"
#include "app/wiring/signin/consentdesk.h"
#include "connectors/postgres/passage.h"
#include "migration/lint/livecatalog.h"
#include "migration/rehearsal/rehearser.h"

namespace pilothouse {

/// A database of a workspace file, for a command that waits for its answers.
class LiveDatabase
{
public:
    /// BadInput where the file or the name is wrong, with the names that there are.
    [[nodiscard]] static Result<std::unique_ptr<LiveDatabase>> of(const QString &workspaceFile,
                                                                  const QString &name);

    /// TimedOut after half a minute.
    [[nodiscard]] Result<LiveCatalog> catalog(const QList<SqlName> &tables,
                                              const QList<GuardedColumn> &guarded);
    /// On its `rehearse_on`. TimedOut after five minutes.
    [[nodiscard]] Result<Rehearsal> rehearse(const QByteArray &file,
                                             const QList<SqlStatement> &statements);

private:
    LiveDatabase(DatabaseSettings settings, QString workspaceFile);
    [[nodiscard]] PassageSetting setting();

    DatabaseSettings m_settings;
    QString m_workspaceFile;
    SystemClock m_clock;
    ProcessRunner m_processes;
    LoginPath m_path{m_processes};
    ConsentDesk m_consent;
};

} // namespace pilothouse
