#include "app/wiring/credentials.h"

#include "app/wiring/signin/accounts.h"
#include "connectors/secrets/basicsignin.h"
#include "connectors/secrets/environmenttoken.h"
#include "connectors/secrets/filetoken.h"
#include "connectors/secrets/gcloudtoken.h"
#include "connectors/secrets/ghtoken.h"

namespace pilothouse {

Credentials::Credentials(CommandRunner &runner, Keychain &keychain, Clock &clock,
                         QString workspaceFile)
    : m_runner(runner), m_keychain(keychain), m_clock(clock),
      m_workspaceFile(std::move(workspaceFile))
{}

std::unique_ptr<CredentialSource> Credentials::made(const CredentialChoice &choice,
                                                    const KeychainAccount &account)
{
    std::unique_ptr<CredentialSource> source;
    switch (choice.kind) {
    case CredentialChoice::Kind::None:
        source = std::make_unique<NoCredential>();
        break;
    case CredentialChoice::Kind::Gh:
        source = std::make_unique<GhToken>(m_runner, m_clock, GhAccount{account.name, choice.user});
        break;
    case CredentialChoice::Kind::Gcloud:
        source = std::make_unique<GcloudToken>(m_runner, m_clock);
        break;
    case CredentialChoice::Kind::Environment:
        source = std::make_unique<EnvironmentToken>(choice.variable);
        break;
    case CredentialChoice::Kind::File:
        source = std::make_unique<FileToken>(choice.path);
        break;
    case CredentialChoice::Kind::Keychain:
        source = std::make_unique<KeychainToken>(m_keychain, m_clock, account,
                                                 howToLogIn(account, m_workspaceFile));
        break;
    }
    return source;
}

CredentialSource &Credentials::of(const CredentialChoice &choice, const KeychainAccount &account)
{
    return of(choice, account, {});
}

CredentialSource &Credentials::of(const CredentialChoice &choice, const KeychainAccount &account,
                                  const QString &user)
{
    auto source = made(choice, account);
    if (!user.isEmpty())
        source = std::make_unique<BasicSignIn>(user, std::move(source));
    m_sources.push_back(std::move(source));
    return *m_sources.back();
}

} // namespace pilothouse
