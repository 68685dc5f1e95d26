#pragma once

#include "release/releaseviews.h"

namespace pilothouse {

/// What a cell of LIVE is about: of the stable's and the candidate's column its commit, else the
/// place; the other one second. `releases` know the subjects of commits.
[[nodiscard]] QList<Thing> liveThings(const LiveRow &row, int column,
                                      const QList<ReleaseItem> &releases);

/// The shown release with what is next for it, as it is told to others.
[[nodiscard]] Thing releaseThing(const CommitId &shown, const QList<ReleaseItem> &releases,
                                 const QList<NextRow> &next);

} // namespace pilothouse
