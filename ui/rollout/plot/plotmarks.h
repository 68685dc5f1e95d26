#pragma once

#include "rollout/alerts/firings.h"
#include "rollout/rolloutviews.h"
#include "ui/rollout/plot/reduction.h"

#include <QColor>

class QPainter;

namespace pilothouse {

/// Something that happened, in every chart of a track.
struct ChartMark
{
    enum class Kind { Weight, Alert, DatabaseStep };

    Kind kind = Kind::Weight;
    double at = 0; ///< ms since the epoch
    QString words; ///< "→ 50 %", the alert's name, the step

    bool operator==(const ChartMark &) const = default;
};

[[nodiscard]] QList<ChartMark> weightMarks(const QList<WeightMark> &changes);
[[nodiscard]] QList<ChartMark> alertMarks(const QList<Firing> &firings);
/// "→ 50 % at 13:26:03", the newest first, of those between two times; no more than a few.
[[nodiscard]] QStringList spokenMarks(const QList<ChartMark> &marks, double from, double to);
/// What the signs mean, of the kinds that are there: "│ weight changed".
[[nodiscard]] QStringList markLegend(const QList<ChartMark> &marks);

[[nodiscard]] QColor markColor(ChartMark::Kind kind);
/// A mark's sign, with its foot on the ground.
void paintSign(QPainter *painter, ChartMark::Kind kind, double x, double ground);
/// Lines from `top` through the frame, and signs on its ground; no words.
void paintMarks(QPainter *painter, const QList<ChartMark> &marks, const PlotFrame &frame,
                double top);
/// Words that can be read on lines, which can be seen behind them.
void paintHaloed(QPainter *painter, const QRectF &place, int flags, const QString &words,
                 const QColor &color);
/// A tick on the ground for NaN, a triangle at the edge for Inf.
void paintOddValues(QPainter *painter, const PlotLine &line, const PlotFrame &frame,
                    const QColor &color);

} // namespace pilothouse
