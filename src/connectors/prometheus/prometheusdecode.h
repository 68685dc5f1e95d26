#pragma once

#include "rollout/metricsource.h"

#include <QByteArray>
#include <QStringView>

#include <optional>

namespace pilothouse {

/// A sample's text: a decimal number, "NaN", "+Inf", "-Inf" or "Inf".
[[nodiscard]] std::optional<double> sampleValue(QStringView text);

/// The answer of query_range (without its step). Malformed with the path.
[[nodiscard]] Result<SeriesSet> decodeRange(const QByteArray &body);
[[nodiscard]] Result<QList<Alert>> decodeAlerts(const QByteArray &body);
/// The answer of rules. What records and makes no alerts is left out.
[[nodiscard]] Result<QList<AlertRule>> decodeAlertRules(const QByteArray &body);

/// The error in Prometheus' own words where its body came with it, else as it is.
[[nodiscard]] Error inItsOwnWords(const Error &error);

} // namespace pilothouse
