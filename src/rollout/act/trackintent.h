#pragma once

#include "action/actionrunner.h"
#include "action/preview.h"
#include "rollout/alerts/alertsource.h"
#include "rollout/permissions.h"

#include <QJsonArray>

namespace pilothouse {

// What an intent about a track says in the journal, and how it is read back. Pure.

/// The judgements that were before the person's eyes, and the alerts that fired.
[[nodiscard]] QJsonArray evidenceOf(const QList<CheckResult> &results, const QList<Alert> &alerts);

/// What follows the rollback that was confirmed so.
[[nodiscard]] AfterRollback afterRollback(const Confirmation &confirmation);
/// Says in the body of its intent that no hold follows; nothing where one does.
void addAfterRollback(QJsonObject &body, AfterRollback then);

/// What came of an intent whose process is gone, as the traffic tells it now: Done, Failed (not
/// done) or Unknown. The changes that the traffic object remembers count more than its weight,
/// which others may have moved since.
[[nodiscard]] Outcome whatCameOf(const Record &intent, const TrafficState &now);

/// The same of an own action of the traffic control: Done where the object has its note, else
/// Unknown.
[[nodiscard]] Outcome whatCameOfOwn(const Record &intent, const TrafficState &now);

/// Whether what was decided is a weight, and no hold, no way back by a deploy and the like.
[[nodiscard]] bool movesWeight(const Record &intent);

/// Whether the program that carries an intent out may still be at work, though the console that
/// started it is gone: what did not come of it yet may come of it. `now` is the time, UTC.
[[nodiscard]] bool mayStillRun(const Record &intent, const Outcome &came,
                               const TrafficState &traffic, const QDateTime &now);

} // namespace pilothouse
