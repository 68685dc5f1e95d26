#pragma once

#include "document/fields.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// What a track may refer to.
struct TrackSurroundings
{
    QString folder;        ///< of the workspace file
    QStringList databases; ///< names
    QStringList pipelines; ///< paths of the workflow files; empty = all there are
    bool hasPrometheus = false;
};

/// Reads `tracks`; mistakes go to the problems of `workspace`.
[[nodiscard]] QList<TrackSettings> readTracks(Fields &workspace,
                                              const TrackSurroundings &surroundings);

} // namespace pilothouse
