#pragma once

#include <QDateTime>
#include <QObject>

#include <chrono>
#include <functional>

namespace pilothouse {

/// Time as a port, so that polling, bake times and back-off are tested without waiting.
/// All members are called in the GUI thread.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Wall clock, UTC, milliseconds. For journals and for showing; never for ages.
    [[nodiscard]] virtual QDateTime now() const = 0;

    /// Milliseconds since boot, running in suspend (CLOCK_BOOTTIME). For ages and durations.
    [[nodiscard]] virtual std::chrono::milliseconds sinceBoot() const = 0;

    /// Calls `what` once in `context`'s thread after `delay`; never if `context` is destroyed
    /// first.
    virtual void after(std::chrono::milliseconds delay, QObject *context,
                       std::function<void()> what)
        = 0;
};

/// The machine's own clock.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override;
    [[nodiscard]] std::chrono::milliseconds sinceBoot() const override;
    void after(std::chrono::milliseconds delay, QObject *context,
               std::function<void()> what) override;
};

} // namespace pilothouse
