#pragma once

#include "pipeline/doctor/scene.h"

#include <QList>

namespace pilothouse {

struct PlacedJob
{
    const SceneFile *file = nullptr;
    const SceneJob *job = nullptr;
};

/// What comes before and after a job: by `needs`, and from file to file by `workflow_run`. No job
/// of another file that is no YAML from some line on is among them.

/// Those at whose end it begins.
[[nodiscard]] QList<PlacedJob> jobsRightBefore(const Scene &scene, const PlacedJob &job);
/// Those that begin at its end; they may wait for others too.
[[nodiscard]] QList<PlacedJob> jobsRightAfter(const Scene &scene, const PlacedJob &job);
/// All that come before it, the nearest first.
[[nodiscard]] QList<PlacedJob> jobsBefore(const Scene &scene, const PlacedJob &job);
[[nodiscard]] QList<PlacedJob> jobsAfter(const Scene &scene, const PlacedJob &job);

/// Both may work on one environment: neither names another one than the other.
[[nodiscard]] bool mayShareEnvironment(const SceneJob &a, const SceneJob &b);
/// It is there for the case that something went wrong.
[[nodiscard]] bool isWayOut(const SceneJob &job);

} // namespace pilothouse
