#pragma once

#include <QList>
#include <QtGlobal>

#include <chrono>
#include <optional>

namespace pilothouse {

/// Limits of a backfill.
struct BackfillLimits
{
    int smallest = 500;
    int largest = 50'000;
    int first = 1'000;
    std::chrono::milliseconds target{200}; ///< wanted time of one batch
    qint64 rowsPerSecond = 0;              ///< 0 = only the duty cycle limits
    int failuresBeforeStop = 5;            ///< in a row, at the smallest size

    bool operator==(const BackfillLimits &) const = default;
};

/// How large the next batch is. Pure: multiplicative control as in facts 3.7,
/// n *= clamp(target / took, 0.5, 1.5), halved on a failure, within the limits; never more rows
/// than one second of `rowsPerSecond`, so that a limit is felt as an even pace.
struct BackfillPace
{
    int size = 1'000;
    int failures = 0; ///< in a row

    bool operator==(const BackfillPace &) const = default;
};

[[nodiscard]] BackfillPace firstPace(const BackfillLimits &limits);
[[nodiscard]] BackfillPace paceAfter(const BackfillPace &pace, const BackfillLimits &limits,
                                     std::chrono::milliseconds took);
[[nodiscard]] BackfillPace paceAfterFailure(const BackfillPace &pace, const BackfillLimits &limits);
[[nodiscard]] bool givesUp(const BackfillPace &pace, const BackfillLimits &limits);

/// Rest after a batch: half its time (a duty cycle of at most 2/3), or as long as rowsPerSecond
/// asks, whichever is longer.
[[nodiscard]] std::chrono::milliseconds restAfter(const BackfillLimits &limits, qint64 rows,
                                                  std::chrono::milliseconds took);
/// The limit, not the duty cycle, decides that rest: then the page says so.
[[nodiscard]] bool heldByLimit(const BackfillLimits &limits, qint64 rows,
                               std::chrono::milliseconds took);

/// How far it is and how long it will take.
struct BackfillProgress
{
    /// Rows and wall time of one batch, its rest included.
    struct Sample
    {
        qint64 rows = 0;
        std::chrono::milliseconds time{0};
        bool operator==(const Sample &) const = default;
    };
    struct Range
    {
        std::chrono::seconds from{0};
        std::chrono::seconds to{0};
        bool operator==(const Range &) const = default;
    };

    qint64 done = 0;
    qint64 total = 0;      ///< estimate; never smaller than `done`
    QList<Sample> samples; ///< the last 20

    void add(qint64 rows, std::chrono::milliseconds time);
    /// Over the kept samples; 0 = not known yet.
    [[nodiscard]] double rowsPerSecond() const;
    [[nodiscard]] double fraction() const;
    /// nullopt until 20 batches exist. From the second fastest and the second slowest of them, so
    /// that one hiccup does not make the range useless.
    [[nodiscard]] std::optional<Range> remaining() const;

    bool operator==(const BackfillProgress &) const = default;
};

} // namespace pilothouse
