#pragma once

#include <QRectF>

class QKeyEvent;
class QMouseEvent;
class QWheelEvent;

namespace pilothouse {

class TimeWindow;

/// Mouse and keys over a chart, as the shared time axis understands them. Each call answers whether
/// the event meant something.
///
/// Wheel: zoom around the mouse; sideways, or with Shift: pan. Drag: pan. Double click or 0: live.
/// Left, Right: pan; with Shift: the crosshair. +, −: zoom. Home: the oldest. End: the newest.
class PlotGestures
{
public:
    explicit PlotGestures(TimeWindow &window) : m_window(window) {}

    /// Where the plot area lies in the coordinates of the events.
    void setArea(const QRectF &area) { m_area = area; }

    bool wheel(const QWheelEvent &event);
    bool press(const QMouseEvent &event);
    bool move(const QMouseEvent &event);
    bool release(const QMouseEvent &event);
    bool doubleClick(const QMouseEvent &event);
    bool key(const QKeyEvent &event);
    void leave();

    [[nodiscard]] bool isDragging() const { return m_dragging; }

private:
    [[nodiscard]] double timePerPixel() const;
    [[nodiscard]] double timeAt(double x) const;

    TimeWindow &m_window;
    QRectF m_area;
    bool m_dragging = false;
    double m_dragX = 0;
};

} // namespace pilothouse
