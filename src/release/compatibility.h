#pragma once

#include "action/reason.h"
#include "migration/facts.h"
#include "migration/readiness.h"
#include "release/workloads.h"
#include "rollout/permissions.h"

#include <QList>

#include <chrono>
#include <functional>

namespace pilothouse {

/// What the change file says at one commit.
struct FileAtCommit
{
    enum class State {
        Ready,      ///< contract_ready: true
        NotReady,   ///< contract_ready: false
        NoFile,     ///< the commit does not know the change: not ready
        CannotTell, ///< unknown commit, unreadable repository or file
        Asked,      ///< the answer is on its way; counts as CannotTell
    };
    State state = State::CannotTell;
    QString why;

    bool operator==(const FileAtCommit &) const = default;
};

/// Answers for one change file; from a cache, at once.
using FileLookup = std::function<FileAtCommit(const CommitId &)>;

/// A revision that runs, or could run again, somewhere.
struct PlacedRevision
{
    QString where; ///< "standalone", "celery worker"
    CommitId commit;
    RevisionReadiness::Role role = RevisionReadiness::Role::Traffic;

    bool operator==(const PlacedRevision &) const = default;
};

/// Every revision of a track that can receive traffic: weight asked or accepted over 0, reachable
/// by tag or header, or the way back that a rollback would run. A candidate at 0 that nothing
/// reaches is not among them.
[[nodiscard]] QList<PlacedRevision> revisionsOf(const QString &track, const TrafficState &traffic,
                                                const WayBack &wayBack);
[[nodiscard]] QList<PlacedRevision> revisionsOf(const QList<Workload> &workloads);

/// One line per revision for migration's gate. A revision that is already ready under a stronger
/// role (Traffic before WayBack) stands once per place.
[[nodiscard]] QList<RevisionReadiness> readinessOf(const QList<PlacedRevision> &revisions,
                                                   const FileLookup &file);

/// One change in one database, as far as traffic depends on it.
struct ChangeStanding
{
    ChangeName name;
    QString database;      ///< the workspace's name for it
    QString databaseWords; ///< "production": whose database it is, for sentences
    QString table;
    QString column;
    std::optional<Facts> facts;       ///< nullopt = the database was never read
    std::chrono::milliseconds age{0}; ///< of `facts`
    QString lost; ///< why the database cannot be asked now, as a sentence; empty = it answers
};

/// May this candidate get traffic, as far as this change is concerned? A candidate that is ready
/// writes the column: Blocks before EXPAND is done or while the database was not read, For after
/// it. A candidate that is not ready: nothing before CONTRACT; Blocks once old writers are refused.
/// A candidate whose file cannot be read: Against; of unknown commit: Unknown. Nothing to say = an
/// empty list. What is for it by facts that are old, or of a database that is lost, is Unknown.
[[nodiscard]] QList<Reason> promoteReasons(const ChangeStanding &change, const CommitId &candidate,
                                           const FileAtCommit &file);

/// What going back to `target` would break: Against with "BREAKS: …" once writers without the
/// column are refused (NOT NULL holds and the trigger is gone), or once the column that it writes
/// is not there; For where it is safe; Unknown where it cannot be told, or was safe by facts that
/// are old or of a database that is lost. What breaks stays Against whatever the age of the facts.
/// Never an empty list.
[[nodiscard]] QList<Reason> rollbackReasons(const ChangeStanding &change, const CommitId &target,
                                            const FileAtCommit &file);

} // namespace pilothouse
