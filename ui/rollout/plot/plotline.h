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

    std::vector<double> m_x;
    std::vector<double> m_y;
    std::vector<Stretch> m_stretches;
    std::vector<qsizetype> m_odd;
    double m_step = 0;
    int m_revision = 0;
};

} // namespace pilothouse
