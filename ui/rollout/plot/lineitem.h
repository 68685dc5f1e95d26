#pragma once

#include "ui/rollout/plot/reduction.h"

#include <QColor>
#include <QGraphicsItem>

namespace pilothouse {

/// The lines of a chart, painted into its plot area: smooth while there is room between the points,
/// a stroke for each column of pixels where there is none, so that a week costs what a minute does.
/// The lines must outlive it or be taken away first.
class LineItem final : public QGraphicsItem
{
public:
    struct Shown
    {
        const PlotLine *line = nullptr;
        QColor color;
    };

    explicit LineItem(QGraphicsItem *parent = nullptr);

    void setLines(const std::vector<Shown> &lines);
    /// In the parent's coordinates.
    void setFrame(const PlotFrame &frame);
    [[nodiscard]] const PlotFrame &frame() const { return m_frame; }
    /// A dashed line over the whole width; nullopt = none.
    void setLimit(std::optional<double> value, const QColor &color);

    [[nodiscard]] QRectF boundingRect() const override { return m_frame.area; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    /// What was worked out for a line, until line or frame change.
    struct Drawn
    {
        Shown shown;
        PlotFrame frame;
        int revision = -1;
        bool dense = false;
        Strokes strokes;      ///< dense
        QList<QLineF> curves; ///< smooth
    };

    static void work(Drawn &drawn, const PlotFrame &frame, int pen);
    /// Of each line the columns that no later line hides; in device pixels.
    [[nodiscard]] std::vector<QList<QRect>> seenColumns(const QRect &picture) const;
    void paintLimit(QPainter *painter) const;

    std::vector<Drawn> m_drawn;
    PlotFrame m_frame;
    std::optional<double> m_limit;
    QColor m_limitColor;
};

} // namespace pilothouse
