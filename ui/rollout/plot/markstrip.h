#pragma once

#include "ui/rollout/plot/plotmarks.h"

class QFontMetricsF;

namespace pilothouse {

/// The sign of one mark, or of several that stand too close to be told apart, with its words.
struct MarkLabel
{
    ChartMark::Kind kind = ChartMark::Kind::Weight;
    double x = 0;
    QString words;        ///< shortened where there is less room; empty = none
    QRectF place;         ///< of the words
    bool isAbove = false; ///< in the upper row, on a stem that comes from the sign
};

/// The strip above a plot in which the words of its marks stand, so that none stands on a line.
///
/// It has two rows. Words stand beside their sign in the lower one, right of it or else left; where
/// there is no room, in the upper one, else shortened; never on other words, another sign or
/// another stem. The newest choose first. Of several too close to be told apart an alert is shown,
/// else the newest, with the number of the others.
[[nodiscard]] QList<MarkLabel> placedMarks(const QList<ChartMark> &marks, const PlotFrame &frame,
                                           const QRectF &strip, const QFontMetricsF &metrics);

void paintMarkStrip(QPainter *painter, const QList<ChartMark> &marks, const PlotFrame &frame,
                    const QRectF &strip);

} // namespace pilothouse
