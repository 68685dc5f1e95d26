#pragma once

#include "connectors/kubernetes/deploys/deploywatch.h"
#include "connectors/kubernetes/watched/objectwrite.h"
#include "connectors/kubernetes/watched/worldwatch.h"

#include <functional>
#include <memory>

namespace pilothouse {

/// A traffic control over one guarded object and what stands behind it: reads, watches, tells, and
/// carries writes out. What the objects mean and what is written is its heirs' to know.
///
/// Besides watching, the guarded object is read every 5 s: a watch that died in silence must not
/// look live, and the age of what is told is that object's. While a watch does not go, everything
/// is read instead, and `lost` follows each `changed`. Writes name the object's version and are
/// sent once; a Conflict names who was faster. The first read() waits for what is to be known of
/// the next deploy; nothing else does. GUI thread; api and clock outlive it.
class WatchedControl : public TrafficControl
{
    Q_OBJECT

public:
    /// Who says what the next deploy makes of the weights.
    enum class Deploys { ByThis, ByOthers };

    ~WatchedControl() override;

    [[nodiscard]] QString systemName() const override { return QStringLiteral("Kubernetes"); }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> glance() override;
    void watch() override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &change,
                                       const TrafficState &now) const override;
    /// Keeps the hold as our annotation. One without a time begins now.
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                     const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planNote(const Deed &deed, const QString &version) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    note(const Deed &deed, const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                             const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    [[nodiscard]] QString showCommand() const override { return getCommand(place()); }

protected:
    using Answer = Result<Reading<TrafficState>>;
    using Writes = Result<QList<ObjectWrite>>;
    /// Called when the object is known to be at the expected version.
    using MakeWrites = std::function<Writes()>;

    struct Settings
    {
        QString context;   ///< of the kubeconfig, for the commands shown; empty = the current one
        QString nameSpace; ///< of the guarded object
        QString resource;  ///< as kubectl takes it: "rollouts.argoproj.io"
        QString name;
        QString called = {}; ///< at the beginning of a sentence; empty = its name
        std::optional<WeightFields> fields = {}; ///< nullopt = no word on the next deploy
    };
    [[nodiscard]] static std::optional<WeightFields> fieldsIf(Deploys deploys,
                                                              const WeightFields &fields)
    {
        return deploys == Deploys::ByThis ? std::optional(fields) : std::nullopt;
    }

    WatchedControl(KubernetesApi &api, Clock &clock, Settings settings,
                   std::unique_ptr<ClusterWorld> world, QObject *parent);

    [[nodiscard]] KubernetesApi &api() const { return m_api; }
    [[nodiscard]] Clock &clock() const { return m_clock; }
    [[nodiscard]] const ClusterWorld &clusterWorld() const { return *m_world; }
    [[nodiscard]] ClusterWorld &clusterWorld() { return *m_world; }
    [[nodiscard]] const Settings &settings() const { return m_settings; }
    [[nodiscard]] ObjectPlace place() const;

    /// Sends the writes in order if the object is still at that version; else Conflict. Each is
    /// bound to the version that the one before left. A later one that fails says what was taken.
    [[nodiscard]] QFuture<Answer> write(const QString &expectedVersion, const MakeWrites &make);
    /// Sends a JSON patch to another object, bound to the version that it has then, if the guarded
    /// object is still at that version; else Conflict. Then the note to the guarded object.
    [[nodiscard]] QFuture<Answer> writeElsewhere(const QString &expectedVersion,
                                                 const QString &path, const ObjectWrite &write,
                                                 const ObjectWrite &note);
    /// The writes as a trial (dryRun=All), each on the object as it is now.
    [[nodiscard]] QFuture<Result<DryRun>> trial(const QString &expectedVersion,
                                                const MakeWrites &make);
    /// The same of writeElsewhere; `called` stands before each change of the other object.
    [[nodiscard]] QFuture<Result<DryRun>>
    trialElsewhere(const QString &expectedVersion, const QString &path, const ObjectWrite &write,
                   const ObjectWrite &note, const QString &called);
    /// What is known of the world is told once more, with what else changes in a moment.
    void tellSoon();
    /// The text of our annotation with a change of weight on top of those that are there.
    [[nodiscard]] QString changesWith(const WeightRequest &request, Weight from) const;
    /// The same as a write.
    [[nodiscard]] ObjectWrite changeNote(const WeightRequest &request, Weight from) const;
    /// The text of our annotation with a deed on top of those that are there.
    [[nodiscard]] QString deedsWith(const Deed &deed) const;
    /// The same as a write.
    [[nodiscard]] ObjectWrite deedNote(const Deed &deed) const;

private:
    struct Sending;

    /// One of the guarded object as it is known; empty = it has none.
    [[nodiscard]] QString annotationNow(const char *name) const;

    [[nodiscard]] ObjectWrite holdWrite(const HoldChange &change) const;
    [[nodiscard]] QString objectPath() const;
    [[nodiscard]] QString spoken() const
    {
        return m_settings.called.isEmpty() ? m_settings.name : m_settings.called;
    }
    /// As it is now, on the connection that a write after it takes.
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>> guarded();
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>>
    readFrom(qsizetype part, const std::shared_ptr<QList<ListIntake>> &lists);
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>> atVersion(const QString &expectedVersion);
    [[nodiscard]] QFuture<Result<KubernetesApi::Answer>>
    patch(const ObjectWrite &write, const QString &version, KubernetesApi::Write how);
    [[nodiscard]] QFuture<Answer> sendNext(const std::shared_ptr<Sending> &sending);
    [[nodiscard]] QFuture<Answer> refused(const std::shared_ptr<Sending> &sending,
                                          const Error &conflict);
    [[nodiscard]] QFuture<Answer> noteAgain(const std::shared_ptr<Sending> &sending);
    [[nodiscard]] QFuture<Result<DryRun>> tryNext(const std::shared_ptr<Sending> &sending);
    [[nodiscard]] QFuture<Answer> written(const KubernetesApi::Answer &answer,
                                          const QString &remark);
    [[nodiscard]] QFuture<Answer> readWorld();
    [[nodiscard]] Result<TrafficState> stateNow() const;
    void followDeploys();
    void pulse();
    void pulseAgain();
    void prove(const KubernetesApi::Answer &answer);
    void proveByEvent();
    void tell();

    KubernetesApi &m_api;
    Clock &m_clock;
    Settings m_settings;
    std::unique_ptr<ClusterWorld> m_world;
    WorldWatch m_watch;
    DeployWatch m_deploys;
    KubernetesApi::Answer m_proof; ///< when the object was last seen: its age counts from here
    enum class Telling { Nothing, Soon } m_telling = Telling::Nothing;
};

} // namespace pilothouse
