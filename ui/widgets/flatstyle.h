#pragma once

#include <QProxyStyle>

class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionSlider;
class QStyleOptionTab;

namespace pilothouse {

/// Fusion without its bevels: flat buttons, tabs with a line under the chosen one, quiet headers,
/// thin scroll bars, and room between the columns of tables. Colours come from the theme.
class FlatStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    FlatStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                            QPainter *painter, const QWidget *widget) const override;
    [[nodiscard]] QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option,
                                       SubControl part, const QWidget *widget) const override;
    [[nodiscard]] QRect subElementRect(SubElement element, const QStyleOption *option,
                                       const QWidget *widget) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption *option,
                                         const QSize &contents,
                                         const QWidget *widget) const override;
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption *option,
                                  const QWidget *widget) const override;

private:
    void drawButton(const QStyleOption &option, QPainter &painter) const;
    void drawToolButton(const QStyleOption &option, QPainter &painter) const;
    void drawField(const QStyleOption &option, QPainter &painter) const;
    void drawCheckBox(const QStyleOption &option, QPainter &painter) const;
    void drawTab(const QStyleOptionTab &option, QPainter &painter) const;
    void drawHeader(const QStyleOption &option, QPainter &painter) const;
    void drawScrollBar(const QStyleOptionSlider &option, QPainter &painter,
                       const QWidget *widget) const;
    void drawChevron(const QRectF &place, bool enabled, QPainter &painter) const;
    void drawComboBox(const QStyleOptionComboBox &option, QPainter &painter,
                      const QWidget *widget) const;
    [[nodiscard]] QRect scrollBarRect(const QStyleOptionSlider &option, SubControl part) const;
};

} // namespace pilothouse
