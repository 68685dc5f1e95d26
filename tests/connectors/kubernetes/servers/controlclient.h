#pragma once

#include "routeclient.h"

namespace pilothouse {

/// One console's way to an API server with a control of any kind, and what it has told.
template <typename Control>
struct ControlClient
{
    template <typename Settings>
    ControlClient(const KubeContext &context, const Settings &settings)
        : token(context), network(RouteClient::settings(context), token, clock), http(network),
          api(http, clock, context.server), control(api, clock, settings)
    {
        QObject::connect(&control, &TrafficControl::changed, &control,
                         [this](const Reading<TrafficState> &state) { told = state; });
    }

    [[nodiscard]] bool isTold(int asked, int accepted) const
    {
        return told && told->value.asked == Weight{asked}
               && told->value.accepted == std::optional(Weight{accepted});
    }

    SystemClock clock;
    KubeToken token;
    NetworkHttp network;
    WatchedHttp http;
    KubernetesApi api;
    Control control;
    std::optional<Reading<TrafficState>> told;
};

} // namespace pilothouse
