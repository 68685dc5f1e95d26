#include "app/console/start/shortenedlabel.h"

#include <QHelpEvent>
#include <QPainter>
#include <QTextLayout>
#include <QToolTip>

#include <algorithm>

namespace pilothouse {

ShortenedLabel::ShortenedLabel(int mostLines, QWidget *parent)
    : QLabel(parent), m_mostLines(mostLines)
{
    setTextFormat(Qt::PlainText);
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QStringList ShortenedLabel::linesAt(int width) const
{
    const QString whole = text().simplified();
    QTextOption option;
    option.setWrapMode(m_mostLines == 1 ? QTextOption::NoWrap
                                        : QTextOption::WrapAtWordBoundaryOrAnywhere);
    QTextLayout layout(whole, font());
    layout.setTextOption(option);
    layout.beginLayout();
    QStringList lines;
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 1));
        // The last one that there is room for takes the rest, to be cut off.
        if (lines.size() + 1 == m_mostLines) {
            lines << fontMetrics().elidedText(whole.mid(line.textStart()), Qt::ElideRight, width);
            break;
        }
        lines << whole.mid(line.textStart(), line.textLength());
    }
    layout.endLayout();
    return lines;
}

int ShortenedLabel::heightForWidth(int width) const
{
    return int(std::max<qsizetype>(linesAt(width).size(), 1)) * fontMetrics().lineSpacing();
}

QSize ShortenedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()), fontMetrics().lineSpacing()};
}

QSize ShortenedLabel::minimumSizeHint() const
{
    // A window that is as small as may be has room for them all.
    return {fontMetrics().averageCharWidth(), m_mostLines * fontMetrics().lineSpacing()};
}

void ShortenedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    int y = 0;
    for (const QString &line : linesAt(width())) {
        painter.drawText(0, y + fontMetrics().ascent(), line);
        y += fontMetrics().lineSpacing();
    }
}

bool ShortenedLabel::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QLabel::event(event);
    const QStringList lines = linesAt(width());
    const bool isCut = !lines.isEmpty() && !text().simplified().endsWith(lines.constLast());
    if (isCut)
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), text(), this);
    else
        QToolTip::hideText();
    return true;
}

} // namespace pilothouse
