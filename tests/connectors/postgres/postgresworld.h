#pragma once

#include "connectors/postgres/postgressettings.h"
#include "migration/change.h"
#include "migration/steps.h"
#include "support/postgresserver.h"

namespace pilothouse {

/// The ADR's world on a real server: users with an organization, conversations of users, and the
/// change that gives conversations an organization_id.
class PostgresWorld
{
public:
    /// Of the server that newest() finds, or of another's folder of programs.
    explicit PostgresWorld(const QString &binaries = PostgresServer::newest()) : m_server(binaries)
    {}

    /// Starts the server; without one the test is skipped, but on CI (CI set) it fails.
    [[nodiscard]] bool start();
    [[nodiscard]] QString why() const { return m_server.why(); }
    [[nodiscard]] static bool mustHaveServer();

    /// A new database with 100 users and `conversations` rows (ids from 1); empty = failed.
    [[nodiscard]] QString makeDatabase(int conversations);
    [[nodiscard]] PostgresSettings settings(const QString &database) const;
    [[nodiscard]] PostgresServer &server() { return m_server; }

    [[nodiscard]] static Change change();

private:
    PostgresServer m_server;
};

} // namespace pilothouse
