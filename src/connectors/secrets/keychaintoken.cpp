#include "connectors/secrets/keychaintoken.h"

#include "base/chaining.h"
#include "base/words.h"

namespace pilothouse {
namespace {

Error withoutToken(const Error &why, const KeychainAccount &account, const QString &howToPutIn)
{
    if (why.kind == ErrorKind::NotFound)
        return {ErrorKind::SignedOut,
                Words::tr("The keychain has no token for %1. Put one in: %2")
                    .arg(account.title, howToPutIn),
                why.detail,
                {}};
    return {ErrorKind::SignedOut,
            Words::tr("The token for %1 was not read. %2").arg(account.title, why.message),
            why.detail,
            {}};
}

} // namespace

KeychainToken::KeychainToken(Keychain &keychain, Clock &clock, KeychainAccount account,
                             QString howToPutIn)
    : m_keychain(keychain), m_account(std::move(account)), m_howToPutIn(std::move(howToPutIn)),
      m_cache(clock, [this] { return fetch(); })
{}

QFuture<Result<TokenCache::Token>> KeychainToken::fetch()
{
    return converted<TokenCache::Token>(
        m_keychain.read(m_account.key()), &m_context,
        [this](const Result<Secret> &read) -> Result<TokenCache::Token> {
            const Error none{ErrorKind::NotFound, {}, {}, {}};
            if (!read)
                return fail(withoutToken(read.error(), m_account, m_howToPutIn));
            // An empty token would be taken for "none needed".
            const Secret token(read->expose().trimmed());
            if (token.isEmpty())
                return fail(withoutToken(none, m_account, m_howToPutIn));
            return TokenCache::Token{token, {}};
        });
}

QFuture<Result<Secret>> KeychainToken::token()
{
    return m_cache.token();
}

void KeychainToken::forget()
{
    m_cache.forget();
}

} // namespace pilothouse
