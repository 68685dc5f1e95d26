#include "ui/pipeline/minimap.h"

#include "ui/widgets/spacing.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr QSize mapSize(208, 120);
constexpr double smallestBlock = 1.5; ///< pixels: a node never vanishes

} // namespace

Minimap::Minimap(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("minimap"));
    setAccessibleName(tr("Map of the graph"));
    setFixedSize(mapSize);
    setFocusPolicy(Qt::NoFocus);
    setAttribute(Qt::WA_OpaquePaintEvent); // the graph below is not painted for it
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&Minimap::update));
}

void Minimap::show(const QRectF &scene, const QList<Block> &blocks)
{
    if (scene == m_scene && blocks == m_blocks)
        return;
    m_scene = scene;
    m_blocks = blocks;
    update();
}

void Minimap::setVisibleArea(const QRectF &area)
{
    if (area == m_area)
        return;
    m_area = area;
    update();
}

double Minimap::factor() const
{
    if (m_scene.isEmpty())
        return 1;
    const QSizeF room = QSizeF(size()) - QSizeF(2 * spacing::Hair, 2 * spacing::Hair);
    return std::min(room.width() / m_scene.width(), room.height() / m_scene.height());
}

QPointF Minimap::toMap(const QPointF &scenePoint) const
{
    return QRectF(rect()).center() + (scenePoint - m_scene.center()) * factor();
}

QPointF Minimap::toScene(const QPointF &mapPoint) const
{
    return m_scene.center() + (mapPoint - QRectF(rect()).center()) / factor();
}

void Minimap::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    QColor ground = theme.color(ColorRole::Raised);
    painter.setPen(theme.color(ColorRole::Border));
    painter.setBrush(ground);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
    painter.setPen(Qt::NoPen);
    for (const Block &block : std::as_const(m_blocks)) {
        const QRectF drawn(toMap(block.rect.topLeft()),
                           QSizeF(std::max(block.rect.width() * factor(), smallestBlock),
                                  std::max(block.rect.height() * factor(), smallestBlock)));
        painter.fillRect(drawn, theme.color(block.tone));
    }
    const QRectF area(toMap(m_area.topLeft()), m_area.size() * factor());
    painter.setPen(QPen(theme.color(ColorRole::Accent), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.intersected(QRectF(rect()).adjusted(1, 1, -1, -1)));
}

void Minimap::mousePressEvent(QMouseEvent *event)
{
    event->accept();
    Q_EMIT moved(toScene(event->position()));
}

void Minimap::mouseMoveEvent(QMouseEvent *event)
{
    event->accept();
    Q_EMIT moved(toScene(event->position()));
}

} // namespace pilothouse
