#include "app/wiring/signin/accounts.h"

#include "base/words.h"

#include <algorithm>
#include <cctype>

namespace pilothouse {
namespace {

constexpr qsizetype longestToken = 64 << 10;

QString hostWithPort(const QUrl &url)
{
    return url.port() < 0 ? url.host() : QStringLiteral("%1:%2").arg(url.host()).arg(url.port());
}

} // namespace

KeychainAccount githubAccount(const RepositorySettings &settings)
{
    QString host
        = settings.api.url.isEmpty() ? QStringLiteral("github.com") : settings.api.url.host();
    // GitHub's own servers have the API on a host beside the one that people sign in to.
    if (host == QLatin1String("api.github.com")
        || (host.startsWith(QLatin1String("api.")) && host.endsWith(QLatin1String(".ghe.com"))))
        host.remove(0, 4);
    return {QStringLiteral("github"), host, Words::tr("GitHub (%1)").arg(host)};
}

KeychainAccount prometheusAccount(const PrometheusSettings &settings)
{
    const QString host = hostWithPort(settings.address.url);
    return {QStringLiteral("prometheus"), host, Words::tr("Prometheus (%1)").arg(host)};
}

KeychainAccount alertmanagerAccount(const AlertmanagerSettings &settings)
{
    const QString host = hostWithPort(settings.address.url);
    return {QStringLiteral("alertmanager"), host, Words::tr("Alertmanager (%1)").arg(host)};
}

KeychainAccount googleAccount(const QString &project)
{
    return {QStringLiteral("google-cloud"), project, Words::tr("Google Cloud (%1)").arg(project)};
}

QList<KeychainAccount> keychainAccounts(const Workspace &workspace)
{
    QList<KeychainAccount> all;
    const auto add = [&all](const CredentialChoice &choice, const KeychainAccount &account) {
        if (choice.kind == CredentialChoice::Kind::Keychain && !all.contains(account))
            all.append(account);
    };
    add(workspace.repository.credential, githubAccount(workspace.repository));
    if (workspace.prometheus)
        add(workspace.prometheus->credential, prometheusAccount(*workspace.prometheus));
    if (workspace.alertmanager)
        add(workspace.alertmanager->credential, alertmanagerAccount(*workspace.alertmanager));
    for (const TrackSettings &track : workspace.tracks) {
        if (const auto *run = std::get_if<CloudRunSettings>(&track.control))
            add(run->credential, googleAccount(run->project));
        if (track.build)
            add(track.build->credential, googleAccount(track.build->project));
    }
    return all;
}

Result<Secret> tokenFromText(const QByteArray &text)
{
    if (text.size() > longestToken)
        return fail(ErrorKind::BadInput, Words::tr("What was given is too long for a token."));
    const QByteArray token = text.trimmed();
    if (token.isEmpty())
        return fail(ErrorKind::BadInput, Words::tr("No token was given."));
    if (std::any_of(token.begin(), token.end(),
                    [](char c) { return std::isgraph(static_cast<unsigned char>(c)) == 0; }))
        return fail(ErrorKind::BadInput,
                    Words::tr("What was given is not one token: there is a space, a line break or "
                              "another odd sign in it."));
    return Secret(token);
}

QString howToLogIn(const KeychainAccount &account, const QString &workspaceFile)
{
    return QStringLiteral("pilothouse-cli login %1 --workspace %2")
        .arg(account.system, workspaceFile);
}

} // namespace pilothouse
