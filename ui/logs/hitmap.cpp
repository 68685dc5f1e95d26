#include "ui/logs/hitmap.h"

#include "logs/lineset.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int markHeight = 2;

} // namespace

HitMap::HitMap(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("hitMap"));
    setAccessibleName(tr("Where hits and errors are"));
    setFixedWidth(spacing::Medium);
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&QWidget::update));
}

QSize HitMap::sizeHint() const
{
    return {spacing::Medium, spacing::Large};
}

void HitMap::setMarks(const LineSet *hits, const LineSet *errors, qint64 lineCount)
{
    m_hits = hits;
    m_errors = errors;
    m_lineCount = lineCount;
    const auto sizeOf = [](const LineSet *set) {
        return set ? qint64(set->size()) : 0;
    };
    setToolTip(tr("%1 lines with hits, %2 errors").arg(sizeOf(hits)).arg(sizeOf(errors)));
    update();
}

void HitMap::setWindow(qint64 first, qint64 last)
{
    if (m_first == first && m_last == last)
        return;
    m_first = first;
    m_last = last;
    update();
}

qint64 HitMap::lineAt(int y) const
{
    return std::clamp<qint64>(m_lineCount * y / std::max(1, height()), 0, m_lineCount);
}

void HitMap::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(ColorRole::CodeBackground));
    if (m_lineCount == 0)
        return;
    const auto place = [this](qint64 line) {
        return int(line * height() / m_lineCount);
    };
    const int top = place(m_first);
    painter.fillRect(QRect(0, top, width(), std::max(markHeight * 2, place(m_last + 1) - top)),
                     theme.color(ColorRole::Selection));
    const int half = width() / 2;
    const auto paint = [&](const LineSet *set, int left, const QColor &color) {
        for (int y = 0; set && y < height(); y += markHeight) {
            if (set->before(lineAt(y + markHeight)) > set->before(lineAt(y)))
                painter.fillRect(left, y, half - 1, markHeight, color);
        }
    };
    paint(m_errors, 1, theme.color(Tone::Danger));
    paint(m_hits, half, theme.color(ColorRole::Accent));
}

void HitMap::mousePressEvent(QMouseEvent *event)
{
    if (m_lineCount == 0)
        return;
    // The nearest mark a few pixels around; without one, the place itself.
    const qint64 line = lineAt(event->pos().y());
    const qint64 reach = std::max<qint64>(1, m_lineCount * 4 / std::max(1, height()));
    const LineSet *set = m_hits && !m_hits->empty() ? m_hits : m_errors;
    const qint64 hit = set ? set->next(line - reach - 1) : -1;
    Q_EMIT lineChosen(hit >= 0 && hit <= line + reach ? hit : std::min(line, m_lineCount - 1));
}

} // namespace pilothouse
