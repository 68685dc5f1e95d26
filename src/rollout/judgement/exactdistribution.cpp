#include "rollout/judgement/exactdistribution.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace pilothouse {

namespace {

/// Probabilities of U = 0 … mn.
std::vector<double> distributionOfU(size_t m, size_t n)
{
    // row[j] is the distribution for (i, j); i grows.
    std::vector<std::vector<double>> row(n + 1, {1.0});
    for (size_t i = 1; i <= m; ++i) {
        for (size_t j = 1; j <= n; ++j) {
            const std::vector<double> &fewerX = row[j];     // of (i - 1, j), still
            const std::vector<double> &fewerY = row[j - 1]; // of (i, j - 1), already
            const double shareX = double(i) / double(i + j);
            const double shareY = double(j) / double(i + j);
            std::vector<double> next(i * j + 1, 0.0);
            for (size_t u = 0; u < fewerX.size(); ++u)
                next[u + j] += shareX * fewerX[u];
            for (size_t u = 0; u < fewerY.size(); ++u)
                next[u] += shareY * fewerY[u];
            row[j] = std::move(next);
        }
    }
    return row[n];
}

} // namespace

std::optional<double> exactP(const RankComparison &ranks, Alternative alternative)
{
    if (ranks.tieSum > 0 || ranks.m == 0 || ranks.n == 0 || ranks.m * ranks.n > mostExactPairs)
        return std::nullopt;
    const std::vector<double> all = distributionOfU(size_t(ranks.m), size_t(ranks.n));
    const double other = ranks.m * ranks.n - ranks.u;
    const double u = alternative == Alternative::Greater ? ranks.u
                     : alternative == Alternative::Less  ? other
                                                         : std::max(ranks.u, other);
    // Symmetric: P(U ≥ u) = P(U ≤ mn - u), and small terms are summed from the small end.
    const auto count = std::ptrdiff_t(ranks.m * ranks.n - u) + 1;
    const double tail = std::accumulate(all.begin(), all.begin() + count, 0.0);
    return alternative == Alternative::TwoSided ? std::min(1.0, 2 * tail) : std::min(1.0, tail);
}

} // namespace pilothouse
