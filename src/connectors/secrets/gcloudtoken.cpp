#include "connectors/secrets/gcloudtoken.h"

#include "base/chaining.h"
#include "base/tokenforms.h"
#include "base/words.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace pilothouse {
namespace {

using Token = TokenCache::Token;

// print-access-token tells no expiry; gcloud itself hands out a fresh one in good time.
constexpr qint64 keptWithoutExpirySeconds = 360;

Command command(const QStringList &arguments)
{
    Command gcloud;
    gcloud.program = QStringLiteral("gcloud");
    gcloud.arguments = arguments;
    gcloud.environment.insert(QStringLiteral("CLOUDSDK_CORE_DISABLE_PROMPTS"), QStringLiteral("1"));
    gcloud.timeout = std::chrono::seconds(30); // a refresh goes over the network
    return gcloud;
}

// Nothing where gcloud is too old or not signed in: print-access-token then tells which.
std::optional<Token> fromHelper(const CommandOutput &output)
{
    if (output.exitCode != 0)
        return std::nullopt;
    const QJsonObject credential = QJsonDocument::fromJson(output.standardOutput)
                                       .object()
                                       .value(QLatin1String("credential"))
                                       .toObject();
    const QByteArray token = credential.value(QLatin1String("access_token")).toString().toLatin1();
    const QDateTime expiry
        = QDateTime::fromString(credential.value(QLatin1String("token_expiry")).toString(),
                                Qt::ISODate)
              .toUTC();
    if (token.isEmpty() || !expiry.isValid())
        return std::nullopt;
    return Token{Secret(token), expiry};
}

Result<Token> fromPrinted(const Result<CommandOutput> &output, const QDateTime &now)
{
    if (!output)
        return fail(output.error());
    const QByteArray token = output->standardOutput.trimmed();
    if (output->exitCode != 0 || token.isEmpty()) {
        const QString said
            = maskedText(QString::fromUtf8(output->standardError.left(500)).trimmed());
        return fail(
            ErrorKind::SignedOut, Words::tr("gcloud is not signed in. Run “gcloud auth login”."),
            output->program.isEmpty() ? said : QStringLiteral("%1: %2").arg(output->program, said));
    }
    return Token{Secret(token), now.addSecs(keptWithoutExpirySeconds)};
}

} // namespace

GcloudToken::GcloudToken(CommandRunner &runner, Clock &clock)
    : m_runner(runner), m_clock(clock), m_cache(clock, [this] { return fetch(); })
{}

QFuture<Result<Token>> GcloudToken::fetch()
{
    const QStringList helper{QStringLiteral("config"), QStringLiteral("config-helper"),
                             QStringLiteral("--format=json")};
    return askNext<Token>(
        m_runner.run(command(helper)), &m_context,
        [this](const Result<CommandOutput> &output) -> QFuture<Result<Token>> {
            if (!output && output.error().kind == ErrorKind::NotFound)
                return ready<Token>(
                    fail(ErrorKind::SignedOut,
                         Words::tr("The program “gcloud” was not found. Install it and run "
                                   "“gcloud auth login”."),
                         output.error().detail));
            if (!output)
                return ready<Token>(fail(output.error()));
            if (const auto token = fromHelper(*output))
                return ready<Token>(*token);
            return print();
        });
}

QFuture<Result<Token>> GcloudToken::print()
{
    const QStringList arguments{QStringLiteral("auth"), QStringLiteral("print-access-token")};
    return converted<Token>(
        m_runner.run(command(arguments)), &m_context,
        [this](const Result<CommandOutput> &output) { return fromPrinted(output, m_clock.now()); });
}

QFuture<Result<Secret>> GcloudToken::token()
{
    return m_cache.token();
}

void GcloudToken::forget()
{
    m_cache.forget();
}

} // namespace pilothouse
