#include "ui/widgets/flatstyle.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyleFactory>
#include <QStyleOption>
#include <QToolButton>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qreal radius = 4;
constexpr int lineUnderTab = 2;
constexpr int scrollBarExtent = 12;
constexpr int shortestSlider = 28;
constexpr int columnMargin = 6;
constexpr int buttonPadding = 16; ///< more than Fusion's
constexpr int buttonHeight = 28;
constexpr int menuMark = 16; ///< room for the chevron of a button with a menu

QColor color(ColorRole role)
{
    return Theme::instance().color(role);
}

QColor mixed(const QColor &over, const QColor &under, qreal part)
{
    const auto channel = [part](int a, int b) {
        return int(part * a + (1 - part) * b);
    };
    return {channel(over.red(), under.red()), channel(over.green(), under.green()),
            channel(over.blue(), under.blue())};
}

void fillRounded(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &border)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(border.isValid() ? QPen(border) : QPen(Qt::NoPen));
    painter.setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.restore();
}

bool isEnabled(const QStyleOption &option)
{
    return option.state & QStyle::State_Enabled;
}

bool isPressed(const QStyleOption &option)
{
    return option.state & (QStyle::State_Sunken | QStyle::State_On);
}

bool isUnderMouse(const QStyleOption &option)
{
    return isEnabled(option) && (option.state & QStyle::State_MouseOver);
}

/// The one that Enter presses.
bool isDefault(const QStyleOption &option)
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(&option);
    return button && isEnabled(option)
           && button->features.testFlag(QStyleOptionButton::DefaultButton);
}

} // namespace

FlatStyle::FlatStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void FlatStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option,
                              QPainter *painter, const QWidget *widget) const
{
    switch (element) {
    case PE_PanelButtonCommand:
        return drawButton(*option, *painter);
    case PE_PanelButtonTool:
        return drawToolButton(*option, *painter);
    case PE_PanelLineEdit:
    case PE_FrameLineEdit:
        return drawField(*option, *painter);
    case PE_IndicatorCheckBox:
        return drawCheckBox(*option, *painter);
    case PE_FrameFocusRect:
        if (option->state & State_KeyboardFocusChange)
            fillRounded(*painter, option->rect, {}, color(ColorRole::Accent));
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, color(ColorRole::Border));
        painter->fillRect(option->rect.adjusted(1, 1, -1, -1), color(ColorRole::Raised));
        return;
    case PE_FrameTabBarBase:
        return;
    case PE_IndicatorArrowDown:
        if (qobject_cast<const QToolButton *>(widget))
            return drawChevron(
                QRectF(widget->width() - menuMark, 0, menuMark - columnMargin, widget->height()),
                isEnabled(*option), *painter);
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    case PE_PanelScrollAreaCorner:
        painter->fillRect(option->rect, option->palette.color(QPalette::Base));
        return;
    default:
        return QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void FlatStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                            const QWidget *widget) const
{
    if (element == CE_HeaderSection || element == CE_HeaderEmptyArea)
        return drawHeader(*option, *painter);
    if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
        if (element == CE_TabBarTabShape)
            return drawTab(*tab, *painter);
        if (element == CE_TabBarTabLabel) {
            QStyleOptionTab label(*tab);
            const bool chosen = tab->state & State_Selected;
            label.palette.setColor(QPalette::WindowText,
                                   color(chosen ? ColorRole::Text : ColorRole::Muted));
            return QProxyStyle::drawControl(element, &label, painter, widget);
        }
    }
    if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        header && element == CE_HeaderLabel) {
        QStyleOptionHeader label(*header);
        label.palette.setColor(QPalette::ButtonText, color(ColorRole::Muted));
        return QProxyStyle::drawControl(element, &label, painter, widget);
    }
    if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        button && element == CE_PushButtonLabel && isDefault(*option)) {
        QStyleOptionButton label(*button);
        label.palette.setColor(QPalette::ButtonText, color(ColorRole::AccentText));
        return QProxyStyle::drawControl(element, &label, painter, widget);
    }
    if (const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        box && element == CE_ComboBoxLabel) {
        QStyleOptionComboBox label(*box);
        const QRect field = subControlRect(CC_ComboBox, box, SC_ComboBoxEditField, widget);
        label.currentText = box->fontMetrics.elidedText(box->currentText, Qt::ElideRight,
                                                        field.width() - columnMargin);
        return QProxyStyle::drawControl(element, &label, painter, widget);
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void FlatStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                                   QPainter *painter, const QWidget *widget) const
{
    if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        bar && control == CC_ScrollBar)
        return drawScrollBar(*bar, *painter, widget);
    if (const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option);
        box && control == CC_ComboBox && !box->editable)
        return drawComboBox(*box, *painter, widget);
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void FlatStyle::drawButton(const QStyleOption &option, QPainter &painter) const
{
    const bool first = isDefault(option);
    QColor fill = color(first ? ColorRole::Accent : ColorRole::Surface);
    if (isPressed(option))
        fill = mixed(color(ColorRole::Text), fill, 0.16);
    else if (isUnderMouse(option))
        fill = mixed(color(ColorRole::Text), fill, 0.06);
    if (!isEnabled(option))
        fill = color(ColorRole::Window);
    constexpr State byKeyboard = State_HasFocus | State_KeyboardFocusChange;
    const bool marked = first || (option.state & byKeyboard) == byKeyboard;
    const QColor border = mixed(color(ColorRole::Muted), color(ColorRole::Border), 0.3);
    fillRounded(painter, option.rect, fill,
                marked              ? color(ColorRole::Accent)
                : isEnabled(option) ? border
                                    : color(ColorRole::Border));
}

