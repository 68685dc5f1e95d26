#pragma once

#include "crash/weather/faultyserver.h"
#include "crash/weather/scene.h"

#include "action/actionrunner.h"

#include <QStringList>

namespace pilothouse {

/// What one pass came to.
struct PassResult
{
    QString failure; ///< empty = all was as it must be
    QStringList calls;
    int connections = 0;
    bool struck = false;
    int presses = 0;      ///< of promote and roll back
    QStringList outcomes; ///< of those that were not done at the first press: "promote: failed"
};

/// One rollout, through the real controller over a scene whose server is disturbed once: a start
/// with an intent of an earlier console to settle, a look, a dry run, promote 10 → 50, roll back to
/// 0, the hold that follows. What is not done is pressed again once the server is well.
///
/// It fails unless: every intent has one outcome, and one that is true of the world; each weight
/// was written once and no other was; whenever the controller cannot go on it says why; and in the
/// end everything was done.
[[nodiscard]] PassResult runTrackPass(Scene &scene, FaultyServer::Speaks speaks,
                                      const Disturbance &disturbance);

} // namespace pilothouse
