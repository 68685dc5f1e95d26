#pragma once

#include "connectors/kubernetes/helm/helmstate.h"
#include "connectors/kubernetes/helm/helmstorage.h"
#include "connectors/kubernetes/helm/run/helmchart.h"
#include "connectors/kubernetes/helm/run/helmprogram.h"
#include "connectors/kubernetes/helm/run/helmrollback.h"
#include "rollout/trafficcontrol.h"

#include <functional>

namespace pilothouse {

/// A weight that is a value of a Helm release ("canary.weight"), and that the release's chart turns
/// into the weights of a route.
///
/// What stands behind the route, what it has accepted, its hold and its notes come from `route`, a
/// control of its own kind; what was asked comes from the history in the release's Secrets. Writes
/// run the program helm: see HelmMove for which way. Before each the history and the route are read
/// again, and another revision or another version of the route than the person saw is a Conflict
/// with nothing sent. helm itself cannot be told which revision to start from: who creates one in
/// the moment between is overwritten, unless both create the same number, which Helm refuses.
///
/// A chart on this disk that is another one than is deployed is part of the state's problem, and so
/// speaks against a promotion: helm would upgrade to it.
///
/// What helm prints while it writes is told by `output`; HelmLog makes a log of it. GUI thread;
/// api, runner and clock outlive it.
class HelmControl final : public TrafficControl
{
    Q_OBJECT

public:
    HelmControl(KubernetesApi &api, CommandRunner &runner, Clock &clock, HelmTarget target,
                std::unique_ptr<TrafficControl> route, QObject *parent = nullptr);
    ~HelmControl() override;

    [[nodiscard]] QString systemName() const override { return QStringLiteral("Helm"); }
    [[nodiscard]] QString programName() const override { return QStringLiteral("helm"); }
    [[nodiscard]] bool movesByProgram() const override { return true; }
    /// Without the right to see the history the state is the route's, and says so.
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    void watch() override;
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    /// `helm upgrade --dry-run=server`, or the manifest of the revision that would be rolled back
    /// to, against the manifest of the deployed revision.
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    /// "helm.unlock", then "helm.rollback:N" for the newest good revisions.
    [[nodiscard]] QList<OwnAction> ownActions(const TrafficState &now) const override;
    /// What fails before helm is run for it is never one of the errors after which it may be done.
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request) override;
    /// `helm rollback --dry-run`, which tells no more than whether it would go, and the manifest of
    /// that revision against the one of the deployed revision.
    [[nodiscard]] QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request) override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &change,
                                       const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                     const QString &expectedVersion) override;
    /// On the route, as the hold is.
    [[nodiscard]] PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                             const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    /// Whoever may patch the route may roll back; what is lacking for Helm stands in `why` even so.
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    [[nodiscard]] QString showCommand() const override;

Q_SIGNALS:
    /// The command line of a write that begins ("$ helm upgrade …"), then each line that helm
    /// prints, masked.
    void output(const QString &line);

private:
    using Answer = Result<Reading<TrafficState>>;
    using State = Reading<TrafficState>;

    /// Route and history together, read at one time.
    struct View
    {
        State route;
        HelmSight sight;
    };

    [[nodiscard]] QFuture<Result<View>> look();
    [[nodiscard]] HelmSight sightOf(const Result<HelmStorage::Seen> &seen,
                                    const State &route) const;
    [[nodiscard]] State told(const View &view) const;
    void findProgram();
    void follow(const State &route);
    void take(const View &view);
    /// What the route answered to a write of a note, with what is known of the history.
    [[nodiscard]] Answer onRoute(const Answer &answer);

    [[nodiscard]] QFuture<Result<View>> lookFor(const QString &expectedVersion);
    [[nodiscard]] QFuture<Answer> move(const View &view, const HelmMove &move,
                                       const WeightRequest &request);
    [[nodiscard]] QFuture<Answer> moveRoute(const View &view, const WeightRequest &request);
    [[nodiscard]] QFuture<Answer> run(const Command &command, const HelmWrite &write);
    [[nodiscard]] QFuture<Answer> afterwards(const HelmWrite &write);
    /// Notes on the route who ran a rollback that helm says is done.
    [[nodiscard]] QFuture<Answer> noted(const HelmRollback &run, const Answer &done);
    [[nodiscard]] QString noteShown(const QString &actor, const QString &reason) const;
    [[nodiscard]] QStringList argumentsOf(const HelmMove &move, const WeightRequest &request,
                                          HelmGeneration generation, Weight from) const;
    [[nodiscard]] HelmUpgrade upgradeOf(const HelmMove &move, const WeightRequest &request,
                                        Weight from) const;
    [[nodiscard]] QFuture<Result<DryRun>> trial(const View &view, const HelmMove &move,
                                                const WeightRequest &request);
    /// The manifest of a revision against that of the deployed one; `how` is what was tried.
    [[nodiscard]] QFuture<Result<DryRun>> compared(const View &view, int revision,
                                                   const QString &how);
    using AskManifest = std::function<QFuture<Result<QString>>()>;
    [[nodiscard]] QFuture<Result<DryRun>> difference(int present, const AskManifest &after,
                                                     const QString &how);
    /// The newest revision where none is deployed.
    [[nodiscard]] static int deployedOf(const View &view);
    /// The revision that an own action goes back to; Refused if it cannot be done now.
    [[nodiscard]] Result<int> revisionFor(const View &view, const QString &action) const;
    [[nodiscard]] OwnAction unlockAction() const;
    [[nodiscard]] OwnAction rollbackAction(const HelmRevision &revision) const;
    [[nodiscard]] PlannedCall planRollback(int revision) const;

    KubernetesApi &m_api;
    Clock &m_clock;
    HelmTarget m_target;
    std::unique_ptr<TrafficControl> m_route;
    HelmStorage m_storage;
    HelmProgram m_program;
    HelmChart m_chart;
    std::optional<View> m_view;               ///< as read last
    std::chrono::milliseconds m_historyAt{0}; ///< since boot, when it was read last
    enum class Following { Nothing, History } m_following = Following::Nothing;
};

} // namespace pilothouse
