#include "rollout/judgement/brent.h"

#include <cmath>
#include <limits>
#include <utility>

namespace pilothouse {

namespace {

/// A step from `best` as the fraction p/q, q > 0 not granted yet.
struct Fraction
{
    double p = 0;
    double q = 1;
};

/// Towards where the line (two points) or the inverse parabola (three) through them is 0.
Fraction interpolated(const RootEnd &best, const RootEnd &before, const RootEnd &opposite)
{
    const double gap = opposite.at - best.at;
    Fraction step;
    if (before.at == opposite.at) {
        const double s = best.value / before.value;
        step = {gap * s, 1 - s};
    } else {
        const double r = before.value / opposite.value;
        const double s = best.value / opposite.value;
        const double t = best.value / before.value;
        step.p = t * (gap * r * (r - s) - (best.at - before.at) * (s - 1));
        step.q = (r - 1) * (s - 1) * (t - 1);
    }
    if (step.p > 0)
        step.q = -step.q;
    else
        step.p = -step.p;
    return step;
}

} // namespace

double brentRoot(const std::function<double(double)> &function, RootEnd first, RootEnd second,
                 const RootSettings &settings)
{
    if (first.value == 0)
        return first.at;
    if (second.value == 0)
        return second.at;
    RootEnd before = first;   // the best before this one
    RootEnd best = second;    // nearest to 0 so far
    RootEnd opposite = first; // with it, best encloses the root
    for (int i = 0; i < settings.iterations; ++i) {
        const double lastStep = best.at - before.at;
        if (std::abs(opposite.value) < std::abs(best.value)) {
            before = best;
            std::swap(best, opposite);
            opposite = before;
        }
        const double least = 2 * std::numeric_limits<double>::epsilon() * std::abs(best.at)
                             + settings.tolerance / 2;
        const double gap = opposite.at - best.at;
        double step = gap / 2;
        if (std::abs(step) <= least || best.value == 0)
            return best.at;
        // The last step was long enough and went the right way: interpolation may serve.
        if (std::abs(lastStep) >= least && std::abs(before.value) > std::abs(best.value)) {
            const Fraction guess = interpolated(best, before, opposite);
            if (guess.p < 0.75 * gap * guess.q - std::abs(least * guess.q) / 2
                && guess.p < std::abs(lastStep * guess.q / 2))
                step = guess.p / guess.q;
        }
        if (std::abs(step) < least)
            step = step > 0 ? least : -least;
        before = best;
        best.at += step;
        best.value = function(best.at);
        if ((best.value > 0) == (opposite.value > 0) && best.value != 0 && opposite.value != 0)
            opposite = before;
    }
    return best.at;
}

} // namespace pilothouse
