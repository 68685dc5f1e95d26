#include "workspace/freeze.h"

#include <algorithm>
#include <array>

namespace pilothouse {

namespace {

enum class Showing { First, Last };

/// The instant at which the clocks of `zone` show `date` and `time`, independent of how a version
/// of Qt resolves times that are shown twice or skipped.
QDateTime instantOf(const QDate &date, const QTime &time, const QTimeZone &zone, Showing showing)
{
    const QDateTime asUtc(date, time, Qt::UTC);
    const std::array<int, 2> offsets{zone.offsetFromUtc(asUtc.addDays(-1)),
                                     zone.offsetFromUtc(asUtc.addDays(1))};
    std::array<QDateTime, 2> instants;
    std::array<bool, 2> shown{};
    for (size_t i = 0; i < 2; ++i) {
        instants[i] = asUtc.addSecs(-offsets[i]);
        shown[i] = zone.offsetFromUtc(instants[i]) == offsets[i];
    }
    if (shown[0] != shown[1])
        return shown[0] ? instants[0] : instants[1];
    return showing == Showing::First ? std::min(instants[0], instants[1])
                                     : std::max(instants[0], instants[1]);
}

} // namespace

std::optional<QDateTime> FreezeWindow::endAt(const QDateTime &instant) const
{
    const QDate today = instant.toTimeZone(zone).date();
    int length = (to.day - from.day + 7) % 7;
    if (length == 0 && to.time <= from.time)
        length = 7;
    // The window that began last, and the one before it: they overlap only in the longest ones.
    for (int back = (today.dayOfWeek() - from.day + 7) % 7; back <= 14; back += 7) {
        const QDate day = today.addDays(-back);
        const QDateTime start = instantOf(day, from.time, zone, Showing::First);
        const QDateTime end = instantOf(day.addDays(length), to.time, zone, Showing::Last);
        if (start <= instant && instant < end)
            return end;
    }
    return std::nullopt;
}

std::optional<Freeze> freezeAt(const QList<FreezeWindow> &windows, const QDateTime &instant)
{
    std::optional<Freeze> freeze;
    QDateTime until = instant;
    // Each window ends once a week; more turns than two weeks of them find nothing new.
    for (qsizetype turn = 0; turn <= 2 * windows.size(); ++turn) {
        std::optional<QDateTime> end;
        for (const FreezeWindow &window : windows) {
            const std::optional<QDateTime> windowEnd = window.endAt(until);
            if (!windowEnd || (end && *windowEnd <= *end))
                continue;
            end = windowEnd;
            if (turn == 0)
                freeze = Freeze{{}, window.why};
        }
        if (!end) {
            if (freeze)
                freeze->until = until;
            return freeze;
        }
        until = *end;
    }
    return freeze;
}

} // namespace pilothouse
