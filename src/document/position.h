#pragma once

#include <QtGlobal> // moc of Qt 6.4 cannot read <compare> where nothing of Qt comes before it

#include <compare>

namespace pilothouse {

/// A place in a text: 1-based line and column, columns counted in characters (code points).
/// Line 0 = no place in the file.
struct Position
{
    int line = 0;
    int column = 0;
    // clang-tidy 14 takes the 0 of a comparison for a pointer.
    // NOLINTNEXTLINE(modernize-use-nullptr)
    auto operator<=>(const Position &) const = default;
};

} // namespace pilothouse
