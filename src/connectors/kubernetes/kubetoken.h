#pragma once

#include "base/credentialsource.h"
#include "connectors/kubernetes/kubeconfig.h"

namespace pilothouse {

/// The bearer token of a kubeconfig context: its tokenFile, read anew each time (a cluster renews
/// it about once an hour), else its token, else none (a client certificate signs in by itself).
class KubeToken final : public CredentialSource
{
public:
    explicit KubeToken(KubeContext context);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override {}

private:
    KubeContext m_context;
};

} // namespace pilothouse
