#pragma once

namespace pilothouse::spacing {

/// Distances in device-independent pixels, on a grid of eight. No other literal distance in ui/.
inline constexpr int Hair = 4;
inline constexpr int Small = 8;
inline constexpr int Medium = 16;
inline constexpr int Large = 24;

} // namespace pilothouse::spacing
