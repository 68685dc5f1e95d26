#include "app/wiring/signin/workspacelogins.h"

#include "app/wiring/signin/accounts.h"
#include "connectors/secrets/vendorlogins.h"

namespace pilothouse {

QList<VendorLogin> vendorLogins(const Workspace &workspace)
{
    QList<VendorLogin> logins;
    const RepositorySettings &github = workspace.repository;
    if (!github.github.isEmpty() && github.credential.kind == CredentialChoice::Kind::Gh)
        logins.append(ghLogin(githubAccount(github).name, {QStringLiteral("GitHub")}));
    QStringList google;
    for (const TrackSettings &track : workspace.tracks) {
        const auto *run = std::get_if<CloudRunSettings>(&track.control);
        if (run && run->credential.kind == CredentialChoice::Kind::Gcloud)
            google.append(QStringLiteral("Cloud Run"));
        if (track.build && track.build->credential.kind == CredentialChoice::Kind::Gcloud)
            google.append(QStringLiteral("Cloud Build"));
    }
    google.removeDuplicates();
    if (!google.isEmpty())
        logins.append(gcloudLogin(google));
    return logins;
}

} // namespace pilothouse
