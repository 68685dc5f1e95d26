#pragma once

#include "base/id.h"

#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// What still leads back where moving the traffic alone does not: the stable as an earlier deploy
/// made it, made again by the program that deploys. As the deploys' own records tell it.
struct EarlierDeploy
{
    QString release; ///< what is deployed, "production/web"; with `number` the target's identity
    int number = 0;  ///< of the deploy that leads back; 0 = there is none, see noneBecause
    QString name;    ///< "Helm revision 41"
    CommitId commit; ///< that it brings; empty = cannot be told
    /// How long such a deploy takes, as the release's own ones did; nullopt = they do not tell.
    std::optional<std::chrono::milliseconds> takes;
    QString action; ///< OwnAction::id that makes it

    int live = 0;         ///< the newest deploy
    QString liveName;     ///< "Helm revision 42"
    QString liveMark;     ///< how a traffic object notes it, see Deed::what: "helm 42"
    int liveGoesBack = 0; ///< it is itself a way back, to this number; 0 = it is none
    QString unfinished;   ///< the newest one never came to an end: "pending-rollback"; else empty

    QString noneBecause; ///< why nothing leads back, a sentence
    QString instead;     ///< and what to do

    bool operator==(const EarlierDeploy &) const = default;
};

/// "~40 s", "~3 min"; "some minutes" where nothing tells.
[[nodiscard]] QString deployTakes(const std::optional<std::chrono::milliseconds> &takes);
/// "~3 min, Helm revision 41".
[[nodiscard]] QString deployWords(const EarlierDeploy &deploy);

} // namespace pilothouse
