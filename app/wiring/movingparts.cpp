#include "app/wiring/movingparts.h"

namespace pilothouse {

std::unique_ptr<MovingRunsDesk> movingRunsDesk(const Workspace &workspace, RunControl &control,
                                               const QList<RolloutController *> &tracks,
                                               ActionRunner &actions, Clock &clock)
{
    auto desk
        = std::make_unique<MovingRunsDesk>(MovingRunsDesk::Settings{}, control, actions, clock);
    for (qsizetype i = 0; i < tracks.size(); ++i)
        desk->addTrack(*tracks[i], workspace.tracks[i].workflow);
    return desk;
}

} // namespace pilothouse
