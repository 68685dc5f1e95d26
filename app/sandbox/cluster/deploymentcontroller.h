#pragma once

#include "app/sandbox/kubernetes/objectstore.h"

#include <QDateTime>
#include <QHash>
#include <QObject>

#include <chrono>

namespace pilothouse::sandbox {

/// Gives each Deployment its ReplicaSet and pods, as the controllers and a kubelet would: new pods
/// become ready after a while, then the old ones go.
class DeploymentController final : public QObject
{
    Q_OBJECT

public:
    DeploymentController(ObjectStore &store, std::chrono::milliseconds readyAfter,
                         QObject *parent = nullptr);

    /// Everything that is due now is done at once: for what was there before the start.
    void settleAll();

Q_SIGNALS:
    /// The pods of a Deployment have changed.
    void podsChanged(const QString &nameSpace, const QString &deployment);

private:
    enum class Pace { Slowly, AtOnce };

    void onWritten(const StoreEvent &event);
    void reconcile(const QString &nameSpace, const QString &name, Pace pace);
    void removeAllOf(const QJsonObject &deployment);
    [[nodiscard]] QList<QJsonObject> podsOf(const QJsonObject &deployment) const;
    void makeReplicaSet(const QJsonObject &deployment, const QString &name);
    void makePods(const QJsonObject &deployment, const QString &replicaSet, Pace pace);
    void makeReady(const QJsonObject &pod, const QDateTime &at);
    void writeStatus(const QString &nameSpace, const QString &name, const QString &hash);

    ObjectStore &m_store;
    std::chrono::milliseconds m_readyAfter;
    QHash<QString, QDateTime> m_readyAt; ///< namespace/pod → when
    int m_serial = 0;
};

} // namespace pilothouse::sandbox
