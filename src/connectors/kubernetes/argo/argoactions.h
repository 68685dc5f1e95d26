#pragma once

#include "connectors/kubernetes/argo/argoworld.h"
#include "connectors/kubernetes/watched/objectwrite.h"
#include "rollout/ownaction.h"

namespace pilothouse {

// What can be done with a Rollout beside moving along the track's plan. The bodies are those of the
// kubectl plugin, which has no version in them; here each is bound to one.

/// Of an undo, before the number of its revision.
inline constexpr QLatin1String argoUndoId("argo.undo:");

/// To the next step, or past the pause it stands at.
[[nodiscard]] QList<ObjectWrite> promoteOneWrites(const ArgoRollout &rollout);
/// To the end at once: without the steps, pauses and analyses that are left.
[[nodiscard]] QList<ObjectWrite> promoteFullWrites(const ArgoRollout &rollout);
/// All traffic to the stable.
[[nodiscard]] QList<ObjectWrite> abortWrites();
/// Out of an abort: the candidate again, from the first step.
[[nodiscard]] QList<ObjectWrite> retryWrites();
/// The Pod template of an earlier revision as the wanted one, in the object that has it.
[[nodiscard]] QList<ObjectWrite> undoWrites(const ArgoReplicaSet &revision);

/// Of a Deployment of that namespace.
[[nodiscard]] QString deploymentPath(const QString &nameSpace, const QString &deployment);

/// All of them, off ones with their reason, always in the same order; an undo for each earlier
/// revision, the newest first.
[[nodiscard]] QList<OwnAction> argoActions(const ArgoWorld &world, const ObjectPlace &place);
/// What an action writes. NotFound if there is no such action.
[[nodiscard]] Result<QList<ObjectWrite>> argoWrites(const ArgoWorld &world, const QString &action);

/// The writes with our note of who does it: in the last of them where that writes the object, else
/// as one more, which may fail; a status holds no annotation.
[[nodiscard]] QList<ObjectWrite> noted(QList<ObjectWrite> writes, const ArgoRollout &rollout,
                                       const QString &deeds);

/// The requests as a confirmation shows them.
[[nodiscard]] QList<PlannedCall> plannedWrites(const QList<ObjectWrite> &writes,
                                               const QString &version, const ObjectPlace &place,
                                               const QString &what);

} // namespace pilothouse
