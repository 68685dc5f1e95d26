#pragma once

#include "base/clock.h"
#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "connectors/secrets/keychaintoken.h"
#include "workspace/credentialchoice.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// The credential sources of one workspace. They live as long as this does.
class Credentials final
{
public:
    /// `workspaceFile` stands in the command that puts a token into the keychain.
    Credentials(CommandRunner &runner, Keychain &keychain, Clock &clock, QString workspaceFile);

    /// `account` says whose token it is: gh is asked about its host, the keychain for its entry.
    [[nodiscard]] CredentialSource &of(const CredentialChoice &choice,
                                       const KeychainAccount &account);
    /// The same as the password of `user`, by HTTP Basic; without one it is a bearer token.
    [[nodiscard]] CredentialSource &of(const CredentialChoice &choice,
                                       const KeychainAccount &account, const QString &user);

private:
    [[nodiscard]] std::unique_ptr<CredentialSource> made(const CredentialChoice &choice,
                                                         const KeychainAccount &account);

    CommandRunner &m_runner;
    Keychain &m_keychain;
    Clock &m_clock;
    QString m_workspaceFile;
    std::vector<std::unique_ptr<CredentialSource>> m_sources;
};

} // namespace pilothouse
