#pragma once

#include "base/result.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// One metric of an AnalysisRun, as Argo Rollouts measured it.
struct ArgoMetric
{
    QString name;
    QString phase;   ///< Pending, Running, Successful, Failed, Error, Inconclusive
    QString value;   ///< of the newest measurement that has one; empty = there is none
    QString message; ///< of the metric
    int measured = 0;
    int failed = 0;
    int inconclusive = 0;
    int errors = 0;                       ///< one after the other, up to now
    std::optional<int> failuresTolerated; ///< nullopt = not said as a number

    /// It was measured, and there was nothing: an empty vector, or not a number.
    [[nodiscard]] bool hasNoData() const;

    bool operator==(const ArgoMetric &) const = default;
};

/// An AnalysisRun (argoproj.io/v1alpha1): what it measured.
struct ArgoAnalysisRun
{
    QString name;
    QString phase;
    QList<ArgoMetric> metrics;

    /// It measures no more.
    [[nodiscard]] bool isOver() const;

    bool operator==(const ArgoAnalysisRun &) const = default;
};

[[nodiscard]] Result<ArgoAnalysisRun> decodeAnalysisRun(const QJsonObject &object);

/// "success-rate 0.981, 5 measured, 1 failed of 2 tolerated"
[[nodiscard]] QString metricWords(const ArgoMetric &metric);
/// What must not be overlooked: metrics without data, whatever Argo Rollouts makes of them, and
/// those that failed.
[[nodiscard]] QStringList analysisProblems(const ArgoAnalysisRun &run);

} // namespace pilothouse
