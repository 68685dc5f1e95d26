#pragma once

#include "crash/weather/disturbedclient.h"
#include "crash/weather/scene.h"

namespace pilothouse {

/// One rollout, through the real controller over a scene whose server is disturbed once: a start
/// with an intent of an earlier console to settle, a look, a dry run, promote 10 → 50, roll back to
/// 0, the hold that follows. What is not done is pressed again once the server is well.
///
/// It fails unless: every intent has one outcome, and one that is true of the world; each weight
/// was written once and no other was; whenever the controller cannot go on it says why; and in the
/// end everything was done.
[[nodiscard]] PassResult runTrackPass(Scene &scene, FaultyServer::Speaks speaks,
                                      const Disturbance &disturbance, Login *login = nullptr);

} // namespace pilothouse
