#pragma once

#include "action/preview.h"

#include <QStringList>

namespace pilothouse {

/// What a track is told of the runs that could still move its traffic: words alone, for the CI
/// host is none of its business.
struct RunsLine
{
    PreviewRow row;        ///< of the confirmation of a rollback; no text = there is nothing to say
    QStringList stillAble; ///< what can still promote though the track was rolled back or is held

    bool operator==(const RunsLine &) const = default;
};

} // namespace pilothouse
