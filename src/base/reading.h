#pragma once

#include "base/clock.h"
#include "base/result.h"

#include <optional>

namespace pilothouse {

/// A value read from the world, with what is needed to tell its age truly.
template <typename T>
struct Reading
{
    T value{};
    QString source;   ///< "Kubernetes", "GitHub" …, as the source chips name it
    QDateTime factAt; ///< the fact's own stamp by the server's clock, UTC; invalid = receipt counts
    QDateTime serverAt; ///< the server's Date when it answered, UTC; invalid = unknown
    std::chrono::milliseconds receivedSinceBoot{0};

    /// Age = (server's date − the fact's own stamp) + boot-time clock since receipt.
    /// The desktop's wall clock has no part in it. Never negative.
    [[nodiscard]] std::chrono::milliseconds age(const Clock &clock) const
    {
        auto since = clock.sinceBoot() - receivedSinceBoot;
        if (factAt.isValid() && serverAt.isValid())
            since += std::chrono::milliseconds(factAt.msecsTo(serverAt));
        return std::max(since, std::chrono::milliseconds(0));
    }
};

/// How a source of facts is doing; the chips of the window show one each.
struct SourceState
{
    enum class Health { NotSetUp, Loading, Live, Old, Lost, SignedOut, NotAllowed };

    QString name; ///< "GitHub", "Kubernetes", "Cloud Run", "Prometheus", "PostgreSQL", "Git copy"
    Health health = Health::NotSetUp;
    bool streaming = false;                         ///< a watch: shown as "live" instead of an age
    std::chrono::milliseconds lastGoodSinceBoot{0}; ///< 0 = never
    std::optional<Error> error;                     ///< the last one while not Live
    std::chrono::milliseconds nextTryIn{0};         ///< 0 = nothing planned
};

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

/// What it said last is not known to be so any more: it gives nothing, or has not answered in time.
[[nodiscard]] inline bool isStale(const SourceState &state)
{
    return state.health == SourceState::Health::Old || isLost(state);
}

} // namespace pilothouse
