#include "rollout/analysis/evidence.h"

#include "base/words.h"
#include "rollout/analysis/measure.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

/// Rates of equal counters differ by rounding, of one sign often enough to be told from chance. A
/// shift of less than this share of the greatest value is none.
constexpr double rateRoom = 1e-9;

double greatestIn(std::span<const double> stable, std::span<const double> candidate)
{
    double greatest = 0;
    for (const auto &side : {stable, candidate}) {
        for (const double value : side) {
            if (std::isfinite(value))
                greatest = std::max(greatest, std::abs(value));
        }
    }
    return greatest;
}

} // namespace

Classification compared(const Check &check, std::span<const double> stable,
                        std::span<const double> candidate)
{
    JudgeSettings settings;
    settings.solver = Solver::Exact;
    settings.direction = check.direction;
    settings.critical = check.critical;
    settings.minimumSamples = std::max(settings.minimumSamples, check.minSamples);
    Classification result = classify(stable, candidate, settings);
    const bool differs = result.result == MetricClass::High || result.result == MetricClass::Low;
    if (differs && result.interval
        && std::max(std::abs(result.interval->lower), std::abs(result.interval->upper))
               <= rateRoom * greatestIn(stable, candidate)) {
        result.result = MetricClass::Pass;
        result.critical = false;
    }
    return result;
}

QList<Sample> differenceOf(const Series *stable, const Series *candidate, qint64 from, qint64 to)
{
    QList<Sample> difference;
    if (!stable || !candidate)
        return difference;
    auto usual = stable->samples.cbegin();
    for (const Sample &sample : candidate->samples) {
        while (usual != stable->samples.cend() && usual->at < sample.at)
            ++usual;
        if (usual == stable->samples.cend())
            break;
        const double value = sample.value - usual->value;
        if (usual->at == sample.at && sample.at >= from && sample.at <= to && std::isfinite(value))
            difference.append({sample.at, value});
    }
    return difference;
}

void addComparison(Evidence &evidence, const Classification &comparison)
{
    evidence.confidence = JudgeSettings{}.confidence;
    evidence.shift = comparison.interval;
    evidence.p = comparison.p;
    // All values are the same: nothing to solve for, and the answer is known.
    if (!evidence.shift && comparison.result == MetricClass::Pass && comparison.p == 1.0)
        evidence.shift = ShiftInterval{0, 0, 0};
}

QString differenceText(double value, const QString &unit)
{
    if (!std::isfinite(value))
        return Words::tr("no data");
    const double size = std::abs(value);
    const bool nothing = fineMeasureText(size, unit) == fineMeasureText(0, unit);
    const QString sign = nothing     ? QString()
                         : value > 0 ? QStringLiteral("+")
                                     : QStringLiteral("−");
    // A difference of two percentages in "%" would read as a share of the smaller one.
    const QString text = unit == QLatin1String("ratio")
                             ? Words::tr("%1 points").arg(fineNumber(size * 100))
                             : fineMeasureText(size, unit);
    return sign + text;
}

QString shiftText(const Evidence &evidence, const QString &unit)
{
    if (!evidence.shift)
        return {};
    const QString estimate = differenceText(evidence.shift->estimate, unit);
    const QString lower = differenceText(evidence.shift->lower, unit);
    const QString upper = differenceText(evidence.shift->upper, unit);
    const QString confidence = QString::number(evidence.confidence * 100, 'g', 4);
    // Limits that cannot be told from the estimate say nothing.
    if (lower == estimate && upper == estimate)
        return Words::tr("%1 (at %2 % confidence)").arg(estimate, confidence);
    return Words::tr("%1 (%2 to %3 at %4 % confidence)").arg(estimate, lower, upper, confidence);
}

QString fewSamplesText(const Evidence &evidence)
{
    if (std::min(evidence.stableSamples, evidence.candidateSamples) >= reliableSamples)
        return {};
    return Words::tr(
               "%1 samples of the candidate and %2 of the stable: %3 of each make it reliable")
        .arg(evidence.candidateSamples)
        .arg(evidence.stableSamples)
        .arg(reliableSamples);
}

} // namespace pilothouse
