#include "connectors/kubernetes/login/plugincredential.h"

#include "base/chaining.h"
#include "base/tokenforms.h"
#include "base/words.h"
#include "connectors/kubernetes/login/execcredential.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Token = TokenCache::Token;

// Some open a browser and wait for the person in front of it.
constexpr std::chrono::minutes mostPatience{3};
constexpr std::chrono::seconds rest{30};
// Before its end a token counts as ended, so that it does not end on its way.
constexpr std::chrono::seconds margin{60};
constexpr qsizetype mostSaid = 500;
constexpr qsizetype mostPrinted = 1 << 20;

Error notFound(const ExecPlugin &plugin, const Error &why)
{
    const QString hint = plugin.installHint.isEmpty()
                             ? Words::tr("Install it or put it on the PATH of your login shell.")
                             : plugin.installHint;
    return Error{ErrorKind::SignedOut,
                 Words::tr("The sign-in program “%1” of context “%2” was not found. %3")
                     .arg(plugin.command, plugin.context, hint),
                 why.detail,
                 {}};
}

ProgramUse useOf(const ExecPlugin &plugin, const QString &file, const QByteArray &sha256)
{
    ProgramUse use;
    use.program = file;
    use.arguments = plugin.arguments;
    use.sha256 = sha256;
    for (const auto &variable : plugin.environment)
        use.environment << variable.first;
    use.environment.sort();
    use.askedBy = Words::tr("kubeconfig %1, context %2").arg(plugin.file, plugin.context);
    return use;
}

} // namespace

QFuture<Result<ProgramUse>> programUse(const ExecPlugin &plugin, LoginPath &path, QObject *context)
{
    return askNext<ProgramUse>(
        path.find(plugin.command), context,
        [plugin, context](const Result<FoundProgram> &found) -> QFuture<Result<ProgramUse>> {
            if (!found)
                return ready<ProgramUse>(fail(notFound(plugin, found.error())));
            return converted<ProgramUse>(
                sha256Of(found->file), context,
                [plugin, file = found->file](const Result<QByteArray> &sha) -> Result<ProgramUse> {
                    if (!sha)
                        return fail(ErrorKind::SignedOut, sha.error().message, sha.error().detail);
                    return useOf(plugin, file, *sha);
                });
        });
}

PluginCredential::PluginCredential(ExecPlugin plugin, const PluginSetting &setting)
    : m_plugin(std::move(plugin)), m_setting(setting),
      m_cache(setting.clock, [this] { return fetch(); })
{}

QFuture<Result<Secret>> PluginCredential::token()
{
    return m_cache.token();
}

QFuture<Result<SignIn>> PluginCredential::signIn()
{
    return m_cache.signIn();
}

void PluginCredential::forget()
{
    m_cache.forget();
}

std::optional<Error> PluginCredential::resting() const
{
    const size_t most = m_failure ? 1 : 2;
    if (m_runs.size() < most || m_setting.clock.sinceBoot() - m_runs[m_runs.size() - most] >= rest)
        return std::nullopt;
    if (m_failure)
        return m_failure;
    return refused();
}

Error PluginCredential::refused() const
{
    const QString again = Words::tr("Sign in with its own tool; it is tried again within %1 s.")
                              .arg(std::chrono::seconds(rest).count());
    const bool ended = m_toldEnd.isValid() && m_toldEnd <= m_setting.clock.now();
    const QString what
        = ended ? Words::tr("The cluster refuses what the sign-in program “%1” of context “%2” "
                            "gives, which ended at %3 UTC by this computer's clock.")
                      .arg(m_plugin.command, m_plugin.context,
                           m_toldEnd.toString(QStringLiteral("yyyy-MM-dd HH:mm")))
                : Words::tr("The cluster refuses what the sign-in program “%1” of context “%2” "
                            "gives.")
                      .arg(m_plugin.command, m_plugin.context);
    return {ErrorKind::SignedOut, what + QLatin1Char(' ') + again, {}, {}};
}

QFuture<Result<Token>> PluginCredential::fetch()
{
    if (const auto error = resting())
        return ready<Token>(fail(*error));
    return askNext<Token>(
        programUse(m_plugin, m_setting.path, &m_context), &m_context,
        [this](const Result<ProgramUse> &use) -> QFuture<Result<Token>> {
            if (!use)
                return ready<Token>(fail(use.error()));
            return askNext<Token>(
                m_setting.consent.ask(*use), &m_context,
                [this, use = *use](const Result<void> &given) -> QFuture<Result<Token>> {
                    if (!given)
                        return ready<Token>(fail(given.error()));
                    return run(use);
                });
        });
}

QFuture<Result<Token>> PluginCredential::run(const ProgramUse &use)
{
    m_runs.push_back(m_setting.clock.sinceBoot());
    if (m_runs.size() > 2)
        m_runs.erase(m_runs.begin());
    return askNext<Token>(
        m_setting.path.searchPath(), &m_context, [this, use](const Result<QString> &path) {
            return converted<Token>(m_setting.runner.run(command(use, path.value_or(QString()))),
                                    &m_context, [this, use](const Result<CommandOutput> &output) {
                                        auto token = credentialOf(use, output);
                                        m_failure.reset();
                                        if (!token)
                                            m_failure = token.error();
                                        else
                                            keepForARest(*token);
                                        return token;
                                    });
        });
}

void PluginCredential::keepForARest(Token &token)
{
    m_toldEnd = token.expiresAt;
    if (m_toldEnd.isValid())
        token.expiresAt = std::max(
            m_toldEnd, m_setting.clock.now().addSecs(std::chrono::seconds(rest + margin).count()));
}

QDateTime PluginCredential::expiresAt() const
{
    return m_cache.expiresAt().isValid() ? m_toldEnd : QDateTime();
}

Command PluginCredential::command(const ProgramUse &use, const QString &searchPath) const
{
    Command command;
    command.program = use.program;
    command.arguments = use.arguments;
    command.timeout = mostPatience;
    command.mostBytes = mostPrinted;
    if (!searchPath.isEmpty())
        command.environment.insert(QStringLiteral("PATH"), searchPath);
    for (const auto &[name, value] : m_plugin.environment)
        command.environment.insert(name, value);
    command.environment.insert(QStringLiteral("KUBERNETES_EXEC_INFO"),
                               QString::fromUtf8(m_plugin.info));
    return command;
}

Result<Token> PluginCredential::credentialOf(const ProgramUse &use,
                                             const Result<CommandOutput> &output) const
{
    const QString look
        = Words::tr("Run “kubectl --context %1 version” in a terminal to see what it asks for.")
              .arg(m_plugin.context);
    if (!output && output.error().kind == ErrorKind::NotFound)
        return fail(notFound(m_plugin, output.error()));
    if (!output)
        return fail(ErrorKind::SignedOut, output.error().message + QLatin1Char(' ') + look,
                    output.error().detail);
    if (output->exitCode != 0)
        return fail(ErrorKind::SignedOut,
                    Words::tr("The sign-in program %1 of context “%2” ended with code %3.")
                            .arg(use.program, m_plugin.context, QString::number(output->exitCode))
                        + QLatin1Char(' ') + look,
                    maskedText(QString::fromUtf8(output->standardError.left(mostSaid)).trimmed()));
    return readExecCredential(output->standardOutput, m_plugin);
}

} // namespace pilothouse
