#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTimer>

namespace pilothouse {

/// Runs the event loop until the condition holds, at most ten seconds; false = it does not hold.
/// The condition is looked at after every event, so a test waits no longer than it must.
template <typename Condition>
[[nodiscard]] bool soon(const Condition &condition)
{
    QTimer wake; // for what becomes true without an event
    wake.start(10);
    const QDeadlineTimer patience(10'000);
    while (!condition()) {
        if (patience.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

} // namespace pilothouse
