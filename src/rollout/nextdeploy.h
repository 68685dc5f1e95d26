#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// What the next deploy by others makes of a weight that a console has written.
struct NextDeploy
{
    enum class Kind {
        CannotTell, ///< `words` say why; never to be taken for Keeps
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

/// CannotTell; `why` is a sentence with or without its full stop.
[[nodiscard]] NextDeploy unknownNextDeploy(const QString &why);

/// The same for a weight of `percent`: where the deploy would bring just that, nothing is lost.
[[nodiscard]] NextDeploy nextDeployAt(const NextDeploy &next, int percent);

} // namespace pilothouse
