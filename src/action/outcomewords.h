#pragma once

#include "action/actionrunner.h"

namespace pilothouse {

/// "done", "failed", "refused", "conflict", "unknown": as the journal spells a kind.
[[nodiscard]] QString outcomeKey(Outcome::Kind kind);
/// Unknown for a word this program does not know.
[[nodiscard]] Outcome::Kind outcomeKind(const QString &key);

/// The record of an outcome: body "outcome" and "text" beside the outcome's own body.
[[nodiscard]] Record outcomeRecord(const IntentId &id, const QString &subject, const QString &actor,
                                   const Outcome &outcome);
/// What a record of kind Outcome says.
[[nodiscard]] Outcome outcomeOf(const Record &record);

/// What a failed call means for the action it was part of: Conflict → Conflict, Refused → Refused,
/// TimedOut → Unknown (it may have been done), everything else → Failed.
[[nodiscard]] Outcome outcomeOf(const Error &error);
/// Whether a write that failed so may have been carried out all the same: what came, if anything
/// came, was no answer of the system itself.
[[nodiscard]] bool mayBeDone(const Error &error);

} // namespace pilothouse
