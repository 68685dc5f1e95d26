#pragma once

#include "base/commandrunner.h"
#include "connectors/postgres/postgressettings.h"
#include "migration/rehearsal/rehearser.h"

#include <QObject>

#include <memory>

namespace pilothouse {

class Passage;
class Session;

/// Rehearses on a copy of a database's schema, which is made on another server. GUI thread.
class PostgresRehearser final : public QObject, public Rehearser
{
    Q_OBJECT

public:
    struct Settings
    {
        PostgresSettings source;  ///< whose schema is copied; it is only read
        PostgresSettings scratch; ///< a server that is nobody's, where databases may be made
        QString pgDump = QStringLiteral("pg_dump"); ///< at least as new as the source's server
    };

    /// `passage` is the way to the source; nullptr = it needs none. The runner outlives it.
    PostgresRehearser(const Settings &settings, std::unique_ptr<Passage> passage,
                      CommandRunner &runner, QObject *parent = nullptr);
    ~PostgresRehearser() override;

    [[nodiscard]] QFuture<Result<Rehearsal>>
    rehearse(const QByteArray &file, const QList<SqlStatement> &statements) override;

private:
    [[nodiscard]] QFuture<Result<CommandOutput>> dump();

    Settings m_settings;
    std::unique_ptr<Passage> m_passage; ///< outlives the session
    CommandRunner &m_runner;
    std::unique_ptr<Session> m_session; ///< on the scratch server
};

} // namespace pilothouse
