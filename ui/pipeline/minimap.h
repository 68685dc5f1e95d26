#pragma once

#include "ui/widgets/theme.h"

#include <QList>
#include <QRectF>
#include <QWidget>

namespace pilothouse {

/// The whole graph, small, with the part that is in view; a press or a drag moves the view there.
/// It takes no focus: the graph's own keys do the same.
class Minimap final : public QWidget
{
    Q_OBJECT

public:
    struct Block
    {
        QRectF rect; ///< in the scene
        Tone tone = Tone::Neutral;

        bool operator==(const Block &) const = default;
    };

    explicit Minimap(QWidget *parent = nullptr);

    void show(const QRectF &scene, const QList<Block> &blocks);
    void setVisibleArea(const QRectF &area); ///< in the scene
    /// Where a point of the scene is drawn, in this widget.
    [[nodiscard]] QPointF toMap(const QPointF &scenePoint) const;

Q_SIGNALS:
    void moved(const QPointF &center); ///< in the scene

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    [[nodiscard]] double factor() const;
    [[nodiscard]] QPointF toScene(const QPointF &mapPoint) const;

    QRectF m_scene;
    QList<Block> m_blocks;
    QRectF m_area;
};

} // namespace pilothouse
