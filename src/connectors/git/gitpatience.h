#pragma once

#include <atomic>
#include <chrono>

namespace pilothouse {

/// How long libgit2 waits for a host in this thread, as long as this lives. The library itself
/// waits without end (1.5), so that a host that stands still would hold a fetch for ever; its
/// connections, those beneath TLS too, are made here. One at a time in a thread.
class GitPatience final
{
public:
    /// `silence` is without a byte going either way. `stopped` ends a wait at once, and outlives
    /// this.
    GitPatience(std::chrono::milliseconds silence, const std::atomic<bool> &stopped);
    ~GitPatience();
    GitPatience(const GitPatience &) = delete;
    GitPatience &operator=(const GitPatience &) = delete;

    [[nodiscard]] std::chrono::milliseconds silence() const { return m_silence; }
    [[nodiscard]] bool isStopped() const { return m_stopped; }
    /// It was waited in vain.
    [[nodiscard]] bool isOver() const { return m_over; }

    /// Lets libgit2 connect like this. Once in a process.
    static void install();

    /// Of the present thread; nullptr = nobody limits it.
    [[nodiscard]] static GitPatience *present();
    void end() { m_over = true; }

private:
    std::chrono::milliseconds m_silence;
    const std::atomic<bool> &m_stopped;
    bool m_over = false;
};

} // namespace pilothouse
