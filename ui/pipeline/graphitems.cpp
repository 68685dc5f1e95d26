#include "ui/pipeline/graphitems.h"

#include "ui/pipeline/nodewords.h"
#include "ui/pipeline/statuswords.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QCursor>
#include <QGraphicsSceneMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace pilothouse {
namespace {

constexpr int nodeHeight = 48;
constexpr int narrowest = 148; ///< "1:00, queued 0:20" beside a mark at each zoom that shows it
constexpr int widest = 260;
constexpr int iconSize = 16;
constexpr int radius = 6;
constexpr int textLeft = spacing::Small + iconSize + spacing::Small;
constexpr int markSize = 14;
constexpr int largerMark = 20;  ///< where the zoom makes the other too small
constexpr int buildWidth = 184; ///< the step and its time; the same whatever the build says
constexpr int pile = 3;         ///< how far the second box of a folded frame shows
constexpr int frameHeader = 28; ///< as LayoutSettings keeps room for
constexpr int frameTextLeft = spacing::Small + 12 + spacing::Hair;
/// Below this zoom a node has room for one line only, and below the next for none.
constexpr double shorterBelow = 0.72;
/// How much larger the letters of two lines may be.
constexpr double largestLetters = 1.2;
constexpr double iconsOnlyBelow = 0.36;

/// How much larger letters are drawn so that a smaller zoom leaves them legible.
double lettersAt(double zoom)
{
    return zoom >= 1 ? 1.0 : std::min(1 / zoom, zoom < shorterBelow ? 2.2 : largestLetters);
}

QFont scaled(QFont font, double factor)
{
    font.setPixelSize(int(std::lround(font.pixelSize() * factor)));
    return font;
}

int markAt(double zoom)
{
    return zoom < shorterBelow ? largerMark : markSize;
}

bool hasBegun(const NodeOverlay &overlay)
{
    return overlay.status && *overlay.status != RunStatus::Skipped;
}

/// Whether its state colours it.
bool isToned(const NodeOverlay &overlay)
{
    return hasBegun(overlay) && lookOf(overlay).tone != Tone::Neutral;
}

QFont titleFont()
{
    QFont font = Theme::instance().textFont();
    font.setWeight(QFont::Medium);
    return font;
}

} // namespace

NodeItem::NodeItem(const GraphNode &node, Kind kind, const QSizeF &size)
    : m_node(node), m_kind(kind), m_size(size)
{
    setAcceptedMouseButtons(Qt::LeftButton);
    setCursor(Qt::PointingHandCursor);
}

QSizeF NodeItem::sizeFor(const GraphNode &node)
{
    // Room for the larger letters of a smaller zoom.
    int text = int(QFontMetrics(titleFont()).horizontalAdvance(node.title) * largestLetters);
    // A job with an environment may have to wait; room for these words is always kept.
    if (!node.job.environment.isEmpty()) {
        const QString waits = lookOf(RunStatus::Waiting).word;
        text = std::max(text, QFontMetrics(Theme::instance().smallFont()).horizontalAdvance(waits)
                                  + markSize);
    }
    if (node.kind == GraphNode::Kind::Build)
        text = std::max(text, buildWidth - textLeft - spacing::Medium);
    return {qreal(qBound(narrowest, text + textLeft + spacing::Medium, widest)), qreal(nodeHeight)};
}

QString NodeItem::spoken() const
{
    QString words = spokenNode(m_node, m_overlay);
    if (m_problems.isEmpty())
        return words;
    return m_problems.size() == 1
               ? tr("%1, the doctor found a problem").arg(words)
               : tr("%1, the doctor found %2 problems").arg(words).arg(m_problems.size());
}

double NodeItem::letterHeightAt(double zoom)
{
    return zoom < iconsOnlyBelow ? 0 : scaled(titleFont(), lettersAt(zoom)).pixelSize() * zoom;
}

void NodeItem::setOverlay(const NodeOverlay &overlay, const QDateTime &serverNow)
{
    // Durations are shown in whole seconds, so nothing else has changed within one.
    const bool runs = overlay.startedAt.isValid() && !overlay.completedAt.isValid();
    const bool ticks = (runs || overlay.status == RunStatus::Queued)
                       && serverNow.toSecsSinceEpoch() != m_serverNow.toSecsSinceEpoch();
    const bool changed = overlay != m_overlay;
    if (!changed && !ticks)
        return;
    m_overlay = overlay;
    m_serverNow = serverNow;
    refreshToolTip();
    if (changed || m_showsTime)
        update();
}

