#pragma once

#include "rollout/step.h"

#include <QDateTime>
#include <QHash>

namespace pilothouse {

/// What a rollback of this track would run now.
struct WayBack
{
    enum class Speed {
        Instant,    ///< what gets the traffic is up now
        NotInstant, ///< it is there but not (wholly) ready, or has to be deployed again
        None,       ///< nothing to go back to from here
        Unknown,    ///< the traffic was never read
    };
    Speed speed = Speed::Unknown;
    std::optional<RevisionState> target; ///< what would get the traffic
    QString words;   ///< "instant, 3/3 ready", "~3 min, Helm revision 41", "none: retired 14:20"
    QString instead; ///< None: what to do instead, where the deploys tell it
    /// Set: the traffic alone leads nowhere, and this deploy is made again. The target is what it
    /// makes of the stable.
    std::optional<EarlierDeploy> deploy;

    bool operator==(const WayBack &) const = default;
};

/// What a way back is known by: its commit, else the digest of its image, else the deploy that
/// makes it ("production/web#41"), else the revision's name; empty = it leads nowhere.
[[nodiscard]] QString identityOf(const WayBack &back);
/// The same as short as a person reads and types it.
[[nodiscard]] QString shownIdentity(const WayBack &back);

/// `retired` are the identities of what was given up as a way back, with when; those that the
/// traffic object remembers count besides.
///
/// The traffic comes first: a stable of the target's commit with a Pod that is ready gets it, and
/// so does the revision before it. Only where the stable is the candidate already, of two images,
/// gone or without a ready Pod, and where nothing is in flight, does an earlier deploy lead back.
[[nodiscard]] WayBack wayBack(const RolloutState &state, const QHash<QString, QDateTime> &retired);

/// How long it takes, for a sentence: "instant, 3/3 ready", "not instant: ~3 min, Helm revision
/// 41".
[[nodiscard]] QString speedWords(const WayBack &back);

/// The text by which targets of a rollback are compared; empty without a target.
[[nodiscard]] QString targetText(const WayBack &back);

} // namespace pilothouse
