#pragma once

#include "rollout/metricsource.h"

#include <optional>
#include <vector>

namespace pilothouse {

/// One series as it is drawn: time and value in separate arrays, and where the line is unbroken.
/// It keeps what earlier answers told, seven days of it.
class PlotLine
{
public:
    static constexpr double longest = 7 * 24 * 3'600'000.0; ///< ms that are kept

    /// Points [begin, end) without a gap between them, all finite.
    struct Stretch
    {
        qsizetype begin = 0;
        qsizetype end = 0;

        bool operator==(const Stretch &) const = default;
    };

    /// What an answer about all time after `from` says: everything from there on is replaced.
    /// Values are multiplied by `scale`; a distance over 1.5 `step` is a gap. `samples` ascend.
    void replaceFrom(double from, const QList<Sample> &samples, double step, double scale);

    /// Points of an earlier time, `step` apart, that were asked for later: they stand before the
    /// oldest point of those above, and replace the earlier ones before.
    void setOlder(const QList<Sample> &samples, double step, double scale);
    /// From now on what lies before `from` counts as earlier: there is a hole in front of it, and
    /// setOlder() may fill it.
    void breakAt(double from);

    [[nodiscard]] const std::vector<double> &x() const { return m_x; } ///< ms since the epoch
    [[nodiscard]] const std::vector<double> &y() const { return m_y; } ///< NaN and Inf among them
    [[nodiscard]] const std::vector<Stretch> &stretches() const { return m_stretches; }
    [[nodiscard]] const std::vector<qsizetype> &oddValues() const { return m_odd; }
    [[nodiscard]] double step() const { return m_step; }
    /// Changes with every change of the points.
    [[nodiscard]] int revision() const { return m_revision; }

    /// The sample nearest to a time, at most a step away; nullopt = a gap.
    [[nodiscard]] std::optional<qsizetype> nearest(double time) const;

private:
    void findStretches();
    void forgetOld();
    [[nodiscard]] double stepAt(qsizetype index) const
    {
        return index < m_olderEnd ? m_olderStep : m_step;
    }

    std::vector<double> m_x;
    std::vector<double> m_y;
    std::vector<Stretch> m_stretches;
    std::vector<qsizetype> m_odd;
    double m_step = 0;
    double m_olderStep = 0;
    qsizetype m_olderEnd = 0; ///< points [0, m_olderEnd) were asked for later
    int m_revision = 0;
};

} // namespace pilothouse
