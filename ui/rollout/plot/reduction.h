#pragma once

#include "ui/rollout/plot/plotline.h"

#include <QLine>
#include <QRect>

namespace pilothouse {

/// Where time and value lie in the picture, in device pixels.
struct PlotFrame
{
    double from = 0; ///< ms since the epoch at the left edge
    double to = 1;   ///< at the right edge
    double low = 0;  ///< value at the lower edge
    double high = 1; ///< at the upper edge
    QRectF area;

    [[nodiscard]] double xOf(double time) const
    {
        return area.left() + (time - from) * (area.width() / (to - from));
    }
    [[nodiscard]] double yOf(double value) const
    {
        return area.bottom() - (value - low) * (area.height() / (high - low));
    }
    [[nodiscard]] double timeAt(double x) const;
    /// The pixel that a place lies in.
    [[nodiscard]] static int pixel(double place);

    bool operator==(const PlotFrame &) const = default;
};

/// What one stretch of a line does in one column of pixels (M4: Jugel et al., VLDB 2014).
struct PixelColumn
{
    int x = 0;
    int first = 0; ///< rows
    int last = 0;
    int top = 0;
    int bottom = 0;
    bool joined = false; ///< to the column before it in the list: the same stretch goes on
    bool lone = false;   ///< the stretch has no other point

    bool operator==(const PixelColumn &) const = default;
};

/// What a time shows of a stretch: with the neighbour on each side whose segment enters it.
struct SeenStretch
{
    qsizetype begin = 0;
    qsizetype end = 0;
    bool lone = false; ///< the stretch has no other point

    bool operator==(const SeenStretch &) const = default;
};

/// The stretches between two times, in order.
[[nodiscard]] std::vector<SeenStretch> seenStretches(const PlotLine &line, double from, double to);
/// The stretches that have ink in a frame: a thick pen and the dash of a lone point reach into it
/// from a little outside.
[[nodiscard]] std::vector<SeenStretch> seenStretches(const PlotLine &line, const PlotFrame &frame);

/// One linear pass over the points that the frame shows.
[[nodiscard]] std::vector<PixelColumn>
reduce(const PlotLine &line, const std::vector<SeenStretch> &seen, const PlotFrame &frame);

/// What is to be painted without antialiasing: filled columns, and lines between them.
struct Strokes
{
    QList<QRect> columns;
    QList<QLine> joins;
};

/// For a pen of one or two pixels: lights exactly the pixels that lines from the pixel of each
/// point to that of the next light. A lone point becomes a dash of `dash` pixels.
[[nodiscard]] Strokes strokes(const std::vector<PixelColumn> &columns, int dash, int pen);

/// Lowest and highest finite value between two times; nullopt = none.
struct ValueRange
{
    double low = 0;
    double high = 0;
};
[[nodiscard]] std::optional<ValueRange> valuesBetween(const PlotLine &line, double from, double to);

} // namespace pilothouse
