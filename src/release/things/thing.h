#pragma once

#include <QString>

namespace pilothouse {

/// What a person points at and tells others about. A value; two are the same thing if kind, id and
/// within are.
struct Thing
{
    enum class Kind {
        Commit,
        Run,
        Job,
        Build, ///< of a build service beside the CI host
        Track,
        Revision,
        Pod,
        Alert,
        Change,
        Workload,  ///< runs our code without routed traffic
        OnCall,    ///< the screen of a night
        History,   ///< what was decided and done
        Workspace, ///< nothing narrower
    };

    Kind kind = Kind::Commit;
    QString id; ///< as its system spells it: full SHA, a run's number, a name; empty = needs none
    /// Of a job its run, of a build its commit, of a revision and a pod their track, of a change
    /// its database; empty = not told.
    QString within;
    QString words; ///< by which a person knows it: "c41d77e Scope search by organization"
    QString tells; ///< how it does now: "candidate of standalone at 10 %"; may be empty

    bool operator==(const Thing &) const = default;
};

/// Whatever is said about them.
[[nodiscard]] inline bool isSame(const Thing &one, const Thing &other)
{
    return one.kind == other.kind && one.id == other.id && one.within == other.within;
}

} // namespace pilothouse
