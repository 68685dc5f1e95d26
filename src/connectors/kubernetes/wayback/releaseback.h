#pragma once

#include "connectors/kubernetes/helm/helmhistory.h"
#include "connectors/kubernetes/wayback/stablemade.h"
#include "rollout/wayback/earlierdeploy.h"

namespace pilothouse {

/// How many good revisions are looked into for one that leads back.
inline constexpr int looksBack = 5;

/// Everything that is known of the way back through a Helm release.
struct ReleaseSight
{
    StableOwner owner;
    Result<HelmHistory> history;
    HelmLock lock;
    QHash<int, Result<StableMade>> made; ///< by revision, as far as it was asked for
    /// It serves, and is of one image: another revision with the same commit leads nowhere then.
    bool stableIsUp = false;
    std::optional<Error> program; ///< why helm cannot be used
    QString lacking = {}; ///< what this account may not do with its Secrets, "update"; empty = all
};

/// Why this account cannot roll the release back; only where something is lacking.
[[nodiscard]] QString lackingWords(const ReleaseSight &sight);

/// The next revision whose manifest has to be read; nullopt = enough is known.
[[nodiscard]] std::optional<int> wantedManifest(const ReleaseSight &sight);

/// The newest good revision other than what is live that brings a stable other than the live one.
/// Never one whose stable would be gone.
[[nodiscard]] EarlierDeploy earlierDeployOf(const ReleaseSight &sight);

/// How long a deploy of this release takes: as long as its last roll-out of the stable, or as long
/// as helm itself took (the median of the last five), whichever is more. helm alone tells nothing
/// where it was so quick that it cannot have waited for the Pods. nullopt = not told.
[[nodiscard]] std::optional<std::chrono::milliseconds>
deployTook(const HelmHistory &history, std::optional<std::chrono::milliseconds> rolledOutIn);

} // namespace pilothouse
