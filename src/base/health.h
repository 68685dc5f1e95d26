#pragma once

#include "base/reading.h"

namespace pilothouse {

/// How a source does that answered with `error`: whose credential or rights do not suffice is told
/// apart, everything else is `otherwise`.
[[nodiscard]] inline SourceState::Health
healthAfter(const Error &error, SourceState::Health otherwise = SourceState::Health::Lost)
{
    switch (error.kind) {
    case ErrorKind::SignedOut:
        return SourceState::Health::SignedOut;
    case ErrorKind::NotAllowed:
        return SourceState::Health::NotAllowed;
    default:
        return otherwise;
    }
}

/// It gives nothing, for whatever reason.
[[nodiscard]] inline bool isLost(const SourceState &state)
{
    return state.health == SourceState::Health::Lost
           || state.health == SourceState::Health::SignedOut
           || state.health == SourceState::Health::NotAllowed;
}

} // namespace pilothouse
