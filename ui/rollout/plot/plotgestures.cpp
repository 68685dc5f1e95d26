#include "ui/rollout/plot/plotgestures.h"

#include "ui/rollout/plot/timewindow.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <cmath>

namespace pilothouse {
namespace {

constexpr double wheelNotch = 120;
constexpr double zoomPerNotch = 0.8; ///< of the time shown
constexpr double panPerNotch = 0.1;
constexpr double panPerKey = 0.125;

} // namespace

double PlotGestures::timePerPixel() const
{
    return m_window.span() / std::max(1.0, m_area.width());
}

double PlotGestures::timeAt(double x) const
{
    return m_window.from() + (x - m_area.left()) * timePerPixel();
}

bool PlotGestures::wheel(const QWheelEvent &event)
{
    const QPoint turned = event.angleDelta();
    const bool shift = event.modifiers().testFlag(Qt::ShiftModifier);
    if (!m_window.isValid() || turned.isNull())
        return false;
    if (shift || std::abs(turned.x()) > std::abs(turned.y())) {
        const int by = turned.x() != 0 ? turned.x() : turned.y();
        m_window.pan(-by / wheelNotch * panPerNotch * m_window.span());
    } else {
        m_window.zoom(std::pow(zoomPerNotch, turned.y() / wheelNotch),
                      timeAt(event.position().x()));
    }
    if (m_window.crosshair())
        m_window.setCrosshair(timeAt(event.position().x()));
    return true;
}

bool PlotGestures::press(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_area.contains(event.position())
        || !m_window.isValid())
        return false;
    m_dragging = true;
    m_dragX = event.position().x();
    return true;
}

bool PlotGestures::move(const QMouseEvent &event)
{
    if (m_dragging) {
        m_window.pan((m_dragX - event.position().x()) * timePerPixel());
        m_dragX = event.position().x();
    }
    if (m_window.isValid() && m_area.contains(event.position()))
        m_window.setCrosshair(timeAt(event.position().x()));
    else
        m_window.setCrosshair(std::nullopt);
    return true;
}

bool PlotGestures::release(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_dragging)
        return false;
    m_dragging = false;
    return true;
}

bool PlotGestures::doubleClick(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton || !m_area.contains(event.position()))
        return false;
    m_window.showLive();
    return true;
}

bool PlotGestures::key(const QKeyEvent &event)
{
    const bool shift = event.modifiers().testFlag(Qt::ShiftModifier);
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    switch (event.key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int to = event.key() == Qt::Key_Left ? -1 : 1;
        if (shift)
            m_window.moveCrosshair(to);
        else
            m_window.pan(to * panPerKey * m_window.span());
        return true;
    }
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        m_window.zoom(zoomPerNotch);
        return true;
    case Qt::Key_Minus:
        m_window.zoom(1 / zoomPerNotch);
        return true;
    case Qt::Key_0:
        m_window.showLive();
        return true;
    case Qt::Key_Home:
        m_window.showStart();
        return true;
    case Qt::Key_End:
        m_window.showEnd();
        return true;
    case Qt::Key_Escape:
        if (!m_window.crosshair())
            return false;
        m_window.setCrosshair(std::nullopt);
        return true;
    default:
        return false;
    }
}

void PlotGestures::leave()
{
    if (!m_dragging)
        m_window.setCrosshair(std::nullopt);
}

} // namespace pilothouse
