#pragma once

#include "action/actionrunner.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

// What an intent to go back by an earlier deploy says in the journal, and how it is read back.
// Pure.

/// The target's identity, and the deploy that was live when it was decided.
void addDeploy(QJsonObject &body, const EarlierDeploy &deploy);
/// An intent of this kind.
[[nodiscard]] bool goesBackByDeploy(const Record &intent);

/// The stable is what this deploy makes of it, wholly up. Where its commit cannot be told, whatever
/// is up counts.
[[nodiscard]] bool isStableBy(const EarlierDeploy &deploy, const TrafficState &now);

/// What came of such an intent whose process is gone: Done where the traffic object has the note of
/// the deploy, or where the newest deploy goes back to the same one and has no note; Failed where
/// no deploy was made since, or one that is noted as another intent's; else Unknown.
[[nodiscard]] Outcome whatCameOfDeploy(const Record &intent, const TrafficState &now);

} // namespace pilothouse
