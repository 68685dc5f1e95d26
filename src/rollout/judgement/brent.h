#pragma once

#include <functional>

namespace pilothouse {

/// One end of an interval, and the function there.
struct RootEnd
{
    double at = 0;
    double value = 0;
};

struct RootSettings
{
    double tolerance = 1e-4; ///< absolute, of the argument
    int iterations = 1001;   ///< at most
};

/// A root of `function` between two ends, by Brent's method (R. P. Brent, "Algorithms for
/// Minimization without Derivatives", 1973, chapter 4): inverse quadratic interpolation or the
/// secant where they serve, bisection where not, steps of at least 2ε|b| + tolerance/2. It wants
/// ends of opposite signs; with others it still ends, somewhere between them. An end whose value
/// is 0 is the root. The best argument so far when the iterations are used up.
[[nodiscard]] double brentRoot(const std::function<double(double)> &function, RootEnd first,
                               RootEnd second, const RootSettings &settings = {});

} // namespace pilothouse