void NodeItem::setChosen(bool chosen)
{
    if (chosen == m_chosen)
        return;
    m_chosen = chosen;
    update();
}

void NodeItem::setProblems(const QList<Finding> &problems)
{
    if (problems == m_problems)
        return;
    m_problems = problems;
    refreshToolTip();
    update();
}

void NodeItem::refreshToolTip()
{
    QStringList lines{nodeToolTip(m_node, m_overlay, m_serverNow)};
    if (!m_problems.isEmpty())
        lines << tr("The doctor found:") << findingLines(m_problems);
    setToolTip(lines.join(QLatin1Char('\n')));
}

QRectF NodeItem::boundingRect() const
{
    return QRectF(QPointF(), m_size).adjusted(-3, -3, 3 + pile, 3 + pile);
}

int NodeItem::textWidthAt(double zoom) const
{
    const double grown = zoom < shorterBelow ? iconSize * (lettersAt(zoom) - 1) : 0;
    return int(m_size.width() - textLeft - grown) - spacing::Small;
}

QString NodeItem::lineAt(double zoom) const
{
    if (zoom < shorterBelow)
        return {};
    const QFontMetrics metrics(scaled(Theme::instance().smallFont(), lettersAt(zoom)));
    return fittingLine(nodeLines(m_node, m_overlay, m_serverNow), metrics, lineWidthAt(zoom));
}

int NodeItem::lineWidthAt(double zoom) const
{
    return int(m_size.width()) - 2 * spacing::Small - (m_problems.isEmpty() ? 0 : markAt(zoom));
}

void NodeItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    const double zoom = painter->worldTransform().m11();
    m_showsTime = zoom >= shorterBelow;
    painter->setRenderHint(QPainter::Antialiasing);
    paintBox(painter);
    paintIcons(painter, zoom);
    if (zoom >= iconsOnlyBelow)
        paintWords(painter, zoom);
}

void NodeItem::paintBox(QPainter *painter) const
{
    const Theme &theme = Theme::instance();
    const StatusLook look = lookOf(m_overlay);
    QPen border(hasBegun(m_overlay) ? theme.color(look.tone) : theme.color(ColorRole::Border), 1);
    if (!m_overlay.status)
        border.setStyle(Qt::DashLine);
    if (m_overlay.willBeSkipped())
        border.setColor(theme.color(ColorRole::Faint));
    if (m_overlay.critical)
        border.setWidthF(2);
    painter->setPen(border);
    painter->setBrush(m_overlay.willBeSkipped() ? QBrush(Qt::NoBrush)
                      : isToned(m_overlay)      ? QBrush(theme.surface(look.tone))
                                                : QBrush(theme.color(ColorRole::Surface)));
    const QRectF box = QRectF(QPointF(), m_size).adjusted(0.5, 0.5, -0.5, -0.5);
    if (m_kind == Kind::Folded) // a pile: there is more behind it
        painter->drawRoundedRect(box.translated(pile, pile), radius, radius);
    painter->drawRoundedRect(box, radius, radius);
    if (m_chosen) {
        painter->setBrush(Qt::NoBrush);
        painter->setPen(QPen(theme.color(ColorRole::Accent), 2));
        painter->drawRoundedRect(box.adjusted(-2.5, -2.5, 2.5, 2.5), radius + 2, radius + 2);
    }
}

void NodeItem::paintIcons(QPainter *painter, double zoom) const
{
    const Theme &theme = Theme::instance();
    const StatusLook look = lookOf(m_overlay);
    const qreal ratio = painter->device()->devicePixelRatioF() * std::max(1.0, zoom);
    const bool alone = zoom < iconsOnlyBelow;
    const bool shorter = zoom < shorterBelow;
    const int size = alone     ? int(m_size.height()) - 2 * spacing::Small
                     : shorter ? int(iconSize * lettersAt(zoom))
                               : iconSize;
    const QPointF place = alone     ? QPointF((m_size.width() - size) / 2, spacing::Small)
                          : shorter ? QPointF(spacing::Small, (m_size.height() - size) / 2)
                                    : QPointF(spacing::Small, spacing::Small);
    painter->drawPixmap(place, themedPixmap(look.icon, theme.color(look.tone), size, ratio));
    if (m_problems.isEmpty())
        return;
    const int mark = markAt(zoom);
    painter->drawPixmap(
        QPointF(m_size.width() - mark - spacing::Hair, m_size.height() - mark - spacing::Hair),
        themedPixmap(QStringLiteral("triangle-alert"), theme.color(Tone::Warning), mark, ratio));
}

