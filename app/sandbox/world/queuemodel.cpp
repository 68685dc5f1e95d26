#include "app/sandbox/world/queuemodel.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

/// Load (share of the capacity) from which waiting for a connection is felt.
constexpr double feltFrom = 0.9;

double follow(double value, double target, double dt, double time)
{
    return target + (value - target) * std::exp(-dt / time);
}

} // namespace

double capacity(const Behaviour &behaviour, double connections)
{
    return connections / behaviour.held;
}

LoadFigures steadyLoad(const Behaviour &behaviour, double connections, double rate)
{
    LoadFigures figures{std::min(connections, behaviour.held * rate), behaviour.errorRatio,
                        behaviour.p95};
    const double most = capacity(behaviour, connections);
    const double load = rate / most;
    if (load > 1)
        figures.errorRatio += 1 - most / rate;
    if (behaviour.p95Full > 0 && load > feltFrom) {
        const double nearly = std::min(1.0, (load - feltFrom) / (1 - feltFrom));
        const double over = std::clamp(load - 1, 0.0, 1.0);
        figures.p95 += nearly * (behaviour.p95Full - behaviour.p95)
                       + over * (behaviour.p95Over - behaviour.p95Full);
    }
    return figures;
}

LoadState::LoadState(const Behaviour &behaviour, double connections)
    : m_behaviour(behaviour),
      m_connections(connections), m_figures{0, behaviour.errorRatio, behaviour.p95}
{}

void LoadState::advance(double dt, double rate, double time, double poolTime)
{
    m_pool = follow(m_pool, m_behaviour.held * rate, dt, poolTime);
    m_figures.poolInUse = std::min(m_connections, m_pool);
    LoadFigures target = steadyLoad(m_behaviour, m_connections, rate);
    if (m_pool < m_connections) {
        target.errorRatio = m_behaviour.errorRatio;
        if (rate * m_behaviour.held >= m_connections)
            target.p95 = m_behaviour.p95;
    }
    m_figures.errorRatio = follow(m_figures.errorRatio, target.errorRatio, dt, time);
    m_figures.p95 = follow(m_figures.p95, target.p95, dt, time);
}

} // namespace pilothouse::sandbox
