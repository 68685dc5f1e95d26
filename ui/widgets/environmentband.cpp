#include "ui/widgets/environmentband.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QPainter>

namespace pilothouse {
namespace {

ColorRole ground(EnvironmentMark::Kind kind)
{
    switch (kind) {
    case EnvironmentMark::Kind::Production:
        return ColorRole::Production;
    case EnvironmentMark::Kind::Rehearsal:
        return ColorRole::Rehearsal;
    case EnvironmentMark::Kind::Other:
        return ColorRole::Other;
    }
    return ColorRole::Other;
}

ColorRole ink(EnvironmentMark::Kind kind)
{
    switch (kind) {
    case EnvironmentMark::Kind::Production:
        return ColorRole::ProductionText;
    case EnvironmentMark::Kind::Rehearsal:
        return ColorRole::RehearsalText;
    case EnvironmentMark::Kind::Other:
        return ColorRole::OtherText;
    }
    return ColorRole::OtherText;
}

constexpr int bandHeight = 32;
constexpr int stripe = 8;

} // namespace

EnvironmentBand::EnvironmentBand(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, QOverload<>::of(&EnvironmentBand::update));
}

void EnvironmentBand::setEnvironment(const EnvironmentMark &mark)
{
    m_mark = mark;
    setAccessibleName(word(mark));
    update();
}

void EnvironmentBand::setTexts(const QString &left, const QString &right)
{
    if (left == m_left && right == m_right)
        return;
    m_left = left;
    m_right = right;
    update();
}

QSize EnvironmentBand::sizeHint() const
{
    return {400, bandHeight};
}

QString EnvironmentBand::word(const EnvironmentMark &mark)
{
    switch (mark.kind) {
    case EnvironmentMark::Kind::Production:
        return tr("PRODUCTION");
    case EnvironmentMark::Kind::Rehearsal:
        return tr("REHEARSAL");
    case EnvironmentMark::Kind::Other:
        return mark.name.toUpper();
    }
    return {};
}

void EnvironmentBand::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::instance();
    const QColor color = theme.color(ground(m_mark.kind));
    QPainter painter(this);
    painter.fillRect(rect(), color);
    if (m_mark.kind == EnvironmentMark::Kind::Rehearsal) {
        // Stripes along both ends of the band; the text stands on the plain middle.
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color.lighter(135));
        painter.setClipRect(QRect(0, height() - spacing::Hair, width(), spacing::Hair));
        for (int x = -stripe; x < width() + stripe; x += 2 * stripe) {
            const QPolygon bar{{QPoint(x, height()), QPoint(x + stripe, height()),
                                QPoint(x + stripe + spacing::Hair, height() - spacing::Hair),
                                QPoint(x + spacing::Hair, height() - spacing::Hair)}};
            painter.drawPolygon(bar);
        }
        painter.setClipping(false);
    }
    painter.setPen(theme.color(ink(m_mark.kind)));
    QFont bold = theme.textFont();
    bold.setWeight(QFont::Bold);
    bold.setLetterSpacing(QFont::AbsoluteSpacing, 0.8);
    painter.setFont(bold);
    const QRect inner = rect().adjusted(spacing::Medium, 0, -spacing::Medium, 0);
    const QString mark = QStringLiteral("■ ") + word(m_mark);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft, mark);
    const int used = painter.fontMetrics().horizontalAdvance(mark) + spacing::Medium;
    painter.setFont(theme.textFont());
    painter.drawText(inner.adjusted(used, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_left);
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignRight, m_right);
}

} // namespace pilothouse
