#pragma once

namespace pilothouse {

/// P(Z > z) of the standard normal distribution, exact far out: erfc(z / √2) / 2.
[[nodiscard]] double normalUpperTail(double z);

/// The z that has normalUpperTail(z) == p, for 0 < p < 1; ±infinity at the ends.
/// A first guess (Abramowitz and Stegun, formula 26.2.23), then Halley's steps on the tail.
[[nodiscard]] double normalUpperQuantile(double p);

} // namespace pilothouse
