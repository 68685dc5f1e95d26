#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "release/oncall/clusterevents.h"

#include <QJsonArray>
#include <QObject>
#include <QSet>

namespace pilothouse {

/// What the clusters remember of config maps and cron jobs. Of config maps only the metadata is
/// asked for: their content is nobody's business here. Each namespace is asked once, whoever lives
/// in it. GUI thread; the apis outlive it.
class KubernetesEvents final : public QObject, public ClusterEventSource
{
    Q_OBJECT

public:
    /// A track's namespace, or that of a workload with the Deployment that it is.
    struct Place
    {
        QString name;                 ///< the workspace's word: track or workload
        KubernetesApi *api = nullptr; ///< nullptr = see `unreachable`
        QString nameSpace;
        TrackName track;                  ///< empty = a workload
        QString deployment;               ///< of a workload
        std::optional<Error> unreachable; ///< why there is no api
    };

    explicit KubernetesEvents(QList<Place> places, QObject *parent = nullptr);

    [[nodiscard]] QFuture<ClusterEvents> between(const ClusterQuestion &question) override;

private:
    struct Gathering;
    struct NameSpace;
    using Answer = Result<KubernetesApi::Answer>;
    using Shared = std::shared_ptr<Gathering>;

    /// Counts as open until `use` was called with the answer, or with the reason for none.
    void ask(const Shared &gathering, const QFuture<Answer> &future,
             const std::function<void(const Answer &)> &use);
    void close(const Shared &gathering);
    void askConfigMaps(const Shared &gathering, const std::shared_ptr<NameSpace> &space);
    void askCronJobs(const Shared &gathering, const std::shared_ptr<NameSpace> &space);

    QList<Place> m_places;
};

} // namespace pilothouse
