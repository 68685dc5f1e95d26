#include "base/tokencache.h"

#include "base/future.h"
#include "base/whendone.h"

#include <utility>

namespace pilothouse {
namespace {

// A token that ends while it travels is as bad as none.
constexpr qint64 marginSeconds = 60;

} // namespace

TokenCache::TokenCache(Clock &clock, Fetch fetch) : m_clock(clock), m_fetch(std::move(fetch)) {}

QFuture<Result<Secret>> TokenCache::token()
{
    return signIn().then([](const Result<SignIn> &signIn) -> Result<Secret> {
        if (!signIn)
            return fail(signIn.error());
        return signIn->token;
    });
}

QFuture<Result<SignIn>> TokenCache::signIn()
{
    if (m_token) {
        const QDateTime &ends = m_token->expiresAt;
        if (!ends.isValid() || m_clock.now().addSecs(marginSeconds) < ends)
            return ready<SignIn>(SignIn{m_token->secret, m_token->identity});
        m_token.reset();
    }
    auto promise = std::make_shared<QPromise<Result<SignIn>>>();
    promise->start();
    auto future = promise->future();
    m_waiting.push_back(std::move(promise));
    if (m_waiting.size() == 1)
        whenDone(
            m_fetch(), &m_context, [this](const Result<Token> &token) { arrived(token); },
            [this] { std::exchange(m_waiting, {}).clear(); });
    return future;
}

void TokenCache::forget()
{
    m_token.reset();
}

void TokenCache::arrived(const Result<Token> &token)
{
    if (token)
        m_token = *token;
    // Whoever hears of it may ask again.
    const auto waiting = std::exchange(m_waiting, {});
    for (const Waiting &promise : waiting) {
        if (token)
            promise->addResult(SignIn{token->secret, token->identity});
        else
            promise->addResult(fail(token.error()));
        promise->finish();
    }
}

QDateTime TokenCache::expiresAt() const
{
    return m_token ? m_token->expiresAt : QDateTime();
}

} // namespace pilothouse
