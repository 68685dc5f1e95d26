#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// What the next deploy by others makes of a weight that a console writes.
struct NextDeploy
{
    enum class Kind {
        CannotTell, ///< for the reason in `words`; never to be taken for Keeps
        NoDeploys,  ///< nothing that deploys is known to own the traffic object
        Keeps,
        Overwrites,
        Conflicts, ///< the deploy fails
    };

    Kind kind = Kind::CannotTell;
    QString words;             ///< a sentence without its full stop
    std::optional<int> brings; ///< Overwrites, Conflicts: the per cent that it would write

    bool operator==(const NextDeploy &) const = default;
};

/// The same once `percent` is written: where the deploy would bring just that, nothing is lost.
[[nodiscard]] NextDeploy nextDeployAfter(const NextDeploy &next, int percent);

} // namespace pilothouse
