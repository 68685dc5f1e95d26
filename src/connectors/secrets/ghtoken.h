#pragma once

#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "base/tokencache.h"

namespace pilothouse {

/// The token of GitHub's own program: `gh auth token --hostname H`. Kept in memory until forget().
/// The runner outlives it. GUI thread.
class GhToken final : public CredentialSource
{
public:
    GhToken(CommandRunner &runner, Clock &clock, QString host = QStringLiteral("github.com"));

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override;

private:
    CommandRunner &m_runner;
    QString m_host;
    QObject m_context;
    TokenCache m_cache;
};

} // namespace pilothouse
