#pragma once

#include "connectors/kubernetes/deploys/deployowner.h"
#include "connectors/kubernetes/kubernetesapi.h"

#include <QObject>

namespace pilothouse {

/// Reads what the deployed revision of a Helm release says of one object, out of its Secret. Only
/// that is kept: a manifest holds secrets. Of a Secret that is still the same only the label list
/// is read again. GUI thread; api and clock outlive it.
class ReleaseReader final : public QObject
{
    Q_OBJECT

public:
    using ReadManifest = std::function<AppliedWeights(const QString &manifest)>;

    ReleaseReader(KubernetesApi &api, Clock &clock, QObject *parent = nullptr);

    /// nullopt until it was read; an error while it cannot be.
    [[nodiscard]] std::optional<Result<ReleaseChart>> known(const HelmRelease &release) const;
    /// It was never read, or a minute ago, and nobody is reading it.
    [[nodiscard]] bool isDue(const HelmRelease &release) const;
    /// NotAllowed, with what is lacking, for an account that may not see Secrets. `read` is run in
    /// a thread.
    [[nodiscard]] QFuture<Result<ReleaseChart>> read(const HelmRelease &release,
                                                     const ReadManifest &read);

private:
    [[nodiscard]] QFuture<Result<ReleaseChart>> readSecret(const HelmRelease &release,
                                                           const KubernetesApi::Answer &list,
                                                           const ReadManifest &read);

    KubernetesApi &m_api;
    Clock &m_clock;
    HelmRelease m_release;
    std::optional<Result<ReleaseChart>> m_chart; ///< of m_release
    QString m_secret;                            ///< name and version of the Secret it is from
    std::chrono::milliseconds m_readAt{0};       ///< since boot
};

} // namespace pilothouse
