#pragma once

#include "pipeline/graph.h"
#include "pipeline/overlay.h"
#include "release/compatibility.h"
#include "release/releaseviews.h"

namespace pilothouse {

class CommitFacts;
class RolloutController;

/// A track with the workspace's name of its database.
struct ReleaseTrack
{
    RolloutController *rollout = nullptr;
    QString database; ///< empty = none
};

[[nodiscard]] NextRow nextRow(const RolloutController &track);
[[nodiscard]] NextRow nextRow(const ChangeView &change);
/// Worth a row of NEXT: not cleaned up, or in contradiction with its file.
[[nodiscard]] bool isOpen(const ChangeView &change);

[[nodiscard]] LiveRow liveRow(const RolloutController &track);
/// `reference` is the commit that a workload should run: the stable of the first track; the note
/// says how the workload's stands to it.
[[nodiscard]] LiveRow liveRow(const Workload &workload, const CommitId &reference,
                              CommitFacts &facts);

/// The jobs of the critical path, then the stages of the first track that tries this commit.
[[nodiscard]] QList<PathChip> pathChips(const Graph &graph, const Overlay &overlay,
                                        const QDateTime &serverNow, const RolloutController *track);
/// How long machines worked along the critical path: waiting for people does not count.
[[nodiscard]] std::optional<std::chrono::milliseconds> machineTime(const Overlay &overlay,
                                                                   const QDateTime &serverNow);

/// Every job that the shown runs have, matched to the file or not.
[[nodiscard]] QList<Job> allJobs(const Overlay &overlay);

} // namespace pilothouse
