#pragma once

#include "rollout/metricsource.h"

namespace pilothouse {

/// A time in which an alert fired.
struct Firing
{
    Alert alert;     ///< its activeAt is when that began
    QDateTime until; ///< UTC; as far as it was seen
};

/// Asks a metrics server for all alerts that fired at any time of a range, however shortly: each
/// point tells of the step before it, too.
[[nodiscard]] QString firingQuery(std::chrono::milliseconds step);

/// What the answer tells. What fired at its first point already is left out: when that began is not
/// in it.
[[nodiscard]] QList<Firing> firingsOf(const SeriesSet &answer, const QDateTime &from);

/// The firings that are known, by whoever told them: each stands once, from the earliest time that
/// anybody tells. The newest 200.
class FiringLog
{
public:
    /// `tolerance` is how far two that tell of the same one may be apart. True if anything is new.
    bool take(const QList<Firing> &firings, std::chrono::milliseconds tolerance);
    /// Oldest first.
    [[nodiscard]] const QList<Firing> &firings() const { return m_firings; }

private:
    bool takeOne(const Firing &firing, std::chrono::milliseconds tolerance);

    QList<Firing> m_firings;
};

} // namespace pilothouse
