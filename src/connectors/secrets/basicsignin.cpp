#include "connectors/secrets/basicsignin.h"

namespace pilothouse {

BasicSignIn::BasicSignIn(QString user, std::unique_ptr<CredentialSource> password)
    : m_user(std::move(user)), m_password(std::move(password))
{}

QFuture<Result<Secret>> BasicSignIn::token()
{
    return m_password->token();
}

QFuture<Result<SignIn>> BasicSignIn::signIn()
{
    return m_password->signIn().then([user = m_user](Result<SignIn> signIn) {
        if (signIn)
            signIn->user = user;
        return signIn;
    });
}

void BasicSignIn::forget()
{
    m_password->forget();
}

} // namespace pilothouse
