#pragma once

#include "rollout/previews.h"

namespace pilothouse {

// The lines that only the confirmation of a rollback has. Pure.

/// What speaks for it, with its ages; none of that can stop a rollback. nullopt = there is none.
[[nodiscard]] std::optional<PreviewRow> evidenceRow(const RolloutFacts &facts,
                                                    const QString &metricsAge);
/// What the schema says of the target: never empty.
[[nodiscard]] QList<PreviewRow> schemaRows(const QList<Reason> &reasons);
/// Whether those who are to get the traffic can take it. It stops no rollback and asks for no
/// reason. nullopt = nothing moves to them, or nobody knows.
[[nodiscard]] std::optional<PreviewRow> carryRow(const RolloutFacts &facts);
/// What stays as it is: what runs beside the traffic, and the config maps of the pods.
[[nodiscard]] QList<PreviewRow> notMovedRows(const QStringList &places, const QString &configMaps);
/// How long a revision is proved: "given all traffic 24 Nov 17:40, 14 h ago", if no change of its
/// weight came after that, else "its pods run since 17:40, 14 h ago"; empty where neither is told.
[[nodiscard]] QString servedWords(const TrafficState &traffic, const RevisionState &revision,
                                  const QDateTime &now);
/// A rollback holds what it leaves, unless it is held already or the person wants none.
void addHoldAfter(Preview &preview, const TrafficState &traffic, const RevisionState &leaving);

} // namespace pilothouse
