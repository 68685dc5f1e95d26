#include "ui/rollout/plot/timewindow.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double fewestSamples = 8; ///< closer than that there is nothing to see
constexpr double hour = 3'600'000;

} // namespace

TimeWindow::TimeWindow(QObject *parent) : QObject(parent) {}

void TimeWindow::setHeld(double from, double to, double span, double step)
{
    const bool first = !isValid();
    m_heldFrom = from;
    m_heldTo = to;
    m_liveSpan = span;
    m_step = step;
    if (m_live) {
        const double wanted = first || !m_zoomed ? span : bounded(m_to - m_from);
        show(to - wanted, wanted, Following::Live);
    } else {
        show(m_from, m_to - m_from, Following::Left); // what is shown may be held no longer
    }
}

double TimeWindow::bounded(double span) const
{
    const double most = std::max(m_liveSpan, m_heldTo - m_heldFrom);
    return std::clamp(span, std::min(most, std::max(1.0, m_step * fewestSamples)), most);
}

void TimeWindow::show(double from, double span, Following following)
{
    // Before the oldest there is nothing, but live may show more time than is held.
    const double end = std::max(m_heldFrom + span, m_heldTo);
    const double begin
        = std::clamp(from, std::min(m_heldFrom, m_heldTo - span), std::max(m_heldFrom, end - span));
    const bool live = following == Following::Live || begin + span >= m_heldTo;
    const bool same = begin == m_from && begin + span == m_to && live == m_live;
    m_from = begin;
    m_to = begin + span;
    m_live = live;
    if (!same)
        Q_EMIT changed();
}

void TimeWindow::zoom(double factor, double around)
{
    if (!isValid())
        return;
    const double next = bounded(span() * factor);
    m_zoomed = true;
    show(around - (around - m_from) * next / span(), next, Following::Left);
}

void TimeWindow::zoom(double factor)
{
    if (!isValid())
        return;
    if (!m_live) {
        zoom(factor, m_crosshair.value_or(m_from + span() / 2));
        return;
    }
    const double next = bounded(span() * factor);
    m_zoomed = true;
    show(m_heldTo - next, next, Following::Live);
}

void TimeWindow::pan(double by)
{
    if (isValid())
        show(m_from + by, span(), Following::Left);
}

void TimeWindow::showLive()
{
    if (!isValid())
        return;
    m_zoomed = false;
    show(m_heldTo - m_liveSpan, m_liveSpan, Following::Live);
}

void TimeWindow::showStart()
{
    if (isValid())
        show(m_heldFrom, span(), Following::Left);
}

void TimeWindow::showEnd()
{
    if (isValid())
        show(m_heldTo - span(), span(), Following::Live);
}

void TimeWindow::setCrosshair(std::optional<double> time)
{
    if (time == m_crosshair)
        return;
    m_crosshair = time;
    Q_EMIT crosshairMoved();
}

void TimeWindow::moveCrosshair(int samples)
{
    if (!isValid())
        return;
    const double from = m_crosshair ? *m_crosshair + samples * m_step : m_to;
    setCrosshair(std::clamp(from, m_from, m_to));
}

QDateTime localTime(double time)
{
    return QDateTime::fromMSecsSinceEpoch(qint64(time), Qt::UTC).toLocalTime();
}

QString timeFormat(double span)
{
    if (span > 48 * hour)
        return QStringLiteral("d MMM HH:mm");
    return span > 2 * hour ? QStringLiteral("HH:mm") : QStringLiteral("HH:mm:ss");
}

QString timeText(double time, double span)
{
    return localTime(time).toString(span > 48 * hour ? QStringLiteral("d MMM HH:mm:ss")
                                                     : QStringLiteral("HH:mm:ss"));
}

QString spanText(double from, double to)
{
    const QDateTime begin = localTime(from);
    const QDateTime end = localTime(to);
    const QString time = QStringLiteral("HH:mm:ss");
    const QString day = QStringLiteral("d MMM ");
    const bool oneDay = begin.date() == end.date();
    return QStringLiteral("%1 – %2").arg(begin.toString(oneDay ? time : day + time),
                                         end.toString(oneDay ? time : day + time));
}

} // namespace pilothouse