void FlatStyle::drawToolButton(const QStyleOption &option, QPainter &painter) const
{
    const bool raised = !(option.state & State_AutoRaise);
    if (!raised && !isPressed(option) && !isUnderMouse(option))
        return;
    const QColor fill = option.state & State_On ? color(ColorRole::Selection)
                        : isPressed(option)     ? color(ColorRole::Border)
                                                : color(ColorRole::Raised);
    fillRounded(painter, option.rect, fill, raised ? color(ColorRole::Border) : QColor());
}

void FlatStyle::drawCheckBox(const QStyleOption &option, QPainter &painter) const
{
    const QColor ink = color(isEnabled(option) ? ColorRole::Text : ColorRole::Faint);
    fillRounded(painter, option.rect, color(ColorRole::Surface),
                color(isUnderMouse(option) ? ColorRole::Accent : ColorRole::Muted));
    if (!(option.state & (State_On | State_NoChange)))
        return;
    const QRectF box = QRectF(option.rect);
    QPainterPath mark;
    if (option.state & State_NoChange) {
        mark.moveTo(box.left() + box.width() * 0.25, box.center().y());
        mark.lineTo(box.left() + box.width() * 0.75, box.center().y());
    } else {
        mark.moveTo(box.left() + box.width() * 0.25, box.top() + box.height() * 0.52);
        mark.lineTo(box.left() + box.width() * 0.43, box.top() + box.height() * 0.7);
        mark.lineTo(box.left() + box.width() * 0.75, box.top() + box.height() * 0.32);
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(mark);
    painter.restore();
}

void FlatStyle::drawField(const QStyleOption &option, QPainter &painter) const
{
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(&option);
    if (frame && frame->lineWidth == 0) {
        painter.fillRect(option.rect, color(ColorRole::Surface));
        return;
    }
    const bool focused = option.state & State_HasFocus;
    fillRounded(painter, option.rect, color(ColorRole::Surface),
                focused ? color(ColorRole::Accent)
                        : mixed(color(ColorRole::Muted), color(ColorRole::Border), 0.3));
}

void FlatStyle::drawTab(const QStyleOptionTab &option, QPainter &painter) const
{
    const QRect rect = option.rect.adjusted(2, 2, -2, -lineUnderTab - 2);
    if (option.state & State_Selected) {
        const QRect line(option.rect.left() + 2, option.rect.bottom() + 1 - lineUnderTab,
                         option.rect.width() - 4, lineUnderTab);
        painter.fillRect(line, color(ColorRole::Accent));
    } else if (isUnderMouse(option)) {
        fillRounded(painter, rect, mixed(color(ColorRole::Text), color(ColorRole::Window), 0.06),
                    {});
    }
}

void FlatStyle::drawHeader(const QStyleOption &option, QPainter &painter) const
{
    painter.fillRect(option.rect, color(ColorRole::Surface));
    painter.fillRect(QRect(option.rect.bottomLeft(), QSize(option.rect.width(), 1)),
                     color(ColorRole::Border));
}

void FlatStyle::drawScrollBar(const QStyleOptionSlider &option, QPainter &painter,
                              const QWidget *widget) const
{
    painter.fillRect(option.rect, option.palette.color(QPalette::Base));
    if (option.maximum <= option.minimum)
        return;
    const QRect slider = proxy()
                             ->subControlRect(CC_ScrollBar, &option, SC_ScrollBarSlider, widget)
                             .adjusted(3, 3, -3, -3);
    const bool held
        = (option.state & State_Sunken) && (option.activeSubControls & SC_ScrollBarSlider);
    const qreal part = held ? 0.9 : isUnderMouse(option) ? 0.7 : 0.45;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(color(ColorRole::Muted), color(ColorRole::Surface), part));
    const qreal round = std::min(slider.width(), slider.height()) / 2.0;
    painter.drawRoundedRect(slider, round, round);
    painter.restore();
}

