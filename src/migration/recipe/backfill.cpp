#include "migration/recipe/backfill.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

constexpr int keptSamples = 20;

int within(const BackfillLimits &limits, double size)
{
    double largest = limits.largest;
    if (limits.rowsPerSecond > 0)
        largest = std::min(largest, static_cast<double>(limits.rowsPerSecond));
    const double smallest = std::min(static_cast<double>(limits.smallest), largest);
    return static_cast<int>(
        std::lround(std::clamp(size, std::max(1.0, smallest), std::max(1.0, largest))));
}

std::chrono::milliseconds dutyRest(std::chrono::milliseconds took)
{
    return took / 2;
}

std::chrono::milliseconds limitRest(const BackfillLimits &limits, qint64 rows,
                                    std::chrono::milliseconds took)
{
    if (limits.rowsPerSecond <= 0)
        return std::chrono::milliseconds(0);
    const std::chrono::milliseconds wanted(rows * 1'000 / limits.rowsPerSecond);
    return std::max(wanted - took, std::chrono::milliseconds(0));
}

double rate(const BackfillProgress::Sample &sample)
{
    const auto time = std::max<qint64>(1, sample.time.count());
    return static_cast<double>(sample.rows) * 1'000.0 / static_cast<double>(time);
}

} // namespace

BackfillPace firstPace(const BackfillLimits &limits)
{
    return {within(limits, limits.first), 0};
}

BackfillPace paceAfter(const BackfillPace &pace, const BackfillLimits &limits,
                       std::chrono::milliseconds took)
{
    const double time = static_cast<double>(std::max<qint64>(1, took.count()));
    const double factor = std::clamp(static_cast<double>(limits.target.count()) / time, 0.5, 1.5);
    return {within(limits, pace.size * factor), 0};
}

BackfillPace paceAfterFailure(const BackfillPace &pace, const BackfillLimits &limits)
{
    const int smaller = within(limits, pace.size / 2.0);
    // Only failures that a smaller batch can no longer cure are counted towards giving up.
    return {smaller, smaller == pace.size ? pace.failures + 1 : 0};
}

bool givesUp(const BackfillPace &pace, const BackfillLimits &limits)
{
    return pace.failures >= limits.failuresBeforeStop;
}

std::chrono::milliseconds restAfter(const BackfillLimits &limits, qint64 rows,
                                    std::chrono::milliseconds took)
{
    return std::max(dutyRest(took), limitRest(limits, rows, took));
}

bool heldByLimit(const BackfillLimits &limits, qint64 rows, std::chrono::milliseconds took)
{
    return limitRest(limits, rows, took) > dutyRest(took);
}

void BackfillProgress::add(qint64 rows, std::chrono::milliseconds time)
{
    done += rows;
    total = std::max(total, done);
    samples.append({rows, time});
    if (samples.size() > keptSamples)
        samples.removeFirst();
}

double BackfillProgress::rowsPerSecond() const
{
    Sample sum;
    for (const Sample &sample : samples) {
        sum.rows += sample.rows;
        sum.time += sample.time;
    }
    return samples.isEmpty() ? 0.0 : rate(sum);
}

double BackfillProgress::fraction() const
{
    return total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0.0;
}

std::optional<BackfillProgress::Range> BackfillProgress::remaining() const
{
    if (samples.size() < keptSamples)
        return std::nullopt;
    QList<double> rates;
    for (const Sample &sample : samples)
        rates.append(rate(sample));
    std::sort(rates.begin(), rates.end());
    const double slow = rates[1];
    const double fast = rates[rates.size() - 2];
    if (slow <= 0 || fast <= 0)
        return std::nullopt;
    const double left = static_cast<double>(total - done);
    return Range{std::chrono::seconds(std::llround(std::floor(left / fast))),
                 std::chrono::seconds(std::llround(std::ceil(left / slow)))};
}

} // namespace pilothouse
