#pragma once

#include "document/position.h"

#include <QByteArray>

#include <string>

namespace pilothouse {

/// Where the text of a scalar begins that stands at `at` and byte `offset` of a file: behind its
/// quote, or in the first line of a literal block ("|"), so that a place in the text can be told as
/// a place in the file by adding lines and columns. Line 0 where that cannot be: the scalar is
/// folded, has escapes, or has an anchor or a tag before it.
[[nodiscard]] Position scalarPlace(const QByteArray &content, qint64 offset, const Position &at,
                                   const std::string &text);

} // namespace pilothouse