void FlatStyle::drawComboBox(const QStyleOptionComboBox &option, QPainter &painter,
                             const QWidget *widget) const
{
    QStyleOption frame(option);
    drawButton(frame, painter);
    const QRect arrow = proxy()->subControlRect(CC_ComboBox, &option, SC_ComboBoxArrow, widget);
    drawChevron(arrow, isEnabled(option), painter);
}

void FlatStyle::drawChevron(const QRectF &place, bool enabled, QPainter &painter) const
{
    constexpr qreal half = 4;
    const QPointF middle = place.center() + QPointF(0, half / 2);
    QPainterPath chevron(middle + QPointF(-half, -half));
    chevron.lineTo(middle);
    chevron.lineTo(middle + QPointF(half, -half));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color(enabled ? ColorRole::Muted : ColorRole::Faint), 1.5, Qt::SolidLine,
                        Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(chevron);
    painter.restore();
}

QRect FlatStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option,
                                SubControl part, const QWidget *widget) const
{
    if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        bar && control == CC_ScrollBar)
        return scrollBarRect(*bar, part);
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QRect FlatStyle::scrollBarRect(const QStyleOptionSlider &option, SubControl part) const
{
    const QRect all = option.rect;
    const bool horizontal = option.orientation == Qt::Horizontal;
    const int length = horizontal ? all.width() : all.height();
    const qint64 range = qint64(option.maximum) - option.minimum;
    int slider = length;
    if (range > 0) {
        const qint64 share = qint64(length) * option.pageStep / (range + option.pageStep);
        slider = std::min(length, std::max(shortestSlider, int(share)));
    }
    const int start = sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition,
                                              length - slider, option.upsideDown);
    const auto span = [&](int from, int to) {
        const QRect rect = horizontal ? QRect(all.left() + from, all.top(), to - from, all.height())
                                      : QRect(all.left(), all.top() + from, all.width(), to - from);
        return visualRect(option.direction, all, rect);
    };
    switch (part) {
    case SC_ScrollBarSlider:
        return span(start, start + slider);
    case SC_ScrollBarSubPage:
        return span(0, start);
    case SC_ScrollBarAddPage:
        return span(start + slider, length);
    case SC_ScrollBarGroove:
        return all;
    default:
        return {}; // no buttons at the ends
    }
}

QRect FlatStyle::subElementRect(SubElement element, const QStyleOption *option,
                                const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    const auto *field = qstyleoption_cast<const QStyleOptionFrame *>(option);
    // A field without a frame lies in something that has one.
    if (element == SE_LineEditContents && field && field->lineWidth > 0)
        return rect.adjusted(spacing::Hair, 0, -spacing::Hair, 0);
    return rect;
}

QSize FlatStyle::sizeFromContents(ContentsType type, const QStyleOption *option,
                                  const QSize &contents, const QWidget *widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_PushButton)
        size = {size.width() + buttonPadding, std::max(size.height(), buttonHeight)};
    else if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
             button && type == CT_ToolButton
             && (button->features & QStyleOptionToolButton::HasMenu))
        size.rwidth() += menuMark;
    else if (type == CT_ComboBox || type == CT_LineEdit)
        size.setHeight(std::max(size.height(), buttonHeight));
    return size;
}

int FlatStyle::pixelMetric(PixelMetric metric, const QStyleOption *option,
                           const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent:
        return scrollBarExtent;
    case PM_FocusFrameHMargin: // an item view's margin beside its text
    case PM_HeaderMargin:
        return columnMargin;
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

} // namespace pilothouse
