#pragma once

#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutactions.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/rolloutengine.h"

#include <set>

namespace pilothouse {

/// What a RolloutController is made of.
struct RolloutController::Private
{
    Private(RolloutSettings given, TrafficControl &traffic, MetricSource *metrics,
            ActionRunner &runner, Clock &time)
        : settings(std::move(given)), control(traffic), clock(time),
          engine(settings, traffic, metrics, time),
          actions(settings, traffic, engine, runner, time),
          guard(settings, traffic, engine, actions, runner, time)
    {}

    RolloutSettings settings;
    TrafficControl &control;
    Clock &clock;
    RolloutEngine engine;
    RolloutActions actions;
    RolloutGuard guard;
    QString guardWill;                 ///< what the previews say that it will do
    std::set<const QObject *> lookers; ///< at the track; compared only, for they may be gone
};

} // namespace pilothouse
