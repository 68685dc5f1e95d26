#pragma once

#include "app/sandbox/cluster/deploymentcontroller.h"
#include "app/sandbox/cluster/helmhistory.h"
#include "app/sandbox/cluster/manifests.h"
#include "app/sandbox/world/story.h"

#include <QObject>

#include <optional>

namespace pilothouse::sandbox {

/// The rehearsal's cluster: what stands in it at the start, how the traffic system follows the
/// HTTPRoute, and what deployments do to it. Tells the world what traffic there is.
class Cluster final : public QObject
{
    Q_OBJECT

public:
    Cluster(World &world, ObjectStore &store, QObject *parent = nullptr);

    /// Everything as it stands at the beat that the rehearsal begins with.
    void populate();

    void rollStaging(const QString &nickname);
    /// Brings a candidate at weight 0.
    void deployCandidate(const QString &nickname);
    /// Finishing, first half: the stable Deployment gets the candidate's image.
    void rollStable();
    /// Finishing, second half: traffic back to stable, the candidate goes.
    void finish();
    void rollWorker(const QString &nickname);
    /// The candidate's pod that was started again least is started again.
    void restartPod();
    /// A person with kubectl. `by` is the manager that the object remembers.
    void setWeight(int candidateWeight, const QString &by, Story::Attempt attempt);

    /// A client has written or tried an object through the API.
    void noteWritten(const QString &resource, const QJsonObject &object, const QString &manager);
    void noteDryRun(const QString &resource, const QJsonObject &would);

private:
    void onWritten(const StoreEvent &event);
    void acceptRoute(qint64 generation);
    void updateTraffic();
    void tellRestarts();
    /// Nickname of what the ready pods of a Deployment run; empty if none is ready, `otherwise` if
    /// they do not agree.
    [[nodiscard]] QString running(const char *deployment, const QString &otherwise) const;
    void setImage(const QString &nameSpace, const char *deployment, const QString &nickname);
    void addDeployment(const DeploymentFacts &facts, const QString &manager);
    [[nodiscard]] DeploymentFacts facts(const char *name, const char *track, int replicas,
                                        const QString &nickname, const QDateTime &at) const;
    void addHelm(const QString &description, const QString &stable, const QString &candidate,
                 const QDateTime &at);
    void addHelmHistory();
    /// The config map and the cron job, as they stand at the start.
    void addSurroundings();
    void writeConfigMap(const QString &nickname, const QDateTime &at);
    void beginImport(const QDateTime &at);
    void addRoute(int weight);
    /// When a weight was written last before the start.
    [[nodiscard]] QDateTime lastChange() const;

    World &m_world;
    ObjectStore &m_store;
    DeploymentController m_controller;
    int m_accepted = 0;              ///< weight
    qint64 m_acceptedGeneration = 0; ///< of the route
    int m_helmRevision = 37;
    std::optional<HelmRevision> m_deployed; ///< the newest one
};

} // namespace pilothouse::sandbox
