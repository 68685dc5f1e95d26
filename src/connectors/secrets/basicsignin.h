#pragma once

#include "base/credentialsource.h"

#include <QString>

#include <memory>

namespace pilothouse {

/// A user's password (HTTP Basic), wherever it comes from.
class BasicSignIn final : public CredentialSource
{
public:
    BasicSignIn(QString user, std::unique_ptr<CredentialSource> password);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    [[nodiscard]] QFuture<Result<SignIn>> signIn() override;
    void forget() override;

private:
    QString m_user;
    std::unique_ptr<CredentialSource> m_password;
};

} // namespace pilothouse
