#include "ui/widgets/pillstrip.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/spacing.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace pilothouse {

PillStrip::PillStrip(Between between, QWidget *parent) : QWidget(parent), m_between(between)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&PillStrip::update));
}

void PillStrip::setItems(const QList<Item> &items)
{
    if (m_items == items)
        return;
    m_items = items;
    QStringList words;
    for (const Item &item : items)
        words << item.word;
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QList<QRect> PillStrip::rects(int width) const
{
    const QFontMetrics metrics(Theme::instance().textFont());
    const int gap = m_between == Between::Arrow ? spacing::Large : spacing::Small;
    QList<QRect> all;
    int x = 0;
    int y = 0;
    for (const Item &item : m_items) {
        const int icon = item.icon.isEmpty() ? 0 : pillIconSize + spacing::Hair;
        const int wide = metrics.horizontalAdvance(item.word) + icon + 2 * spacing::Small + 1;
        if (x > 0 && x + wide > width) {
            x = 0;
            y += pillHeight + spacing::Hair;
        }
        all.append(QRect(x, y, std::min(wide, width), pillHeight));
        x += wide + gap;
    }
    return all;
}

int PillStrip::heightForWidth(int width) const
{
    const QList<QRect> all = rects(width);
    return all.isEmpty() ? 0 : all.last().bottom() + 1;
}

QSize PillStrip::sizeHint() const
{
    return {320, heightForWidth(std::max(320, width()))};
}

void PillStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::instance();
    painter.setFont(theme.textFont());
    const QList<QRect> all = rects(width());
    for (qsizetype i = 0; i < all.size(); ++i) {
        Pill::draw(painter, all[i], m_items[i].tone, m_items[i].icon, m_items[i].word);
        if (m_between == Between::Arrow && i + 1 < all.size() && all[i + 1].top() == all[i].top())
            painter.drawPixmap(all[i].right() + (spacing::Large - pillIconSize) / 2 + 1,
                               all[i].center().y() - pillIconSize / 2 + 1,
                               themedPixmap(QStringLiteral("chevron-right"),
                                            theme.color(ColorRole::Faint), pillIconSize,
                                            devicePixelRatioF()));
    }
}

bool PillStrip::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QList<QRect> all = rects(width());
        for (qsizetype i = 0; i < all.size(); ++i) {
            if (all[i].contains(help->pos())) {
                QToolTip::showText(help->globalPos(), m_items[i].toolTip, this);
                return true;
            }
        }
    }
    return QWidget::event(event);
}

} // namespace pilothouse
