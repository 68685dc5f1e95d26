#pragma once

#include "app/sandbox/cloudbuild/cloudbuildviews.h"
#include "app/sandbox/http/router.h"

#include <QObject>

namespace pilothouse::sandbox {

/// Cloud Build v1 for the rehearsal's project (list, get, approve, cancel), and the storage that
/// keeps the logs: objects by range requests, growing while a build goes on.
class CloudBuildServer final : public QObject
{
    Q_OBJECT

public:
    explicit CloudBuildServer(World &world, QObject *parent = nullptr);

    /// `path` is the request's without the base: it begins with "/v1/".
    void answer(const ExchangePtr &exchange, const QString &path);
    /// "/bucket/object"
    void answerStorage(const ExchangePtr &exchange, const QString &path);
    void refuse(const ExchangePtr &exchange, int status);

private:
    void list(const ExchangePtr &exchange, const QString &region);
    void act(const ExchangePtr &exchange, const QString &region, const QString &idAndVerb);
    void decide(const ExchangePtr &exchange, const HandedBuild &build, const QString &region);
    void refuseWith(const ExchangePtr &exchange, int status, const QString &message);

    World &m_world;
    Router m_router;
};

} // namespace pilothouse::sandbox
