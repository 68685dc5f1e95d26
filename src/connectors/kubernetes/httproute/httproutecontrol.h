#pragma once

#include "connectors/kubernetes/httproute/routewatch.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "rollout/trafficcontrol.h"

#include <functional>

namespace pilothouse {

/// The weights of a Gateway API HTTPRoute between two Services of its namespace.
///
/// Watches the route and what stands behind it (Services, Deployments, Pods), and besides reads the
/// route every 5 s: a watch that died in silence must not look live, and the age of what is told is
/// the route's. While a watch does not go, everything is read instead, and `lost` follows each
/// `changed`. Writes are JSON patches that test resourceVersion and both backend names, and are
/// sent once; a Conflict names who was faster. GUI thread; api and clock outlive it.
class HttpRouteControl final : public TrafficControl
{
    Q_OBJECT

public:
    struct Settings
    {
        QString nameSpace;
        RouteNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
    };

    HttpRouteControl(KubernetesApi &api, Clock &clock, Settings settings,
                     QObject *parent = nullptr);
    ~HttpRouteControl() override;

    [[nodiscard]] QString systemName() const override { return QStringLiteral("Kubernetes"); }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> glance() override;
    void watch() override;
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    /// A hold without a time begins now.
    [[nodiscard]] PlannedCall planHold(const std::optional<Hold> &hold,
                                       const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const std::optional<Hold> &hold, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    [[nodiscard]] QString showCommand() const override;

private:
    using Answer = Result<Reading<TrafficState>>;
    using MakePatch = std::function<Result<QJsonArray>(const KubeRoute &)>;

    [[nodiscard]] QString routePath() const;
    /// A JSON patch as it is shown, and as it is copied.
    [[nodiscard]] PlannedCall planned(const QString &summary, const QString &shown,
                                      const QJsonArray &copied) const;
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>>
    readFrom(size_t part, const std::shared_ptr<RouteWorld> &found);
    /// The patch of setWeight on top of a route.
    [[nodiscard]] MakePatch weightOf(const WeightRequest &request) const;
    /// The route as the server has it, if it is at that version.
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>> atVersion(const QString &expectedVersion);
    [[nodiscard]] QFuture<Answer> write(const QString &expectedVersion, const MakePatch &make);
    [[nodiscard]] QFuture<Answer> send(const KubeRoute &route, const MakePatch &make);
    [[nodiscard]] QFuture<Answer> refused(const Error &conflict, const KubeRoute &before);
    [[nodiscard]] static Error overtakenBy(const QString &who);
    [[nodiscard]] QFuture<Answer> written(const KubernetesApi::Answer &answer);
    [[nodiscard]] Answer unreadBack(const KubernetesApi::Answer &answer, const Error &why) const;
    void pulse();
    void pulseAgain();
    void prove(const KubernetesApi::Answer &answer);
    void proveByEvent();
    void tell();
    void tellSoon();

    KubernetesApi &m_api;
    Clock &m_clock;
    Settings m_settings;
    RouteWatch m_watch;
    KubernetesApi::Answer m_proof; ///< when the route was last seen: its age counts from here
    enum class Telling { Nothing, Soon } m_telling = Telling::Nothing;
};

} // namespace pilothouse
