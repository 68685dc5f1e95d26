#pragma once

#include "app/sandbox/world/scenario.h"
#include "app/sandbox/world/trackmeter.h"

namespace pilothouse::sandbox {

/// The scenario's own alert rule: the share of failed requests over the last `window` seconds is
/// over the limit for `pending` seconds. It starts the drill clock; the real alerts are
/// Prometheus's. All seconds are the scenario's.
class AlertWatch
{
public:
    enum class State { Quiet, Pending, Firing };

    explicit AlertWatch(PlannedAlert plan);

    /// `count` is the counter at `second`; the seconds rise. A counter that falls begins anew.
    void observe(double second, RequestCount count);
    [[nodiscard]] State state() const { return m_state; }
    /// Since when the ratio is over the limit; only while not Quiet.
    [[nodiscard]] double since() const { return m_since; }
    /// Share of failed requests in the window; nothing asked = 0.
    [[nodiscard]] double ratio() const { return m_ratio; }

private:
    struct Point
    {
        double second;
        RequestCount count;
    };

    PlannedAlert m_plan;
    QList<Point> m_points;
    State m_state = State::Quiet;
    double m_since = 0;
    double m_ratio = 0;
};

} // namespace pilothouse::sandbox
