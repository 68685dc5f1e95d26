#pragma once

#include <QDateTime>
#include <QList>
#include <QString>
#include <QTimeZone>

#include <optional>

namespace pilothouse {

/// A moment of every week, by the clocks of a time zone.
struct WeekTime
{
    Qt::DayOfWeek day = Qt::Monday;
    QTime time;
    bool operator==(const WeekTime &) const = default;
};

/// A window of every week in which no rollout may be started: from `from` (within) to `to`
/// (outside), by the clocks of `zone`. It is never longer than a week.
struct FreezeWindow
{
    WeekTime from;
    WeekTime to;
    QTimeZone zone;
    QString why; ///< "weekend"

    bool operator==(const FreezeWindow &) const = default;

    /// When the window ends (UTC) that `instant` lies in; nullopt = it lies in none. A time that
    /// the clocks show twice counts by its first showing at `from` and by its last at `to`; a time
    /// that they skip counts so that the window is the longer one.
    [[nodiscard]] std::optional<QDateTime> endAt(const QDateTime &instant) const;
};

/// Why nothing may be started now, and for how long.
struct Freeze
{
    QDateTime until; ///< UTC; invalid = the windows leave no gap
    QString why;     ///< of the window that `instant` lies in
    bool operator==(const Freeze &) const = default;
};

/// The freeze at `instant`, windows that follow on each other taken as one; nullopt = none.
[[nodiscard]] std::optional<Freeze> freezeAt(const QList<FreezeWindow> &windows,
                                             const QDateTime &instant);

} // namespace pilothouse
