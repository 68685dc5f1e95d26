#pragma once

#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "base/tokencache.h"

namespace pilothouse {

/// Whom GitHub's program is asked about.
struct GhAccount
{
    QString host = QStringLiteral("github.com");
    QString user; ///< empty = the one that is active there
};

/// The token that GitHub's own program has or would take: for the active account the environment's
/// first, as gh does it (GH_TOKEN, GITHUB_TOKEN; for a server of one's own GH_ENTERPRISE_TOKEN,
/// GITHUB_ENTERPRISE_TOKEN), else `gh auth token --hostname H [--user U]`. Kept in memory until
/// forget(). The runner outlives it. GUI thread.
class GhToken final : public CredentialSource
{
public:
    GhToken(CommandRunner &runner, Clock &clock, GhAccount account = {});

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override;

private:
    [[nodiscard]] QFuture<Result<TokenCache::Token>> fetch();

    CommandRunner &m_runner;
    GhAccount m_account;
    QObject m_context;
    TokenCache m_cache;
};

} // namespace pilothouse
