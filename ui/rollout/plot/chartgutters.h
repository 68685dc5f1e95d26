#pragma once

#include "ui/rollout/plot/plotmarks.h"

#include <QRectF>
#include <QStringList>

class QFontMetricsF;

namespace pilothouse {

/// The words of one chart. They stand left and right of its plot, so that all of its height is for
/// the lines.
struct ChartWords
{
    QString name;      ///< of the check, with its unit
    QString limit;     ///< empty = there is none
    QString candidate; ///< its value, in words
    QString stable;
};

/// Room beside a plot in device-independent pixels, the same for every chart: they share one axis.
struct GutterWidths
{
    double left = 0; ///< with the labels of the value axis
    double right = 0;
};

[[nodiscard]] GutterWidths gutterWidths();

/// A name in no more lines than there is room for, broken at spaces; the last is shortened.
[[nodiscard]] QStringList nameLines(const QString &name, const QFontMetricsF &metrics, double width,
                                    int most);

/// The name and below it the limit, left of the labels of a plot in this place.
void paintName(QPainter *painter, const ChartWords &words, const QRectF &plot);
/// The values right of it, each in the colour of its line.
void paintValues(QPainter *painter, const ChartWords &words, const QRectF &plot);
/// What the marks' signs mean, left of the strip in which their words stand.
void paintMarkLegend(QPainter *painter, const QList<ChartMark> &marks, const QRectF &strip);

} // namespace pilothouse
