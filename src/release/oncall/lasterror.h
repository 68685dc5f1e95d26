#pragma once

#include "logs/errors/poderrors.h"
#include "release/oncall/oncallviews.h"

namespace pilothouse {

/// What the logs of one track's pods say.
struct TrackErrors
{
    TrackName track;
    PodErrorsView errors;
};

/// The newest error, with its key: of a track that hurts, where one of those has any; else of all.
/// Where there is none it is off, and says that the logs are quiet, or why they cannot be read.
/// nullopt = no track has pods that are known.
[[nodiscard]] std::optional<WayLine> lastErrorLine(const QList<TrackErrors> &tracks,
                                                   const QList<HurtLine> &hurting);

} // namespace pilothouse
