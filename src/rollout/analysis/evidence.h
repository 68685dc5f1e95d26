#pragma once

#include "rollout/analysis/check.h"
#include "rollout/judgement/shiftinterval.h"
#include "rollout/metricsource.h"

#include <QDateTime>

#include <optional>
#include <span>

namespace pilothouse {

/// Mann and Whitney's test is told from chance with so many samples of each side; with fewer a
/// verdict stands, and says so.
inline constexpr int reliableSamples = 50;

/// What a verdict rests on: which series, how many samples, and by how much the candidate lies
/// above the stable. Computed for every method, so that a threshold can be looked behind.
struct Evidence
{
    QString label; ///< the series label, and what tells the two sides by it
    QString stableSeries;
    QString candidateSeries;
    QDateTime from; ///< UTC, the metrics server's clock
    QDateTime to;
    JudgeMethod method = JudgeMethod::Threshold;
    int stableSamples = 0; ///< finite ones in the window
    int candidateSamples = 0;
    /// Candidate above stable, in the check's unit; nullopt = too few samples, or not comparable.
    std::optional<ShiftInterval> shift;
    double confidence = 0.98; ///< of the interval
    std::optional<double> p;  ///< two-sided
    /// Candidate minus stable, where both have a finite value at the same time; ascending.
    QList<Sample> difference;
    std::chrono::milliseconds step{0}; ///< between its points; over 1.5 of it is a gap
    QStringList warnings;              ///< of the metrics server, as it words them

    bool operator==(const Evidence &) const = default;
};

/// Compares both sides by Mann and Whitney's test in its exact mode. NaN does not count, infinite
/// values cannot be compared, and a shift that is only the rounding of rates (1e-9 of the greatest
/// value, so that the unit has no part in it) is none.
[[nodiscard]] Classification compared(const Check &check, std::span<const double> stable,
                                      std::span<const double> candidate);

/// The difference of two series within [from, to], ms since the epoch; either may be nullptr.
[[nodiscard]] QList<Sample> differenceOf(const Series *stable, const Series *candidate, qint64 from,
                                         qint64 to);

/// Puts estimate, interval, p and confidence of a comparison in.
void addComparison(Evidence &evidence, const Classification &comparison);

/// A difference in its unit, with its sign: s 0.308 → "+308 ms", ratio 0.042 → "+4.2 points".
[[nodiscard]] QString differenceText(double value, const QString &unit);

/// "+308 ms (+300 ms to +316 ms at 98 % confidence)"; empty = there is no interval.
[[nodiscard]] QString shiftText(const Evidence &evidence, const QString &unit);

/// "24 samples of the candidate and 20 of the stable: 50 of each make it reliable"; empty = enough.
[[nodiscard]] QString fewSamplesText(const Evidence &evidence);

} // namespace pilothouse
