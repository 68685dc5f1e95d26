#pragma once

#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "base/tokencache.h"
#include "base/tokenexpiry.h"

namespace pilothouse {

/// The access token of the gcloud program's account: `gcloud config config-helper`, which tells the
/// expiry; where that fails, `gcloud auth print-access-token`, kept for five minutes.
/// The runner outlives it. GUI thread.
class GcloudToken final : public CredentialSource, public ExpiringCredential
{
public:
    GcloudToken(CommandRunner &runner, Clock &clock);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override;
    [[nodiscard]] QDateTime expiresAt() const override { return m_cache.expiresAt(); }

private:
    [[nodiscard]] QFuture<Result<TokenCache::Token>> fetch();
    [[nodiscard]] QFuture<Result<TokenCache::Token>> print();

    CommandRunner &m_runner;
    Clock &m_clock;
    QObject m_context;
    TokenCache m_cache;
};

} // namespace pilothouse
