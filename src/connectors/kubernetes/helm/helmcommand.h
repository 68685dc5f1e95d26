#pragma once

#include "base/commandrunner.h"
#include "connectors/kubernetes/helm/helmbody.h"

namespace pilothouse {

/// Which release, by which program, and which of its values is the weight.
struct HelmTarget
{
    QString program; ///< path or name of helm
    QString kubeconfig;
    QString context;
    QString nameSpace;
    QString release;
    QString chart; ///< a folder, an archive, REPO/CHART or oci://…
    QString value; ///< dotted: "canary.weight"
};

/// A chart that lies here has no other version than its own.
[[nodiscard]] bool isOnDisk(const QString &chart);

/// The two generations of the program that are in use; their flags differ.
enum class HelmGeneration { Three, Four };

/// From what `helm version --template {{.Version}}` says ("v3.17.2"). BadInput for one that is
/// neither.
[[nodiscard]] Result<HelmGeneration> generationFrom(const QByteArray &version);

/// What a helm call may do to fields that others own; Force is `--force-conflicts` of Helm 4, and
/// nothing for Helm 3, which asks nobody.
enum class HelmConflicts { Respect, Force };

/// One `helm upgrade` that changes the weight and nothing else.
struct HelmUpgrade
{
    HelmValue weight;
    QString chartVersion; ///< of the deployed revision: a repository may have a newer one meanwhile
    QString description;  ///< stands in the history
    /// RollBack waits until everything is ready and undoes it if that fails (`--atomic`,
    /// `--rollback-on-failure`); Leave sends and ends.
    enum class OnFailure { Leave, RollBack } onFailure = OnFailure::Leave;
    HelmConflicts conflicts = HelmConflicts::Respect;
};

/// How long one operation of helm may wait for readiness: less than a change of weight waits to be
/// accepted.
inline constexpr int helmWaits = 40; // seconds

[[nodiscard]] QStringList upgradeArguments(const HelmTarget &target, HelmGeneration generation,
                                           const HelmUpgrade &upgrade);
/// The same as a trial: the whole release as JSON, Secrets hidden, nothing changed.
[[nodiscard]] QStringList trialArguments(const HelmTarget &target, HelmGeneration generation,
                                         const HelmUpgrade &upgrade);
/// To an explicit revision; without one helm would take the last but one, however that ended.
[[nodiscard]] QStringList rollbackArguments(const HelmTarget &target, HelmGeneration generation,
                                            int revision, HelmConflicts conflicts);
[[nodiscard]] QStringList historyArguments(const HelmTarget &target);
/// To see what is in a chart that lies on this disk; no cluster is asked.
[[nodiscard]] QStringList chartArguments(const HelmTarget &target);

/// As it is started: with Secrets as the storage, which is where the history is read, and without
/// the environment's own choice of a cluster. A helm that is to be ended has time to note its
/// revision as failed instead of leaving a lock.
[[nodiscard]] Command helmCommand(const HelmTarget &target, const QStringList &arguments);

/// "helm upgrade web …" for a shell.
[[nodiscard]] QString shellText(const QString &program, const QStringList &arguments);

/// Why helm ended with a code other than 0, in its own words, cut and masked.
[[nodiscard]] Error helmFailure(const CommandOutput &output);

} // namespace pilothouse
