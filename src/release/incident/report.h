#pragma once

#include "release/incident/incident.h"

#include <QJsonObject>

namespace pilothouse {

/// "0.4 s", "0:12", "1:04:30".
[[nodiscard]] QString tookWords(std::chrono::milliseconds took);
/// "95 requests failed", "at least 12 requests failed", "failed requests not counted".
[[nodiscard]] QString failedWords(const Incident &incident);
/// "alert → screen 0:12 · screen → confirm 0:09 · confirm → weight 0 0.4 s · 95 requests failed"
[[nodiscard]] QString scoreWords(const Incident &incident);
/// What was overlooked or done wrong before: one sentence each, empty = nothing.
[[nodiscard]] QStringList missesOf(const Incident &incident);

/// The whole of it for people who were not there: what happened, the times, what was passed over,
/// then every record of the track in that time. `records` are newest first.
[[nodiscard]] QString incidentMarkdown(const Incident &incident, const QList<Record> &records);
/// Times in ISO 8601, durations in milliseconds; null = not told.
[[nodiscard]] QJsonObject incidentJson(const Incident &incident);

/// A record as `journal --export` writes it, hashes in hexadecimal.
[[nodiscard]] QJsonObject recordJson(const Record &record);

} // namespace pilothouse
