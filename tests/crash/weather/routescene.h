#pragma once

#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "crash/weather/scene.h"

namespace pilothouse {

/// The canary of an HTTPRoute, whose Gateway accepts what is asked.
class RouteScene : public Scene
{
public:
    RouteScene();
    ~RouteScene() override;

    [[nodiscard]] QString name() const override { return QStringLiteral("HTTPRoute"); }
    [[nodiscard]] QUrl url() const override;
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override;
    [[nodiscard]] StepRules::AfterFull afterFull() const override
    {
        return StepRules::AfterFull::StableIsReplaced;
    }
    [[nodiscard]] QList<int> history() const override { return m_history; }
    [[nodiscard]] QByteArray annotation(const char *key) const override;

protected:
    [[nodiscard]] sandbox::ObjectStore &store() { return m_store; }
    /// Of the control that was made last.
    [[nodiscard]] KubernetesApi &api() { return *m_client; }
    [[nodiscard]] QJsonObject route() const;
    /// Somebody else gives the candidate this weight.
    void giveWeight(int weight);

private:
    void answer(const sandbox::ExchangePtr &exchange);
    void follow(const sandbox::StoreEvent &event);

    sandbox::ObjectStore m_store{1};
    sandbox::ApiServer m_api;
    std::unique_ptr<sandbox::Server> m_server;
    std::unique_ptr<KubernetesApi> m_client;
    QList<int> m_history{10};
};

} // namespace pilothouse
