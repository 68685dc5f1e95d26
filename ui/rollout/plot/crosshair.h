#pragma once

#include "ui/rollout/plot/lineitem.h"

namespace pilothouse {

/// The line at a time of the frame, and a dot at the sample of each line nearest to it.
void paintCrosshair(QPainter *painter, double time, const PlotFrame &frame,
                    const std::vector<LineItem::Shown> &lines);

/// The ticks of a time axis: as many, evenly over the frame, as QDateTime::toString forms them.
struct TimeTicks
{
    int count = 2;
    QString format;
};

/// The time in a pill below the plot, inside of so many pixels from the left. A tick's label that
/// it would cut gives way as a whole.
void paintTimePill(QPainter *painter, double time, const PlotFrame &frame, const TimeTicks &ticks,
                   double width);

} // namespace pilothouse
