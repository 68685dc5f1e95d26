#include "ui/rollout/plot/plotline.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

void PlotLine::replaceFrom(double from, const QList<Sample> &samples, double step, double scale)
{
    const auto kept = std::lower_bound(m_x.cbegin(), m_x.cend(), from) - m_x.cbegin();
    m_olderEnd = std::min(m_olderEnd, qsizetype(kept));
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
    forgetOld();
    m_step = step;
    ++m_revision;
    findStretches();
}

void PlotLine::setOlder(const QList<Sample> &samples, double step, double scale)
{
    m_x.erase(m_x.cbegin(), m_x.cbegin() + m_olderEnd);
    m_y.erase(m_y.cbegin(), m_y.cbegin() + m_olderEnd);
    std::vector<double> x;
    std::vector<double> y;
    x.reserve(size_t(samples.size()) + m_x.size());
    y.reserve(size_t(samples.size()) + m_y.size());
    for (const Sample &sample : samples) {
        const auto at = double(sample.at);
        if ((!m_x.empty() && at >= m_x.front()) || (!x.empty() && at <= x.back()))
            continue;
        x.push_back(at);
        y.push_back(sample.value * scale);
    }
    m_olderEnd = qsizetype(x.size());
    m_olderStep = step;
    x.insert(x.cend(), m_x.cbegin(), m_x.cend());
    y.insert(y.cend(), m_y.cbegin(), m_y.cend());
    m_x = std::move(x);
    m_y = std::move(y);
    forgetOld();
    ++m_revision;
    findStretches();
}

void PlotLine::breakAt(double from)
{
    m_olderEnd = std::lower_bound(m_x.cbegin(), m_x.cend(), from) - m_x.cbegin();
    m_olderStep = std::max(m_olderStep, m_step);
    findStretches();
}

void PlotLine::forgetOld()
{
    if (m_x.empty())
        return;
    const auto old = std::lower_bound(m_x.cbegin(), m_x.cend(), m_x.back() - longest);
    const qsizetype count = old - m_x.cbegin();
    m_y.erase(m_y.cbegin(), m_y.cbegin() + count);
    m_x.erase(m_x.cbegin(), old);
    m_olderEnd = std::max(qsizetype(0), m_olderEnd - count);
}

void PlotLine::findStretches()
{
    m_stretches.clear();
    m_odd.clear();
    const auto count = qsizetype(m_x.size());
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
        } else if (i > begin && m_x[size_t(i)] - m_x[size_t(i - 1)] > 1.5 * stepAt(i - 1)) {
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
    const qsizetype index = best - m_x.cbegin();
    return std::abs(*best - time) > stepAt(index) ? std::nullopt : std::optional(index);
}

} // namespace pilothouse
