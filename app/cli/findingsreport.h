#pragma once

#include "pipeline/doctor/finding.h"

#include <QJsonArray>
#include <QList>

#include <optional>

namespace pilothouse {

/// "blocks", "risk", "gate" or "hygiene".
[[nodiscard]] QString severityName(Finding::Severity severity);
/// The other way round; nullopt for any other word.
[[nodiscard]] std::optional<Finding::Severity> severityNamed(const QString &name);

/// What the doctor found, for other programs: `[{"id", "severity", "title", "file", "line",
/// "column", "job", "step", "sentence", "explanation", "right_form"}]`, the gravest first.
/// "job" is empty and "step" is 0 where the whole file, or the whole job, is meant.
[[nodiscard]] QJsonArray findingsJson(const QList<Finding> &findings);

/// The same for a person: rule by rule, with its places, why it matters, and what to write instead.
[[nodiscard]] QString findingsText(const QList<Finding> &findings);

} // namespace pilothouse
