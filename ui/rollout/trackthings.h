#pragma once

#include "release/things/thing.h"

#include <QList>

namespace pilothouse {

class RolloutController;

/// A track with how it does and what is next; then its candidate and its stable, as far as they
/// are there.
[[nodiscard]] QList<Thing> trackThings(const RolloutController &track);
/// Its alerts, firing ones first, then the track.
[[nodiscard]] QList<Thing> alertThings(const RolloutController &track);
/// One of its pods, then the track. An empty name: the track alone.
[[nodiscard]] QList<Thing> podThings(const RolloutController &track, const QString &pod);

} // namespace pilothouse
