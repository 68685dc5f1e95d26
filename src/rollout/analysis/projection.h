#pragma once

#include "rollout/analysis/judge.h"

namespace pilothouse {

/// What is in use of a limit, carried over to another weight of the candidate.
struct Projection
{
    Weight to;
    std::optional<double> share; ///< of the limit: 1.04 = 104 %; nullopt = not known
    QString sentence;            ///< "at 50 % this would be 104 % of the pool"

    /// There would not be enough.
    [[nodiscard]] bool isFull() const { return share && *share >= 1; }
    bool operator==(const Projection &) const = default;
};

/// A check that scales with the weight, projected from `now` to `to`. Pure.
///
///     share at `to` = share in use at `now` × to / now
///
/// The assumption: the candidate gets `weight` per cent of a demand that stays, from as many pods,
/// and each of its requests costs it the same at any weight; then what its requests hold on average
/// grows as their rate (Little: held at once = rate × time held). Near the limit requests wait, and
/// hold longer: the true share is then higher. Shortly after a change of weight a query that looks
/// back over a range still sees the old share, so the projection is too low until that range is
/// over.
///
/// nullopt: the check does not scale, or there is nothing to project from or to (`now` is 0, or
/// `to` is not above it). A judgement without data gives a projection that is not known.
[[nodiscard]] std::optional<Projection> projected(const Check &check, const CheckResult &result,
                                                  Weight now, Weight to);

} // namespace pilothouse
