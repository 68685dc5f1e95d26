#include "rollout/judgement/normaldistribution.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace pilothouse {

double normalUpperTail(double z)
{
    return std::erfc(z / std::numbers::sqrt2) / 2;
}

double normalUpperQuantile(double p)
{
    if (p > 0.5)
        return -normalUpperQuantile(1 - p);
    if (p <= 0)
        return std::numeric_limits<double>::infinity();
    const double t = std::sqrt(-2 * std::log(p));
    double z = t
               - (2.515517 + t * (0.802853 + t * 0.010328))
                     / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    constexpr int steps = 4; // the guess is good to 4.5e-4, and each step triples the digits
    for (int i = 0; i < steps; ++i) {
        const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
        if (density == 0)
            break;
        const double newton = (normalUpperTail(z) - p) / density;
        z += newton / (1 - newton * z / 2);
    }
    return z;
}

} // namespace pilothouse
