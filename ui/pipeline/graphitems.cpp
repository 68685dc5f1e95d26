#include "ui/pipeline/graphitems.h"

#include "ui/pipeline/statuswords.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QCursor>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <QPainterPath>

namespace pilothouse {
namespace {

constexpr int nodeHeight = 48;
constexpr int narrowest = 132;
constexpr int widest = 260;
constexpr int iconSize = 16;
constexpr int radius = 6;
constexpr int textLeft = spacing::Small + iconSize + spacing::Small;

QFont titleFont()
{
    QFont font = Theme::instance().textFont();
    font.setWeight(QFont::Medium);
    return font;
}

} // namespace

NodeItem::NodeItem(const GraphNode &node, const QSizeF &size) : m_node(node), m_size(size)
{
    setAcceptedMouseButtons(Qt::LeftButton);
    setCursor(Qt::PointingHandCursor);
}

QSizeF NodeItem::sizeFor(const GraphNode &node)
{
    int text = QFontMetrics(titleFont()).horizontalAdvance(node.title);
    // A job with an environment may have to wait; room for these words is always kept.
    if (!node.job.environment.isEmpty()) {
        const QString waits = lookOf(RunStatus::Waiting).word;
        text = std::max(text, QFontMetrics(Theme::instance().smallFont()).horizontalAdvance(waits));
    }
    return {qreal(qBound(narrowest, text + textLeft + spacing::Medium, widest)), qreal(nodeHeight)};
}

QString NodeItem::spoken() const
{
    return tr("%1, %2").arg(m_node.title, lookOf(m_overlay).word);
}

void NodeItem::setOverlay(const NodeOverlay &overlay, const QDateTime &serverNow)
{
    m_overlay = overlay;
    m_serverNow = serverNow;
    setToolTip(
        m_overlay.usual
            ? tr("%1\n%2\nusually %3").arg(spoken(), secondLine(), durationText(*m_overlay.usual))
            : QStringLiteral("%1\n%2").arg(spoken(), secondLine()));
    update();
}

void NodeItem::setChosen(bool chosen)
{
    m_chosen = chosen;
    update();
}

void NodeItem::setProblem(bool problem)
{
    m_problem = problem;
    update();
}

QRectF NodeItem::boundingRect() const
{
    return QRectF(QPointF(), m_size).adjusted(-3, -3, 3, 3);
}

QString NodeItem::secondLine() const
{
    QStringList parts;
    if (m_overlay.expected > 1 || m_node.legCount() > 1) {
        const int expected = std::max(m_overlay.expected, m_node.legCount());
        parts << QStringLiteral("%1/%2").arg(m_overlay.ended).arg(expected);
    }
    const auto elapsed = m_overlay.elapsed(m_serverNow);
    if (m_overlay.status == RunStatus::Running || m_overlay.status == RunStatus::Waiting
        || m_overlay.status == RunStatus::Failed || !elapsed)
        parts << lookOf(m_overlay).word;
    if (elapsed && m_overlay.status != RunStatus::Skipped) {
        parts << durationText(*elapsed);
    }
    return parts.join(QStringLiteral(" · "));
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = Theme::instance();
    const StatusLook look = lookOf(m_overlay);
    const bool begun = m_overlay.status && *m_overlay.status != RunStatus::Skipped;
    painter->setRenderHint(QPainter::Antialiasing);

    QPen border(begun ? theme.color(look.tone) : theme.color(ColorRole::Border), 1);
    if (!m_overlay.status)
        border.setStyle(Qt::DashLine);
    if (m_overlay.critical)
        border.setWidthF(2);
    painter->setPen(border);
    painter->setBrush(begun && look.tone != Tone::Neutral ? theme.surface(look.tone)
                                                          : theme.color(ColorRole::Surface));
    const QRectF box = QRectF(QPointF(), m_size).adjusted(0.5, 0.5, -0.5, -0.5);
    painter->drawRoundedRect(box, radius, radius);
    if (m_chosen) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(theme.color(ColorRole::Accent), 2));
        painter->drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), radius + 2, radius + 2);
    }

    const qreal ratio
        = painter->device()->devicePixelRatioF() * std::max(1.0, painter->worldTransform().m11());
    painter->drawPixmap(QPointF(spacing::Small, spacing::Small),
                        themedPixmap(look.icon, theme.color(look.tone), iconSize, ratio));
    if (m_problem)
        painter->drawPixmap(QPointF(m_size.width() - iconSize - spacing::Hair, spacing::Hair),
                            themedPixmap(QStringLiteral("triangle-alert"),
                                         theme.color(Tone::Warning), iconSize - 2, ratio));
    const qreal width = m_size.width() - textLeft - spacing::Small;
    painter->setFont(titleFont());
    painter->setPen(m_overlay.status ? theme.color(ColorRole::Text)
                                     : theme.color(ColorRole::Muted));
    painter->drawText(QRectF(textLeft, spacing::Hair, width, 22), Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(m_node.title, Qt::ElideRight, int(width)));
    painter->setFont(theme.smallFont());
    painter->setPen(begun && look.tone != Tone::Neutral ? theme.color(look.tone)
                                                        : theme.color(ColorRole::Muted));
    painter->drawText(QRectF(textLeft, 25, width, 18), Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(secondLine(), Qt::ElideRight, int(width)));
}

void NodeItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    event->accept();
    Q_EMIT pressed(m_node.id);
}

FrameItem::FrameItem(QString title, const QRectF &rect) : m_title(std::move(title)), m_rect(rect)
{
    setZValue(-2);
}

void FrameItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const Theme &theme = Theme::instance();
    painter->setRenderHint(QPainter::Antialiasing);
    QColor fill = theme.color(ColorRole::Raised);
    fill.setAlpha(120);
    painter->setBrush(fill);
    painter->setPen(theme.color(ColorRole::Border));
    painter->drawRoundedRect(m_rect, radius + 2, radius + 2);
    painter->setFont(theme.smallFont());
    painter->setPen(theme.color(ColorRole::Muted));
    painter->drawText(m_rect.adjusted(spacing::Medium, spacing::Small, -spacing::Small, 0),
                      Qt::AlignTop | Qt::AlignLeft, m_title);
}

EdgeItem::EdgeItem(const GraphEdge &edge, const EdgeCourse &course) : m_edge(edge)
{
    setZValue(-1);
    if (course.isEmpty())
        return;
    m_path.moveTo(course.first());
    for (qsizetype i = 1; i < course.size(); ++i) {
        const QPointF a = course[i - 1];
        const QPointF b = course[i];
        const qreal middle = (a.x() + b.x()) / 2;
        if (qFuzzyCompare(a.y(), b.y()))
            m_path.lineTo(b);
        else
            m_path.cubicTo(QPointF(middle, a.y()), QPointF(middle, b.y()), b);
    }
    m_end = course.last();
    m_bounds = m_path.boundingRect().adjusted(-4, -6, 4, 6);
}

void EdgeItem::setCritical(bool critical)
{
    m_critical = critical;
    update();
}

void EdgeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (m_path.isEmpty())
        return;
    const Theme &theme = Theme::instance();
    const QColor color = m_critical ? theme.color(ColorRole::Text) : theme.color(ColorRole::Faint);
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(color, m_critical ? 2.4 : 1.2);
    if (m_edge.kind == GraphEdge::Kind::WorkflowRun)
        pen.setStyle(Qt::DashLine);
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(m_path);
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    painter->drawPolygon(QPolygonF({m_end, m_end + QPointF(-7, -4), m_end + QPointF(-7, 4)}));
}

} // namespace pilothouse
