#pragma once

#include "app/wiring/console.h"

namespace pilothouse {

/// A workspace without a window, and the track that a command is about.
struct TrackAt
{
    std::unique_ptr<Console> console; ///< not started
    RolloutController *track = nullptr;
};

/// `track` may be empty where the workspace has only one. `as` stands before the name of the actor
/// in the journal; empty = nothing does. BadInput with a sentence about what is wrong.
[[nodiscard]] Result<TrackAt> openTrack(const QString &workspaceFile, const QString &track,
                                        const QString &as);

/// Ends the program with `code` once nothing is under way any more: a rollback sets a hold and
/// cancels runs when its own outcome is known already, and what an earlier console left open is
/// being looked at. Waits a quarter of a minute at most; then says what can still promote.
void exitWhenOver(const TrackAt &at, int code);

} // namespace pilothouse
