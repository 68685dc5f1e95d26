#include "base/clock.h"

#include <QTimer>

#include <ctime>

namespace pilothouse {

QDateTime SystemClock::now() const
{
    return QDateTime::currentDateTimeUtc();
}

std::chrono::milliseconds SystemClock::sinceBoot() const
{
    timespec ts{};
    clock_gettime(CLOCK_BOOTTIME, &ts);
    return std::chrono::milliseconds(qint64(ts.tv_sec) * 1000 + ts.tv_nsec / 1'000'000);
}

void SystemClock::after(std::chrono::milliseconds delay, QObject *context,
                        std::function<void()> what)
{
    QTimer::singleShot(delay, context, std::move(what));
}

} // namespace pilothouse
