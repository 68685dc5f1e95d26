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

/// Ends the program with this code as soon as nothing is under way on the track: the hold that
/// follows a rollback must not be cut off. At the latest after 10 s.
void exitWhenQuiet(const RolloutController &track, QObject *context, int code);

} // namespace pilothouse
