#pragma once

#include "rollout/analysis/evidence.h"
#include "ui/rollout/plot/lineitem.h"

#include <QtCharts/QChartView>

class QDateTimeAxis;
class QValueAxis;

namespace pilothouse {

/// Candidate minus stable over the window that was judged: the line of zero, the difference, and
/// the interval that it lies in with its estimate.
class DifferenceChart final : public QChartView
{
    Q_OBJECT

public:
    explicit DifferenceChart(QWidget *parent = nullptr);

    void setEvidence(const Evidence &evidence, const QString &unit);

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void restyle();
    void layOut();
    void describe();
    void drawHead(QPainter *painter) const;
    [[nodiscard]] QString absence() const;

    Evidence m_evidence;
    QString m_unit;
    PlotLine m_line;
    LineItem *m_lines; ///< of the scene
    QDateTimeAxis *m_time;
    QValueAxis *m_value;
};

} // namespace pilothouse
