#include "ui/shell/guardlabel.h"

#include "ui/widgets/ink.h"

#include <QPainter>

namespace pilothouse {
namespace {

constexpr int leastWidth = 120;

Tone toneOf(GuardLine::Concern concern)
{
    switch (concern) {
    case GuardLine::Concern::Danger:
        return Tone::Danger;
    case GuardLine::Concern::Warning:
        return Tone::Warning;
    case GuardLine::Concern::Calm:
    case GuardLine::Concern::None:
        break;
    }
    return Tone::Neutral;
}

} // namespace

GuardLabel::GuardLabel(QWidget *parent) : QLabel(parent)
{
    setObjectName(QStringLiteral("guardLine"));
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
}

void GuardLabel::setLine(const GuardLine &line)
{
    if (line == m_line)
        return;
    m_line = line;
    setText(line.text);
    setToolTip(line.text);
    QFont shown = Theme::instance().textFont();
    if (line.concern == GuardLine::Concern::Danger)
        shown.setWeight(QFont::DemiBold);
    setFont(shown);
    setInk(this, toneOf(line.concern));
}

QSize GuardLabel::minimumSizeHint() const
{
    return {leastWidth, QLabel::minimumSizeHint().height()};
}

void GuardLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    const QRect place = contentsRect();
    painter.drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                     fontMetrics().elidedText(m_line.text, Qt::ElideRight, place.width()));
}

} // namespace pilothouse
