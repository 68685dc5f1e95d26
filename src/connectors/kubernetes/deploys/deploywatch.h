#pragma once

#include "connectors/kubernetes/deploys/deployowner.h"
#include "connectors/kubernetes/kubernetesapi.h"

#include <QObject>

namespace pilothouse {

/// Knows what the next deploy makes of the weights of one object. For that it reads what the
/// deployed revision of the object's Helm release says of them, out of its Secret: when asked to,
/// and again at most once a minute. Of a Secret that is still the same only the labels are asked
/// for, and nothing of it is kept but the weights: it holds secrets. GUI thread; api and clock
/// outlive it.
class DeployWatch final : public QObject
{
    Q_OBJECT

public:
    /// Without `fields` no deploy by others moves the weights, and nothing is ever read.
    DeployWatch(KubernetesApi &api, Clock &clock, QString nameSpace,
                std::optional<WeightFields> fields, QObject *parent = nullptr);

    /// By what is known; nullopt without `fields`.
    [[nodiscard]] std::optional<NextDeploy> nextDeploy(const KubeMeta &object) const;

    /// The object's release was never asked for: learn() it.
    [[nodiscard]] bool isNew(const KubeMeta &object) const;
    /// Reads the release; what cannot be seen is known by its error afterwards.
    [[nodiscard]] QFuture<Result<ReleaseChart>> learn(const KubeMeta &object);
    /// The same in the background if it is due.
    void follow(const KubeMeta &object);

Q_SIGNALS:
    /// What is known is another than before.
    void changed();

private:
    using Chart = Result<ReleaseChart>;

    [[nodiscard]] std::optional<HelmRelease> wanted(const KubeMeta &object) const;
    [[nodiscard]] QFuture<Chart> readSecret(const QString &object,
                                            const KubernetesApi::Answer &list);

    KubernetesApi &m_api;
    Clock &m_clock;
    QString m_nameSpace;
    std::optional<WeightFields> m_fields;
    HelmRelease m_release;
    std::optional<Chart> m_chart;          ///< of m_release
    QString m_secret;                      ///< name and version of the Secret it is from
    std::chrono::milliseconds m_askedAt{}; ///< since boot
};

} // namespace pilothouse
