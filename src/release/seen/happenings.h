#pragma once

#include "journal/journal.h"
#include "release/releaseviews.h"
#include "release/seen/seenreader.h"

namespace pilothouse {

/// What one track tells of what was done to it.
struct TrackHappenings
{
    TrackName track;
    std::optional<TrafficState> traffic; ///< nullopt = not read
    QList<Alert> alerts;
};

/// Everything that is known of what people, runs, alerts and deploys did.
struct Happenings
{
    QList<Record> records; ///< newest first
    QList<Run> runs;
    QList<TrackHappenings> tracks;
    QList<ChangeView> changes;
    QList<SeenTold> told;
};

/// All of it, newest first, no deed told twice: what carries the intent of a record here is that
/// record's, and what a traffic object notes by its mark is of whoever noted it.
[[nodiscard]] QList<LatelyLine> linesOf(const Happenings &all);

/// Steps that were recorded in the databases, without those of this journal.
[[nodiscard]] QList<LatelyLine> stepLines(const QList<ChangeView> &changes,
                                          const QList<Record> &known);
/// What other systems remember. A deed that a run did is told with who began that run.
[[nodiscard]] QList<LatelyLine> seenLines(const QList<SeenTold> &told,
                                          const QList<TrackHappenings> &tracks,
                                          const QList<Run> &runs, const QList<Record> &known);

/// Those of them that others did, as the systems tell: neither this journal's, nor alerts, nor the
/// end of runs.
[[nodiscard]] QList<LatelyLine> deedsOfOthers(const QList<LatelyLine> &happened);

/// Which of these do not answer, in their order.
[[nodiscard]] QList<Unheard> unheardOf(const QList<SeenTold> &told);
/// The same of sources with a chip, each name once; one that is not set up is not missed.
[[nodiscard]] QList<Unheard> unheardOf(const QList<SourceState> &sources);
/// "runs, GitHub deployments": those with the same reason as one, and so those that are being read.
[[nodiscard]] QList<Unheard> together(const QList<Unheard> &each);
/// "not heard, so that lines may be missing: runs, GitHub deployments. GitHub does not answer."
[[nodiscard]] QString unheardWords(const Unheard &unheard);

} // namespace pilothouse