void NodeItem::paintWords(QPainter *painter, double zoom) const
{
    const Theme &theme = Theme::instance();
    const double letters = lettersAt(zoom);
    const bool shorter = zoom < shorterBelow;
    const qreal left = m_size.width() - spacing::Small - textWidthAt(zoom);
    // The mark stands beside the second line, or beside the only one.
    const qreal width = textWidthAt(zoom) - (shorter && !m_problems.isEmpty() ? markAt(zoom) : 0);
    painter->setFont(scaled(titleFont(), letters));
    painter->setPen(m_overlay.status ? theme.color(ColorRole::Text)
                                     : theme.color(ColorRole::Muted));
    const QRectF title = shorter ? QRectF(left, 0, width, m_size.height())
                                 : QRectF(left, spacing::Hair, width, 22);
    painter->drawText(title, Qt::AlignVCenter | Qt::AlignLeft,
                      painter->fontMetrics().elidedText(m_node.title, Qt::ElideRight, int(width)));
    if (shorter)
        return;
    painter->setFont(scaled(theme.smallFont(), letters));
    painter->setPen(isToned(m_overlay) ? theme.color(lookOf(m_overlay).tone)
                                       : theme.color(ColorRole::Muted));
    // Below the title, or from below the icon on where it needs that room too.
    const QString line = lineAt(zoom);
    const int room = lineWidthAt(zoom);
    const bool fits
        = left + painter->fontMetrics().horizontalAdvance(line) <= spacing::Small + room;
    const qreal begin = fits ? left : spacing::Small;
    painter->drawText(QRectF(begin, 25, room, 19), Qt::AlignVCenter | Qt::AlignLeft, line);
}

void NodeItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    event->accept();
    Q_EMIT pressed(m_node.id);
}

void NodeItem::mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event)
{
    event->accept();
    if (m_kind == Kind::Folded)
        Q_EMIT unfoldAsked(m_node.id);
}

FrameItem::FrameItem(const GraphFrame &frame, const QRectF &rect)
    : m_id(frame.id), m_path(frame.path), m_title(frame.title), m_rect(rect)
{
    setZValue(-2);
    setAcceptedMouseButtons(Qt::LeftButton);
    setProblems({});
}

void FrameItem::setProblems(const QList<Finding> &problems)
{
    m_problem = !problems.isEmpty();
    QStringList lines{tr("%1: a click on the name folds it").arg(m_path)};
    if (m_problem)
        lines << tr("The doctor found:") << findingLines(problems);
    setToolTip(lines.join(QLatin1Char('\n')));
    update();
}

QRectF FrameItem::handle() const
{
    return {m_rect.left(), m_rect.top(), std::min(m_rect.width(), qreal(widest)),
            qreal(frameHeader)};
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
    const double zoom = painter->worldTransform().m11();
    const qreal ratio = painter->device()->devicePixelRatioF() * std::max(1.0, zoom);
    painter->drawPixmap(
        m_rect.topLeft() + QPointF(spacing::Small, spacing::Small + 1),
        themedPixmap(QStringLiteral("chevron-down"), theme.color(ColorRole::Muted), 12, ratio));
    painter->setFont(scaled(theme.smallFont(), lettersAt(zoom)));
    painter->setPen(theme.color(ColorRole::Muted));
    const int mark = markAt(zoom);
    const QRectF words(m_rect.left() + frameTextLeft, m_rect.top() + spacing::Hair,
                       m_rect.width() - frameTextLeft - spacing::Small
                           - (m_problem ? mark + spacing::Hair : 0),
                       frameHeader - spacing::Hair);
    const QString title
        = painter->fontMetrics().elidedText(m_title, Qt::ElideRight, int(words.width()));
    painter->drawText(words, Qt::AlignVCenter | Qt::AlignLeft, title);
    if (m_problem)
        painter->drawPixmap(
            QPointF(words.left() + painter->fontMetrics().horizontalAdvance(title) + spacing::Hair,
                    words.center().y() - mark / 2.0),
            themedPixmap(QStringLiteral("triangle-alert"), theme.color(Tone::Warning), mark,
                         ratio));
}

void FrameItem::mousePressEvent(QGraphicsSceneMouseEvent *event)
{
    // Elsewhere in the frame a press is for the view, which drags; the right button asks for a
    // menu.
    if (event->button() != Qt::LeftButton || !handle().contains(event->pos())) {
        event->ignore();
        return;
    }
    event->accept();
    Q_EMIT foldAsked(m_id);
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
    if (critical == m_critical)
        return;
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
