#pragma once

#include <QtGlobal>

#include <chrono>
#include <optional>
#include <vector>

namespace pilothouse::bench {

using Moment = std::chrono::steady_clock::time_point;

[[nodiscard]] inline Moment now()
{
    return std::chrono::steady_clock::now();
}
[[nodiscard]] inline double since(Moment begun)
{
    return std::chrono::duration<double>(now() - begun).count();
}

// What the kernel is asked for in this program: its write, fsync and fdatasync stand before the C
// library's, do the same and take the time.

/// From now on: the moment in which this thread hands at least so many bytes to the kernel at once.
void awaitLeaving(qint64 bytes);
/// nullopt = that has not happened.
[[nodiscard]] std::optional<Moment> leftAt();

/// A time in which somebody waited for something.
struct Wait
{
    Moment begun;
    Moment ended;

    [[nodiscard]] double seconds() const
    {
        return std::chrono::duration<double>(ended - begun).count();
    }
};

/// Forgets the waits for the disk so far.
void awaitSyncs();
/// Those of all threads since then, each in one call of fsync or fdatasync.
[[nodiscard]] std::vector<Wait> syncs();

/// Seconds between the two moments in which at least one of the waits was on: what overlaps counts
/// once.
[[nodiscard]] double waitedSeconds(std::vector<Wait> waits, Moment from, Moment to);

} // namespace pilothouse::bench
