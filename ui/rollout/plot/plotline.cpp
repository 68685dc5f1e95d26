#include "ui/rollout/plot/plotline.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

void PlotLine::replaceFrom(double from, const QList<Sample> &samples, double step, double scale)
{
    const auto kept = std::lower_bound(m_x.cbegin(), m_x.cend(), from) - m_x.cbegin();
    m_x.resize(size_t(kept));
    m_y.resize(size_t(kept));
    m_x.reserve(size_t(kept + samples.size()));
    m_y.reserve(size_t(kept + samples.size()));
    for (const Sample &sample : samples) {
        if (!m_x.empty() && double(sample.at) <= m_x.back())
            continue; // an answer reaches back before what it was asked for
        m_x.push_back(double(sample.at));
        m_y.push_back(sample.value * scale);
    }
    if (!m_x.empty()) {
        const auto old = std::lower_bound(m_x.cbegin(), m_x.cend(), m_x.back() - longest);
        m_y.erase(m_y.cbegin(), m_y.cbegin() + (old - m_x.cbegin()));
        m_x.erase(m_x.cbegin(), old);
    }
    m_step = step;
    ++m_revision;
    findStretches();
}

void PlotLine::findStretches()
{
    m_stretches.clear();
    m_odd.clear();
    const auto count = qsizetype(m_x.size());
    const double gap = m_step * 1.5;
    qsizetype begin = 0;
    const auto close = [&](qsizetype end) {
        if (end > begin)
            m_stretches.push_back({begin, end});
    };
    for (qsizetype i = 0; i < count; ++i) {
        if (!std::isfinite(m_y[size_t(i)])) {
            m_odd.push_back(i);
            close(i);
            begin = i + 1;
        } else if (i > begin && m_x[size_t(i)] - m_x[size_t(i - 1)] > gap) {
            close(i);
            begin = i;
        }
    }
    close(count);
}

std::optional<qsizetype> PlotLine::nearest(double time) const
{
    const auto after = std::lower_bound(m_x.cbegin(), m_x.cend(), time);
    auto best = after;
    if (after == m_x.cend() || (after != m_x.cbegin() && time - *(after - 1) < *after - time)) {
        if (after == m_x.cbegin())
            return std::nullopt;
        best = after - 1;
    }
    if (std::abs(*best - time) > m_step)
        return std::nullopt;
    return best - m_x.cbegin();
}

} // namespace pilothouse
