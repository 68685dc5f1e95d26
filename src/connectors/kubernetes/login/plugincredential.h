#pragma once

#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "base/programs/loginpath.h"
#include "base/programs/programconsent.h"
#include "base/tokencache.h"
#include "base/tokenexpiry.h"
#include "connectors/kubernetes/login/execplugin.h"

#include <chrono>
#include <optional>
#include <vector>

namespace pilothouse {

/// What a sign-in program of a kubeconfig needs to run. All of it outlives the credential.
struct PluginSetting
{
    CommandRunner &runner;
    LoginPath &path;
    ProgramConsent &consent;
    Clock &clock;
};

/// The program as a person is asked about it: found along the login shell's PATH, and hashed.
/// NotFound with the kubeconfig's own hint of how to install it.
[[nodiscard]] QFuture<Result<ProgramUse>> programUse(const ExecPlugin &plugin, LoginPath &path,
                                                     QObject *context);

/// Signs in to a cluster with the program that its kubeconfig names: consent first, each time it
/// is run. What it printed is kept in memory until it expires by the wall clock, or until forget().
/// It may open a browser, so it is not run at every poll: after a failure, and after two runs whose
/// credentials the cluster refused, it rests for half a minute, and the failure is said again. What
/// it printed is shown for half a minute whatever that says of its end: the cluster decides, and
/// the clock of this computer may be wrong. Every failure is SignedOut. GUI thread.
class PluginCredential final : public CredentialSource, public ExpiringCredential
{
public:
    PluginCredential(ExecPlugin plugin, const PluginSetting &setting);

    [[nodiscard]] QFuture<Result<Secret>> token() override;
    [[nodiscard]] QFuture<Result<SignIn>> signIn() override;
    void forget() override;
    [[nodiscard]] QDateTime expiresAt() const override;

private:
    [[nodiscard]] QFuture<Result<TokenCache::Token>> fetch();
    [[nodiscard]] QFuture<Result<TokenCache::Token>> run(const ProgramUse &use);
    [[nodiscard]] Command command(const ProgramUse &use, const QString &searchPath) const;
    [[nodiscard]] Result<TokenCache::Token> credentialOf(const ProgramUse &use,
                                                         const Result<CommandOutput> &output) const;

    [[nodiscard]] std::optional<Error> resting() const;
    [[nodiscard]] Error refused() const;
    void keepForARest(TokenCache::Token &token);

    ExecPlugin m_plugin;
    PluginSetting m_setting;
    std::vector<std::chrono::milliseconds> m_runs; ///< when the last two began, since boot
    std::optional<Error> m_failure;                ///< of the last run
    QDateTime m_toldEnd;                           ///< of what it printed last, as it told
    QObject m_context;
    TokenCache m_cache;
};

} // namespace pilothouse
