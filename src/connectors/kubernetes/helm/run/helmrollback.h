#pragma once

#include "connectors/kubernetes/helm/helmcommand.h"
#include "connectors/kubernetes/helm/helmhistory.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

// A rollback of a whole release to a chosen revision: what is said of it before, and the note of
// who ran it afterwards.

/// OwnAction::id of one.
[[nodiscard]] QString rollbackActionId(int revision);
/// 0 = it is the id of another action.
[[nodiscard]] int rollbackRevision(const QString &actionId);

/// "revision 43, deployed, web 1.4.0".
[[nodiscard]] QString revisionText(const HelmHistory &history, const HelmRevision &revision);
[[nodiscard]] QStringList whatARollbackLeaves(const HelmRevision &newest);
/// Takes over the fields that others own where the server applies that revision.
[[nodiscard]] QStringList rollbackArguments(const HelmTarget &target, HelmGeneration generation,
                                            const HelmHistory &history, int revision);
/// The same as a trial that asks the server and changes nothing.
[[nodiscard]] QStringList rollbackTrialArguments(const HelmTarget &target,
                                                 HelmGeneration generation,
                                                 const HelmHistory &history, int revision);
/// `note` stands behind the command.
[[nodiscard]] PlannedCall rollbackCall(const HelmTarget &target, HelmGeneration generation,
                                       const HelmHistory &history, int revision,
                                       const QString &note);
/// With its title, verb, texts and call; on.
[[nodiscard]] OwnAction rollbackAction(const HelmHistory &history, const HelmRevision &revision,
                                       const PlannedCall &call);

/// What failed before helm was run for a rollback: nothing can have been done by it, so it becomes
/// none of the kinds that mayBeDone() knows.
[[nodiscard]] Error beforeHelmRan(const Error &error);

/// One `helm rollback`; `before` is the newest revision that it was decided on.
struct HelmRollback
{
    int revision = 0;
    int before = 0;
    Deed deed;
};
/// The deed, with the revision that the rollback made; nullopt = it made none.
[[nodiscard]] std::optional<Deed> madeBy(const HelmRollback &run, const HelmHistory &history);
/// Of the note that will be left on the traffic object.
[[nodiscard]] QString shownNote(const TrafficControl &object, const HelmHistory &history,
                                const Deed &deed);
/// Notes it on the traffic object, which is at `version`; once more if its controller has answered
/// helm's write with writes of its own.
[[nodiscard]] QFuture<Result<Reading<TrafficState>>>
noteOn(TrafficControl &object, const QString &version, const Deed &deed, QObject *context);
/// The state of a rollback that is done, though the note failed.
[[nodiscard]] Reading<TrafficState> doneUnnoted(Reading<TrafficState> state, const Error &why);

} // namespace pilothouse
