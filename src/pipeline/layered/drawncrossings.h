#pragma once

#include "pipeline/layered/layered.h"

namespace pilothouse {

/// How often the drawn lines of different edges cross: each pair of pieces whose insides meet in
/// one point counts once. Touching, a common end and a common run do not count.
[[nodiscard]] qint64 drawnCrossings(const QList<EdgeCourse> &edges);

} // namespace pilothouse
