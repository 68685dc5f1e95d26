#pragma once

#include "base/clock.h"

#include <QObject>

#include <chrono>

namespace pilothouse {

class Settler;

/// Settles what earlier consoles left open: at once, and again, ever more seldom, while something
/// could not be told yet. GUI thread; settler and clock outlive it.
class Settling final : public QObject
{
    Q_OBJECT

public:
    Settling(Settler &settler, Clock &clock, QObject *parent = nullptr);

    void start();
    /// Everything was looked at once.
    [[nodiscard]] bool hasLooked() const { return m_hasLooked; }
    /// Some of it could not be told.
    [[nodiscard]] bool looksAgain() const { return m_looksAgain; }

Q_SIGNALS:
    void looked(); ///< with each look

private:
    void over(bool again);

    Settler &m_settler;
    Clock &m_clock;
    std::chrono::milliseconds m_again{1'000};
    bool m_hasLooked = false;
    bool m_looksAgain = false;
};

} // namespace pilothouse
