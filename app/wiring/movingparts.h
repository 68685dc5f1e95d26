#pragma once

#include "release/moving/movingrunsdesk.h"
#include "release/moving/trackbuilds.h"
#include "workspace/workspace.h"

#include <memory>
#include <vector>

namespace pilothouse {

class PipelineController;
class RunActions;

/// Follows the runs that could still move a track, at each host with a desk of its own, and tells
/// whoever approves one what is against it. Everything it is given outlives it.
class MovingParts
{
public:
    MovingParts(ActionRunner &actions, Clock &clock) : m_actions(actions), m_clock(clock) {}

    /// At the CI host, which `pipeline` asks, too. `tracks` in the workspace's order.
    MovingRunsDesk &followRuns(const Workspace &workspace, PipelineController &pipeline,
                               RunControl &control, const QList<RolloutController *> &tracks,
                               RunActions &acting);
    /// At the build service of one track.
    MovingRunsDesk &followBuilds(RunControl &builds, SourceTree &repository,
                                 RolloutController &track, RunActions &acting);
    void start();

    [[nodiscard]] QList<MovingRunsDesk *> desks() const;

private:
    ActionRunner &m_actions;
    Clock &m_clock;
    std::vector<std::unique_ptr<TrackBuilds>> m_builds;
    std::vector<std::unique_ptr<MovingRunsDesk>> m_desks;
};

} // namespace pilothouse
