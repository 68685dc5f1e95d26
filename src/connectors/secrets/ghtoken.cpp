#include "connectors/secrets/ghtoken.h"

#include "base/chaining.h"
#include "base/tokenforms.h"
#include "base/words.h"

namespace pilothouse {
namespace {

constexpr qsizetype mostOfStandardError = 500;

/// The variables that gh reads for a host, the first that is set wins.
QList<QByteArray> tokenVariables(const QString &host)
{
    const bool ofGithub = host == QLatin1String("github.com")
                          || host.endsWith(QLatin1String(".github.com"))
                          || host == QLatin1String("github.localhost")
                          || host.endsWith(QLatin1String(".github.localhost"))
                          || host.endsWith(QLatin1String(".ghe.com"));
    if (ofGithub)
        return {"GH_TOKEN", "GITHUB_TOKEN"};
    return {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"};
}

Secret fromEnvironment(const QString &host)
{
    for (const QByteArray &variable : tokenVariables(host)) {
        const QByteArray token = qgetenv(variable.constData()).trimmed();
        if (!token.isEmpty())
            return Secret(token);
    }
    return {};
}

QString loginHint(const GhAccount &account)
{
    return QStringLiteral("gh auth login --hostname %1").arg(account.host);
}

Result<TokenCache::Token> tokenOf(const Result<CommandOutput> &output, const GhAccount &account)
{
    if (!output) {
        if (output.error().kind != ErrorKind::NotFound)
            return fail(output.error());
        return fail(ErrorKind::SignedOut,
                    Words::tr("The program “gh” was not found, and %1 is not set. Install gh and "
                              "run “%2”.")
                        .arg(QString::fromLatin1(tokenVariables(account.host).constFirst()),
                             loginHint(account)),
                    output.error().detail);
    }
    const QByteArray token = output->standardOutput.trimmed();
    if (output->exitCode != 0 || token.isEmpty()) {
        const QString who = account.user.isEmpty()
                                ? account.host
                                : Words::tr("%1 as %2").arg(account.host, account.user);
        const QString said = maskedText(
            QString::fromUtf8(output->standardError.left(mostOfStandardError)).trimmed());
        return fail(
            ErrorKind::SignedOut,
            Words::tr("gh is not signed in to %1. Run “%2”.").arg(who, loginHint(account)),
            output->program.isEmpty() ? said : QStringLiteral("%1: %2").arg(output->program, said));
    }
    return TokenCache::Token{Secret(token), {}};
}

Command command(const GhAccount &account)
{
    Command gh;
    gh.program = QStringLiteral("gh");
    gh.arguments = {QStringLiteral("auth"), QStringLiteral("token"), QStringLiteral("--hostname"),
                    account.host};
    if (!account.user.isEmpty())
        gh.arguments << QStringLiteral("--user") << account.user;
    gh.environment.insert(QStringLiteral("GH_PROMPT_DISABLED"), QStringLiteral("1"));
    return gh;
}

} // namespace

GhToken::GhToken(CommandRunner &runner, Clock &clock, GhAccount account)
    : m_runner(runner), m_account(std::move(account)), m_cache(clock, [this] { return fetch(); })
{}

QFuture<Result<TokenCache::Token>> GhToken::fetch()
{
    if (m_account.user.isEmpty()) {
        const Secret given = fromEnvironment(m_account.host);
        if (!given.isEmpty())
            return ready<TokenCache::Token>(TokenCache::Token{given, {}});
    }
    return converted<TokenCache::Token>(m_runner.run(command(m_account)), &m_context,
                                        [account = m_account](const Result<CommandOutput> &output) {
                                            return tokenOf(output, account);
                                        });
}

QFuture<Result<Secret>> GhToken::token()
{
    return m_cache.token();
}

void GhToken::forget()
{
    m_cache.forget();
}

} // namespace pilothouse
