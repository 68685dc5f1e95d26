#pragma once

#include "connectors/kubernetes/helm/helmstorage.h"
#include "connectors/kubernetes/helm/run/helmprogram.h"
#include "connectors/kubernetes/helm/run/helmrollback.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/wayback/releaseback.h"

namespace pilothouse {

/// A route whose stable Deployment belongs to a Helm release: the weights are the route's own, and
/// what the release brought before leads back where moving them does not.
///
/// Everything is the route's but TrafficState::earlier and the own actions ("helm.rollback:N"),
/// which run the program helm. Whether there is a release, and which, the Deployment says; where
/// there is none this is the route alone. The history is read with every read, and beside the watch
/// at most every ten seconds. Before a rollback it is read again, and a revision that leads nowhere
/// any more is a Conflict with nothing done. GUI thread; api, runner and clock outlive it.
class HelmWayBack final : public TrafficControl
{
    Q_OBJECT

public:
    struct Settings
    {
        QString program; ///< path or name of helm
        QString kubeconfig;
        QString context;
        QString nameSpace; ///< of the route and what stands behind it
        CommitFrom commitFrom;
    };

    HelmWayBack(KubernetesApi &api, CommandRunner &runner, Clock &clock, Settings settings,
                std::unique_ptr<HttpRouteControl> route, QObject *parent = nullptr);
    ~HelmWayBack() override;

    [[nodiscard]] QString systemName() const override { return m_route->systemName(); }
    /// Empty where no release is known.
    [[nodiscard]] QString programName() const override
    {
        return m_sight ? QStringLiteral("helm") : QString();
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> glance() override;
    void watch() override { m_route->watch(); }
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override
    {
        return m_route->planWeight(request, now);
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override
    {
        return m_route->dryRun(request);
    }
    /// What helm itself says of it, and the manifests of both revisions compared.
    [[nodiscard]] QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request) override;
    /// "helm.rollback:N" for the newest good revisions.
    [[nodiscard]] QList<OwnAction> ownActions(const TrafficState &now) const override;
    /// Does not depend on the route's version: helm is told a revision. What fails before helm is
    /// run for it is never one of the errors after which it may be done (mayBeDone()).
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request) override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &change,
                                       const TrafficState &now) const override
    {
        return m_route->planHold(change, now);
    }
    [[nodiscard]] QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                     const QString &expectedVersion) override
    {
        return m_route->dryRunHold(change, expectedVersion);
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planNote(const Deed &deed, const QString &version) const override
    {
        return m_route->planNote(deed, version);
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    note(const Deed &deed, const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                             const TrafficState &now) const override
    {
        return m_route->planAnnotation(key, value, now);
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override { return m_route->access(); }
    [[nodiscard]] QString showCommand() const override { return m_route->showCommand(); }

Q_SIGNALS:
    /// As HelmProgram::output().
    void output(const QString &line);

private:
    using State = Reading<TrafficState>;
    using Answer = Result<State>;
    using Sight = std::optional<ReleaseSight>; ///< nullopt = no release

    [[nodiscard]] State told(const State &route) const;
    [[nodiscard]] QFuture<Answer> asTold(const QFuture<Answer> &route);
    void follow(const State &route);
    [[nodiscard]] QFuture<Result<Sight>> learn(const TrafficState &route);
    [[nodiscard]] QFuture<Result<Sight>> readManifests(const std::shared_ptr<HelmStorage> &storage,
                                                       const ReleaseSight &sight);
    void keep(const Sight &sight);
    void askForRights(const QString &nameSpace);
    /// With what is known beside the release.
    [[nodiscard]] ReleaseSight sightNow() const;
    [[nodiscard]] HelmTarget target() const;
    [[nodiscard]] QFuture<Answer> rollBack(const HelmRollback &run, HelmGeneration generation);
    [[nodiscard]] QFuture<Answer> rolledBack(const HelmRollback &run,
                                             const std::optional<Error> &why);
    [[nodiscard]] std::optional<Error> refusal(int revision) const;

    KubernetesApi &m_api;
    Clock &m_clock;
    Settings m_settings;
    std::unique_ptr<HttpRouteControl> m_route;
    HelmProgram m_program;
    HelmRelease m_stored;                   ///< that m_storage reads
    std::shared_ptr<HelmStorage> m_storage; ///< nullptr until a release is known
    Sight m_sight;
    std::optional<State> m_seen;               ///< of the route, as read or told last
    QHash<QString, Result<StableMade>> m_made; ///< by a Secret's name and version, and Deployment
    std::chrono::milliseconds m_learntAt{0};   ///< since boot; 0 = never
    bool m_learning = false;
    bool m_isLearnt = false; ///< whether a release is behind the stable, or that it cannot be seen
    QString m_rightsOf;      ///< the namespace whose Secrets m_lacking is about; empty = not asked
    QString m_lacking;       ///< as ReleaseSight has it
};

} // namespace pilothouse
