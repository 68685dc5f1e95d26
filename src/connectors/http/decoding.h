#pragma once

#include "base/future.h"

#include <QtConcurrentRun>

namespace pilothouse {

/// Bodies over this are decoded in the thread pool: the GUI thread parses no more than a frame's
/// worth.
inline constexpr qsizetype decodedAtOnce = 128 << 10;

/// What `decode()` gives, worked out here or in the thread pool by the size of its input. It must
/// own what it reads.
template <typename T, typename Decode>
[[nodiscard]] QFuture<Result<T>> decodeAside(qsizetype size, Decode decode)
{
    if (size <= decodedAtOnce)
        return ready<T>(decode());
    return QtConcurrent::run([decode]() -> Result<T> { return decode(); });
}

} // namespace pilothouse
