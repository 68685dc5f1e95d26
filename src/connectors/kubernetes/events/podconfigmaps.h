#pragma once

#include "connectors/kubernetes/events/kubernetesevents.h"
#include "release/oncall/configmapsource.h"

namespace pilothouse {

/// The config maps that the pods of a track take, with who wrote each last; of a Helm release's own
/// also which revision did, by the labels of the release's Secrets. Of config maps and Secrets only
/// the metadata is asked for. What every pod gets from the cluster itself is left out. GUI thread;
/// the apis outlive it.
class PodConfigMaps final : public QObject, public ConfigMapSource
{
    Q_OBJECT

public:
    explicit PodConfigMaps(QList<KubernetesEvents::Place> places, QObject *parent = nullptr);

    [[nodiscard]] QFuture<std::optional<ConfigMapsInUse>>
    configMapsOf(const TrackName &track, const QStringList &pods) override;

private:
    struct Asked;
    using Answer = Result<KubernetesApi::Answer>;
    using Shared = std::shared_ptr<Asked>;

    /// Counts as open until `use` was called with the answer, or with the reason for none; then
    /// `after` is called once nothing is open.
    void ask(const Shared &asked, const QFuture<Answer> &future,
             const std::function<void(const Answer &)> &use,
             void (PodConfigMaps::*after)(const Shared &));
    void list(const Shared &asked);
    void askReleases(const Shared &asked);
    void end(const Shared &asked);

    QList<KubernetesEvents::Place> m_places;
};

} // namespace pilothouse
