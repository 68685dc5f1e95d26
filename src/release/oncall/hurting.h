#pragma once

#include "release/oncall/oncallviews.h"

namespace pilothouse {

/// What of a track's metrics is known, and how fresh it is.
struct TrackHealth
{
    TrackName track;
    QList<ChartSeries> charts;
    bool candidateHasTraffic = false;
    bool isDrawn = true; ///< false = the first charts are under way
    SourceState metrics;
    std::chrono::milliseconds age{0}; ///< of the newest sample that was answered
};

/// Since when the newest samples are beyond a limit of the check without a pause longer than three
/// steps; NaN and Inf are neither good nor bad. Invalid = the newest finite ones are not.
[[nodiscard]] QDateTime badSince(const QList<Sample> &samples, const Check &check,
                                 std::chrono::milliseconds step);

/// Of every check with a limit: whose newest value is beyond it (the candidate's where it has
/// traffic, else the stable's), what is normal (the stable's newest; of the stable itself its
/// median before), and since when. A track that nobody can judge is NoData, never Well;
/// one whose first charts are still to come is Reading.
[[nodiscard]] HurtLine hurtLine(const TrackHealth &health);

/// The earliest `since` of those that hurt; invalid = none does.
[[nodiscard]] QDateTime firstBad(const QList<HurtLine> &lines);

} // namespace pilothouse
