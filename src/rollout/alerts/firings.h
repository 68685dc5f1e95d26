#pragma once

#include "rollout/metricsource.h"

namespace pilothouse {

/// A time in which an alert fired.
struct Firing
{
    Alert alert;     ///< its activeAt is when that began
    QDateTime until; ///< UTC; as far as it was seen
    /// It may have begun so much earlier, and ended so much later: how coarsely it was looked at.
    std::chrono::milliseconds within{0};
};

/// Asks a metrics server for all alerts that fired at any time of a range, however shortly: each
/// point tells of the step before it, too.
[[nodiscard]] QString firingQuery(std::chrono::milliseconds step);

/// What the answer tells. What fired at its first point already is left out: when that began is not
/// in it.
[[nodiscard]] QList<Firing> firingsOf(const SeriesSet &answer, const QDateTime &from);

/// The firings that are known, by whoever told them, each once: what lies together is the same one,
/// as the finest look told it. The newest 200.
class FiringLog
{
public:
    /// True if any is new, or began at another time than was known.
    bool take(const QList<Firing> &firings);
    /// Oldest first.
    [[nodiscard]] const QList<Firing> &firings() const { return m_firings; }

private:
    bool takeOne(const Firing &firing);

    QList<Firing> m_firings;
};

} // namespace pilothouse
