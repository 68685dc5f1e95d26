#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// What comparing two samples of one metric says. Only Pass is a pass.
enum class MetricClass {
    Pass,
    High,             ///< the candidate's values are higher than they may be
    Low,              ///< lower
    Nodata,           ///< nothing, or too little, to compare
    NodataFailMetric, ///< the same of a metric that must have data: it counts as failed
    Error,            ///< cannot be computed
};

/// "Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error": as in files, not translated.
[[nodiscard]] QString metricClassName(MetricClass value);
[[nodiscard]] std::optional<MetricClass> metricClassNamed(const QString &name);

} // namespace pilothouse
