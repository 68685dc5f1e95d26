#pragma once

#include "release/releaseviews.h"

namespace pilothouse {

/// Two commits that a person may want to see compared.
struct ComparePair
{
    CommitId from;
    CommitId to;
    QString against; ///< what `from` is: "stable of standalone"

    bool operator==(const ComparePair &) const = default;
};

/// The shown release against the first track whose stable revision is another one; against itself
/// where it is stable everywhere; nullopt while no stable revision is known.
[[nodiscard]] std::optional<ComparePair> shownPair(const CommitId &shown,
                                                   const QList<LiveRow> &live);
/// A place's candidate against its stable revision; without a candidate the shown release against
/// what the place runs. nullopt where a commit is unknown.
[[nodiscard]] std::optional<ComparePair> livePair(const LiveRow &row, const CommitId &shown);

} // namespace pilothouse
