#include "ui/widgets/pill.h"

#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"

#include <QFontMetrics>
#include <QPainter>

namespace pilothouse {

Pill::Pill(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&Pill::update));
}

void Pill::setStatus(Tone tone, const QString &icon, const QString &word)
{
    if (m_tone == tone && m_icon == icon && m_word == word)
        return;
    m_tone = tone;
    m_icon = icon;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize Pill::sizeHint() const
{
    const int text = QFontMetrics(Theme::instance().textFont()).horizontalAdvance(m_word);
    const int icon = m_icon.isEmpty() ? 0 : pillIconSize + spacing::Hair;
    return {text + icon + 2 * spacing::Small, pillHeight};
}

void Pill::draw(QPainter &painter, const QRect &rect, Tone tone, const QString &icon,
                const QString &word)
{
    const Theme &theme = Theme::instance();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.surface(tone));
    painter.drawRoundedRect(rect, spacing::Hair, spacing::Hair);
    int x = rect.left() + spacing::Small;
    if (!icon.isEmpty()) {
        painter.drawPixmap(x, rect.center().y() - pillIconSize / 2 + 1,
                           themedPixmap(icon, theme.color(tone), pillIconSize,
                                        painter.device()->devicePixelRatioF()));
        x += pillIconSize + spacing::Hair;
    }
    painter.setPen(theme.color(tone));
    const QRect text(x, rect.top(), rect.right() - spacing::Hair - x, rect.height());
    painter.drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                     painter.fontMetrics().elidedText(word, Qt::ElideRight, text.width()));
    painter.restore();
}

void Pill::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(Theme::instance().textFont());
    draw(painter, rect(), m_tone, m_icon, m_word);
}

} // namespace pilothouse
