#pragma once

#include "app/sandbox/cloudrun/cloudservice.h"
#include "app/sandbox/http/router.h"
#include "app/sandbox/world/story.h"

#include <QHash>

namespace pilothouse::sandbox {

class World;

/// Cloud Run Admin API v2 for the one service of the rehearsal: service, revisions, traffic by
/// PATCH with etag, long-running operations, testIamPermissions. Tells the world what is served.
class CloudRunServer final : public QObject
{
    Q_OBJECT

public:
    explicit CloudRunServer(World &world, QObject *parent = nullptr);

    /// `path` is the request's without the base: it begins with "/v2/".
    void answer(const ExchangePtr &exchange, const QString &path);
    void refuse(const ExchangePtr &exchange, int status);

    void deployCandidate(const QString &nickname);
    /// The colleague moves the candidate's share.
    void setWeight(int candidateWeight);

private:
    struct Operation
    {
        QString id;
        qint64 generation = 0; ///< done once the service has observed it; 0 = done at once
        QJsonObject response;
    };

    void populate();
    void addRoutes();
    void patchService(const ExchangePtr &exchange);
    void replyOperation(const ExchangePtr &exchange, const Operation &operation);
    void updateTraffic();
    [[nodiscard]] QString parent() const;
    [[nodiscard]] QString serviceName() const;
    [[nodiscard]] QJsonObject serviceView() const;
    [[nodiscard]] QJsonObject revisionView(const CloudRevision &revision) const;
    [[nodiscard]] QJsonObject targetView(const TrafficTarget &target) const;
    [[nodiscard]] QString nicknameOf(const QString &revision) const;
    /// Per cent that each revision gets of a traffic list, by nickname.
    [[nodiscard]] QHash<QString, int> shares(const QList<TrafficTarget> &traffic) const;
    void refuse(const ExchangePtr &exchange, int status, const QString &message);

    World &m_world;
    CloudService m_service;
    Router m_router;
    QHash<QString, Operation> m_operations;
    int m_serial = 0;
    QString m_uid;
    QString m_stable; ///< nickname that has the traffic, or had it before the rollout
};

} // namespace pilothouse::sandbox
