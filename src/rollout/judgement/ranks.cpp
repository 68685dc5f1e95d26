#include "rollout/judgement/ranks.h"

#include "rollout/judgement/normaldistribution.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

double RankComparison::variance() const
{
    const double all = m + n;
    if (m == 0 || n == 0)
        return 0;
    return m * n / 12 * (all + 1 - tieSum / (all * (all - 1)));
}

RankComparison compareRanks(std::span<const double> x, std::span<const double> y)
{
    return compareRanks(x, y, 0);
}

RankComparison compareRanks(std::span<const double> x, std::span<const double> y, double mu)
{
    RankComparison result;
    const size_t m = x.size();
    const size_t n = y.size();
    result.m = double(m);
    result.n = double(n);
    double u = 0;
    double ties = 0;
    size_t i = 0;
    size_t j = 0;
    const auto countTies = [&ties](size_t same) {
        if (const double t = double(same); t > 1)
            ties += t * t * t - t;
    };
    const auto passTies = [&] { // those of y alone, from j on
        size_t same = j + 1;
        while (same < n && y[same] == y[j])
            ++same;
        countTies(same - j);
        j = same;
    };
    while (i < m) {
        const double value = x[i] - mu;
        // Values of y below come first, with ties among themselves.
        while (j < n && y[j] < value) {
            passTies();
        }
        size_t mine = i + 1;
        while (mine < m && x[mine] - mu == value)
            ++mine;
        size_t theirs = j;
        while (theirs < n && y[theirs] == value)
            ++theirs;
        u += double(mine - i) * (double(j) + double(theirs - j) / 2);
        countTies(mine - i + theirs - j);
        i = mine;
        j = theirs;
    }
    while (j < n) {
        passTies();
    }
    result.u = u;
    result.rankSum = u + result.m * (result.m + 1) / 2;
    result.tieSum = ties;
    return result;
}

double wilcoxonDifference(std::span<const double> x, std::span<const double> y, double mu,
                          double quantile)
{
    const RankComparison ranks = compareRanks(x, y, mu);
    const double variance = ranks.variance();
    if (!(variance > 0))
        return std::numeric_limits<double>::quiet_NaN();
    const double excess = ranks.u - ranks.m * ranks.n / 2;
    const double half = excess > 0 ? 0.5 : excess < 0 ? -0.5 : 0;
    return (excess - half) / std::sqrt(variance) - quantile;
}

double asymptoticP(const RankComparison &ranks, Alternative alternative, Continuity continuity)
{
    const double variance = ranks.variance();
    if (!(variance > 0))
        return 1;
    const double mean = ranks.m * ranks.n / 2;
    const double other = ranks.m * ranks.n - ranks.u;
    const double u = alternative == Alternative::Greater ? ranks.u
                     : alternative == Alternative::Less  ? other
                                                         : std::max(ranks.u, other);
    const double half = continuity == Continuity::Corrected ? 0.5 : 0;
    const double tail = normalUpperTail((u - mean - half) / std::sqrt(variance));
    return alternative == Alternative::TwoSided ? std::min(1.0, 2 * tail) : tail;
}

} // namespace pilothouse
