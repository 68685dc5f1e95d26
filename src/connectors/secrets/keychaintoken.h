#pragma once

#include "base/credentialsource.h"
#include "base/tokencache.h"
#include "connectors/secrets/keychain.h"

namespace pilothouse {

/// Whose token an entry of the keychain is.
struct KeychainAccount
{
    QString system; ///< "github"
    QString name;   ///< host or project: "github.com"
    QString title;  ///< "GitHub (github.com)"

    /// The entry's key: "github github.com".
    [[nodiscard]] QString key() const { return system + QLatin1Char(' ') + name; }
    bool operator==(const KeychainAccount &) const = default;
};

/// A token from the user's keychain, kept in memory until forget(). Without one SignedOut, with
/// the command that puts it in. The keychain outlives it. GUI thread.
class KeychainToken final : public CredentialSource
{
public:
    /// `howToPutIn` is the command that puts a token in.
    KeychainToken(Keychain &keychain, Clock &clock, KeychainAccount account, QString howToPutIn);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override;

private:
    [[nodiscard]] QFuture<Result<TokenCache::Token>> fetch();

    Keychain &m_keychain;
    KeychainAccount m_account;
    QString m_howToPutIn;
    QObject m_context;
    TokenCache m_cache;
};

} // namespace pilothouse
