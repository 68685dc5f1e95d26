#pragma once

#include "base/credentialsource.h"

#include <QString>

namespace pilothouse {

/// A token from an environment variable of this process, read at each call.
class EnvironmentToken final : public CredentialSource
{
public:
    explicit EnvironmentToken(QString variable);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override {}

private:
    QString m_variable;
};

} // namespace pilothouse
