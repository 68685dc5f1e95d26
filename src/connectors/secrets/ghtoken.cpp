#include "connectors/secrets/ghtoken.h"

#include "base/chaining.h"
#include "base/words.h"

namespace pilothouse {
namespace {

Result<TokenCache::Token> tokenOf(const Result<CommandOutput> &output, const QString &host)
{
    if (!output) {
        if (output.error().kind != ErrorKind::NotFound)
            return fail(output.error());
        return fail(ErrorKind::SignedOut,
                    Words::tr("The program “gh” was not found. Install it and run “gh auth login "
                              "--hostname %1”.")
                        .arg(host));
    }
    const QByteArray token = output->standardOutput.trimmed();
    if (output->exitCode != 0 || token.isEmpty())
        return fail(
            ErrorKind::SignedOut,
            Words::tr("gh is not signed in to %1. Run “gh auth login --hostname %1”.").arg(host),
            QString::fromUtf8(output->standardError.left(500)).trimmed());
    return TokenCache::Token{Secret(token), {}};
}

Command command(const QString &host)
{
    Command gh;
    gh.program = QStringLiteral("gh");
    gh.arguments
        = {QStringLiteral("auth"), QStringLiteral("token"), QStringLiteral("--hostname"), host};
    gh.environment.insert(QStringLiteral("GH_PROMPT_DISABLED"), QStringLiteral("1"));
    return gh;
}

} // namespace

GhToken::GhToken(CommandRunner &runner, Clock &clock, QString host)
    : m_runner(runner), m_host(std::move(host)), m_cache(clock, [this] {
          return converted<TokenCache::Token>(m_runner.run(command(m_host)), &m_context,
                                              [host = m_host](const Result<CommandOutput> &output) {
                                                  return tokenOf(output, host);
                                              });
      })
{}

QFuture<Result<Secret>> GhToken::token()
{
    return m_cache.token();
}

void GhToken::forget()
{
    m_cache.forget();
}

} // namespace pilothouse
