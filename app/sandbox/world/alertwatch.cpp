#include "app/sandbox/world/alertwatch.h"

namespace pilothouse::sandbox {

AlertWatch::AlertWatch(PlannedAlert plan) : m_plan(std::move(plan)) {}

void AlertWatch::observe(double second, RequestCount count)
{
    constexpr double spacing = 0.25;
    if (!m_points.isEmpty() && second - m_points.last().second < spacing)
        return;
    if (!m_points.isEmpty() && count.requests < m_points.last().count.requests)
        m_points.clear();
    m_points.append({second, count});
    while (m_points.size() > 1 && m_points.first().second < second - m_plan.window)
        m_points.removeFirst();
    const double requests = count.requests - m_points.first().count.requests;
    const double failed = count.failed - m_points.first().count.failed;
    m_ratio = requests > 0 ? failed / requests : 0;
    if (m_ratio <= m_plan.over) {
        m_state = State::Quiet;
        return;
    }
    if (m_state == State::Quiet) {
        m_state = State::Pending;
        m_since = second;
    }
    if (second - m_since >= m_plan.pending)
        m_state = State::Firing;
}

} // namespace pilothouse::sandbox
