#include "rollout/judgement/shiftinterval.h"

#include "rollout/judgement/brent.h"
#include "rollout/judgement/normaldistribution.h"
#include "rollout/judgement/pairdifferences.h"
#include "rollout/judgement/ranks.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

using Samples = std::span<const double>;
using Found = tl::expected<ShiftInterval, NoInterval>;

Found exactInterval(Samples x, Samples y, double z)
{
    RankComparison apart;
    apart.m = double(x.size());
    apart.n = double(y.size());
    apart.tieSum = compareRanks(x, {}).tieSum + compareRanks({}, y).tieSum;
    const double pairs = apart.m * apart.n;
    const double place = std::ceil(pairs / 2 - 0.5 - z * std::sqrt(apart.variance()));
    if (!(place >= 1))
        return tl::unexpected(NoInterval::TooFewSamples);
    const PairDifferences differences(x, y);
    const auto below = qint64(place) - 1;
    return ShiftInterval{differences.at(below), differences.at(differences.count() - 1 - below),
                         differences.median()};
}

/// The function of mu whose roots are sought, and where.
struct Search
{
    Samples x;
    Samples y;

    [[nodiscard]] RootEnd end(double mu, double quantile) const
    {
        return {mu, wilcoxonDifference(x, y, mu, quantile)};
    }
    [[nodiscard]] RootEnd low(double quantile) const { return end(x.front() - y.back(), quantile); }
    [[nodiscard]] RootEnd high(double quantile) const
    {
        return end(x.back() - y.front(), quantile);
    }
    [[nodiscard]] double root(double quantile, RootEnd from, RootEnd to) const
    {
        return brentRoot(
            [this, quantile](double mu) { return wilcoxonDifference(x, y, mu, quantile); }, from,
            to);
    }
    [[nodiscard]] double limit(double quantile) const
    {
        const RootEnd from = low(quantile);
        if (from.value <= 0)
            return from.at;
        const RootEnd to = high(quantile);
        if (to.value >= 0)
            return to.at;
        return root(quantile, from, to);
    }
};

Found compatibleInterval(Samples x, Samples y, double z)
{
    const bool constant = x.front() == x.back() && y.front() == y.back();
    if (constant && x.size() + y.size() > 2 && x.front() != y.front()) {
        const double shift = x.front() - y.front();
        return ShiftInterval{shift, shift, shift};
    }
    const Search search{x, y};
    if (std::isnan(search.low(0).value) || std::isnan(search.high(0).value))
        return tl::unexpected(NoInterval::NoVariance);
    return ShiftInterval{search.limit(z), search.limit(-z), wilcoxonRoot(x, y, 0)};
}

} // namespace

Found shiftInterval(Samples x, Samples y, double confidence, Solver solver)
{
    const double z = normalUpperQuantile((1 - confidence) / 2);
    return solver == Solver::Exact ? exactInterval(x, y, z) : compatibleInterval(x, y, z);
}

double wilcoxonRoot(Samples x, Samples y, double quantile)
{
    const Search search{x, y};
    return search.root(quantile, search.low(quantile), search.high(quantile));
}

} // namespace pilothouse
