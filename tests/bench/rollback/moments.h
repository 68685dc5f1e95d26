#pragma once

#include <QtGlobal>

#include <chrono>
#include <optional>

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

/// Seconds that all threads together have spent in fsync and fdatasync so far.
[[nodiscard]] double syncSeconds();

} // namespace pilothouse::bench
