#pragma once

#include "release/oncall/oncallviews.h"

namespace pilothouse {

/// What of a track's metrics is known, and how fresh it is.
struct TrackHealth
{
    TrackName track;
    QList<ChartSeries> charts; ///< as they are drawn
    QDateTime from;            ///< what `charts` span, UTC; invalid = not drawn
    QDateTime to;
    QList<ChartSeries> history; ///< the same charts of a longer time; empty = not asked for
    QDateTime historyFrom;
    int candidatePercent = 0; ///< at most so much of the traffic may go there
    int stablePercent = 100;
    bool isDrawn = true; ///< false = the first charts are under way
    SourceState metrics;
    std::chrono::milliseconds age{0}; ///< of the newest sample that was answered
};

/// Since when the newest samples are beyond a limit of the check without a pause longer than three
/// steps; NaN and Inf are neither good nor bad. Invalid = the newest finite ones are not. A silence
/// of more than five minutes is a pause too where `beside`, the other side of the same chart, spoke
/// in it; where that one was silent as well nobody measured, and it may have gone on.
[[nodiscard]] QDateTime badSince(const QList<Sample> &samples, const Check &check,
                                 std::chrono::milliseconds step, const QList<Sample> &beside = {});

/// `drawn` with the samples of `history` that are older than its own.
[[nodiscard]] ChartSeries joined(const ChartSeries &history, const ChartSeries &drawn);

/// Of every check with a limit, for each side that may have traffic: its newest value, whether that
/// is beyond the limit and since when, and what is normal. What is normal for the candidate is the
/// stable's newest, for a stable that hurts itself its median before. A side whose newest finite
/// sample is older than three steps and fifteen seconds, or whose query failed, has no data: with
/// one such side and nothing bad the track is NoData, never Well. What was bad when it was last
/// told stays bad. A track whose first charts are still to come is Reading.
[[nodiscard]] HurtLine hurtLine(const TrackHealth &health);

/// The earliest `since` of those that hurt; invalid = none does.
[[nodiscard]] QDateTime firstBad(const QList<HurtLine> &lines);
/// Whether it may have begun before that already: so does one of those that hurt.
[[nodiscard]] HurtLine::Since firstBadKind(const QList<HurtLine> &lines);

} // namespace pilothouse
