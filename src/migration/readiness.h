#pragma once

#include "base/id.h"

#include <QString>

namespace pilothouse {

/// Whether one place that runs our code may see CONTRACT. Release computes the list from LIVE and
/// from the change file at each revision's own commit; migration only obeys it.
struct RevisionReadiness
{
    enum class State {
        Ready,
        NotReady,
        CannotTell, ///< unknown commit, no file, no answer: refuses CONTRACT like NotReady
    };
    enum class Role {
        Traffic, ///< has a weight or can be reached by a tag or header
        WayBack, ///< a track's rollback target: settled by retiring it
        Worker,  ///< also_live: runs our code without routed traffic
    };

    QString where;   ///< "standalone", "celery worker"
    CommitId commit; ///< empty = unknown commit
    State state = State::CannotTell;
    QString why; ///< "its change file says contract_ready: false", "unknown commit"
    Role role = Role::Traffic;

    bool operator==(const RevisionReadiness &) const = default;
};

} // namespace pilothouse
