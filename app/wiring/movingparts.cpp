#include "app/wiring/movingparts.h"

#include "pipeline/act/runactions.h"
#include "pipeline/pipelinecontroller.h"

namespace pilothouse {

MovingRunsDesk &MovingParts::followRuns(const Workspace &workspace, PipelineController &pipeline,
                                        RunControl &control,
                                        const QList<RolloutController *> &tracks,
                                        RunActions &acting)
{
    m_desks.push_back(
        std::make_unique<MovingRunsDesk>(MovingRunsDesk::Settings{}, control, m_actions, m_clock));
    MovingRunsDesk &desk = *m_desks.back();
    for (qsizetype i = 0; i < tracks.size(); ++i)
        desk.addTrack(*tracks[i], workspace.tracks[i].workflow);
    acting.setAgainstApproval([&desk](const Run &run) { return desk.againstApproving(run); });
    // What is refused to one is refused to all: the chip of the host is not well meanwhile.
    QObject::connect(&desk, &MovingRunsDesk::lost, &pipeline, [&pipeline] {
        if (pipeline.runState().health == SourceState::Health::Live)
            pipeline.refresh();
    });
    return desk;
}

MovingRunsDesk &MovingParts::followBuilds(RunControl &builds, SourceTree &repository,
                                          RolloutController &track, RunActions &acting)
{
    m_builds.push_back(std::make_unique<TrackBuilds>(builds, repository));
    // Each look is a list of a hundred builds.
    MovingRunsDesk::Settings settings;
    settings.quiet = std::chrono::seconds(30);
    m_desks.push_back(
        std::make_unique<MovingRunsDesk>(settings, *m_builds.back(), m_actions, m_clock));
    MovingRunsDesk &desk = *m_desks.back();
    desk.addTrack(track, TrackBuilds::workflowPath());
    acting.setAgainstApproval(
        [&desk](const Run &build) { return desk.againstApproving(TrackBuilds::named(build)); });
    return desk;
}

void MovingParts::start()
{
    for (const auto &desk : m_desks)
        desk->start();
}

QList<MovingRunsDesk *> MovingParts::desks() const
{
    QList<MovingRunsDesk *> all;
    for (const auto &desk : m_desks)
        all.append(desk.get());
    return all;
}

} // namespace pilothouse
