#pragma once

#include "base/commandrunner.h"
#include "connectors/kubernetes/login/plugincredential.h"
#include "crash/weather/disturbedclient.h"
#include "crash/weather/hurry.h"
#include "support/fakeconsent.h"

#include <QTemporaryDir>

#include <optional>

namespace pilothouse {

/// One way in which the sign-in program of a kubeconfig goes wrong.
struct PluginFault
{
    QString name;
    QByteArray script; ///< of a shell, in its place; $good, $old … are what it may print
    enum class Place {
        Script,   ///< it runs as the script
        Missing,  ///< there is no such program for a time
        NotToRun, ///< it cannot be started
    } place
        = Place::Script;
    /// What the sentence says; empty = nothing has to be said, all goes on.
    QString says = {};
    enum class Lasts { OneRun, UntilSaid } lasts = Lasts::OneRun;
};

[[nodiscard]] const QList<PluginFault> &pluginFaults();

/// Signs in with a real program that goes wrong once: at the next run after a step of the pass has
/// made the credential invalid. A program that does not end is waited for much less long than in
/// life. Lives in the thread of the pass.
class FaultyPlugin final : public Login, public CommandRunner
{
public:
    /// `token` is the one that the cluster takes.
    FaultyPlugin(const PluginFault &fault, QString step, const QByteArray &token);

    [[nodiscard]] CredentialSource &credential() override { return m_told; }
    void before(const QString &step) override;
    [[nodiscard]] bool hasStruck() const override { return m_struckAt.has_value(); }
    [[nodiscard]] bool isWell() const override;

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;

    /// What was wrong about what it came to; empty = nothing.
    [[nodiscard]] QString wrong() const;

private:
    /// Passes on, and hears what failed.
    class Told final : public CredentialSource
    {
    public:
        explicit Told(FaultyPlugin &plugin) : m_plugin(plugin) {}
        [[nodiscard]] QFuture<Result<Secret>> token() override
        {
            return m_plugin.m_credential.token();
        }
        [[nodiscard]] QFuture<Result<SignIn>> signIn() override;
        void forget() override { m_plugin.m_credential.forget(); }

    private:
        FaultyPlugin &m_plugin;
        QObject m_context;
    };

    [[nodiscard]] ExecPlugin plugin() const;
    [[nodiscard]] QString file(const char *name) const;
    void place(PluginFault::Place place);
    void heard(const Error &error);
    [[nodiscard]] bool hasSaid() const;
    [[nodiscard]] bool mustSay() const;

    PluginFault m_fault;
    QString m_step;
    QByteArray m_token;
    QTemporaryDir m_folder;
    HurriedClock m_clock;
    ProcessRunner m_runner;
    FakeConsent m_consent;
    LoginPath m_path;
    PluginCredential m_credential;
    Told m_told;
    enum class Armed { No, Yes } m_armed = Armed::No;
    std::optional<std::chrono::milliseconds> m_struckAt; ///< at last, since boot
    int m_running = 0;
    QList<Error> m_heard;
    QObject m_context;
};

} // namespace pilothouse
