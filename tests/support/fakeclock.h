#pragma once

#include "base/clock.h"

#include <QPointer>

#include <vector>

namespace pilothouse {

/// A clock that stands still until a test moves it.
class FakeClock final : public Clock
{
public:
    [[nodiscard]] QDateTime now() const override;
    [[nodiscard]] std::chrono::milliseconds sinceBoot() const override { return m_sinceBoot; }
    void after(std::chrono::milliseconds delay, QObject *context,
               std::function<void()> what) override;

    /// Moves time on and runs what falls due, in order, each at its own time.
    void advance(std::chrono::milliseconds by);
    /// How many calls are waiting for their time.
    [[nodiscard]] int waiting() const;

private:
    struct Due
    {
        std::chrono::milliseconds at;
        QPointer<QObject> context;
        std::function<void()> what;
    };

    std::chrono::milliseconds m_sinceBoot{1'000'000};
    std::vector<Due> m_due;
};

} // namespace pilothouse
