#pragma once

#include <vector>

namespace pilothouse::bench {

/// How long a thread is busy at a time: from the moment in which its event loop comes back from the
/// kernel with events until it asks the kernel for more. In between nobody's click is heard.
///
/// The program's own poll and ppoll stand before the C library's, do the same and take the time.
class BusyWatch final
{
public:
    struct Turn
    {
        double seconds = 0;
        double cpuSeconds = 0; ///< of this thread: what others took from it does not count
    };

    /// Of this thread, from now on. One at a time.
    BusyWatch();
    ~BusyWatch();
    BusyWatch(const BusyWatch &) = delete;
    BusyWatch &operator=(const BusyWatch &) = delete;

    /// The longest since the last call.
    [[nodiscard]] Turn takeLongest();
    /// How many of all were longer.
    [[nodiscard]] int turnsOver(double seconds) const;
    /// What this thread has used so far.
    [[nodiscard]] static double cpuSeconds();

    void begin();
    void end();

private:
    bool m_busy = false;
    Turn m_begun; ///< moments of both clocks
    Turn m_longest;
    std::vector<double> m_long;
};

} // namespace pilothouse::bench
