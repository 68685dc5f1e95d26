#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "release/workloads.h"
#include "rollout/commitfrom.h"

#include <QObject>

namespace pilothouse {

/// `also_live`: Deployments that run our code without routed traffic. They may stand in several
/// clusters; each is read by the api of its context. While Pods of an older template may still run,
/// a workload is mixed and its commit unknown: only the new template tells its commit, and the old
/// one is what others ask about. GUI thread; the apis outlive it.
class DeploymentWorkloads final : public QObject, public Workloads
{
    Q_OBJECT

public:
    struct Place
    {
        QString name;                 ///< the workspace's word for it
        KubernetesApi *api = nullptr; ///< nullptr = see `unreachable`
        QString nameSpace;
        QString deployment;
        CommitFrom commitFrom;
        std::optional<Error> unreachable; ///< why there is no api
    };

    explicit DeploymentWorkloads(QList<Place> places, QObject *parent = nullptr);

    /// Always a list of all places; a place that cannot be read carries its error. Its age is that
    /// of the first answer that came.
    [[nodiscard]] QFuture<Result<Reading<QList<Workload>>>> read() override;

private:
    using Answer = Result<Reading<QList<Workload>>>;

    [[nodiscard]] QFuture<Answer> readFrom(qsizetype index, const Reading<QList<Workload>> &before);

    QList<Place> m_places;
};

} // namespace pilothouse
