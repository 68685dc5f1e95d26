#pragma once

#include "connectors/cloudrun/cloudruncontrol.h"
#include "connectors/cloudrun/cloudrunwrite.h"
#include "rollout/ownaction.h"

namespace pilothouse {

/// To give all traffic to a revision that a person chooses: each that was made before the stable
/// one, newest first, the newest eight. One that was retired as a way back, or that was tried and
/// taken back, is offered too, and says so; whoever chooses it gives a reason. Pure.
[[nodiscard]] QList<OwnAction> chosenActions(const CloudRunControl::Settings &settings,
                                             const QUrl &service, const CloudRunSnapshot &snapshot);

/// Whether the action is one of those, offered now or not.
[[nodiscard]] bool isChosenAction(const QString &id);

/// The whole traffic list for one of them, tags kept, with the deed and the change of weight in the
/// annotations; what served before is noted as the stable before it, which is the way back from
/// there. `at` is its time. Refused where there is no such action, or it is off.
[[nodiscard]] Result<CloudRunWrite> chosenWrite(const CloudRunControl::Settings &settings,
                                                const QUrl &service,
                                                const CloudRunSnapshot &snapshot,
                                                const OwnRequest &request, const QDateTime &at);

} // namespace pilothouse
