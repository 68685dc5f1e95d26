#pragma once

#include "connectors/postgres/connection.h"
#include "support/postgresserver.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// The oldest PostgreSQL that we know and the newest, each with a database and a connection to it.
class BothServers
{
public:
    struct World
    {
        explicit World(const QString &binaries) : server(binaries) {}

        [[nodiscard]] PostgresSettings settings() const;

        PostgresServer server;
        QString database;
        std::unique_ptr<Connection> connection;
        int version = 0; ///< as server_version_num has it
    };

    [[nodiscard]] static bool areThere();
    /// Starts them and runs `statements` on each. Empty, or what went wrong.
    [[nodiscard]] QString begin(const QStringList &statements);
    void end() { m_worlds.clear(); }

    [[nodiscard]] const std::vector<std::unique_ptr<World>> &worlds() const { return m_worlds; }

private:
    std::vector<std::unique_ptr<World>> m_worlds;
};

} // namespace pilothouse
