#pragma once

#include "action/reason.h"
#include "migration/migrationcontroller.h"
#include "pipeline/runsource.h"
#include "release/gate.h"
#include "release/things/thing.h"
#include "rollout/rolloutviews.h"

#include <QDateTime>

namespace pilothouse {

/// An entry of the release picker.
struct ReleaseItem
{
    enum class Standing { Candidate, OnItsWay, Live, Earlier };

    CommitId commit;
    Standing standing = Standing::Earlier;
    QString subject; ///< empty while the commit is read
    QString author;
    QDateTime at;  ///< committed, UTC
    QString words; ///< "candidate of standalone at 10 %", "live on coditect", "ci.yml running"

    bool operator==(const ReleaseItem &) const = default;
};

/// A row of NEXT: one a track, one for each gate at which a run of it waits for a person, one a
/// change and database.
struct NextRow
{
    enum class Kind { Track, Approval, Schema };

    Kind kind = Kind::Track;
    QString where;    ///< "standalone", "schema"
    QString sentence; ///< "bakes at 10 % for 1:48 more, then 10 → 50"
    NextAction::Kind action = NextAction::Kind::Nothing; ///< of a track
    QString verb;          ///< on the button: "Promote 10 → 50…", "Open"; empty = no button
    QString asks;          ///< of a person, now, without what time changes; empty = nothing yet
    Permission permission; ///< its counts stand beside; its first Blocks beside a disabled button
    QString frozen{};      ///< what a freeze asks about a rollout in flight; empty = nothing
    QString otherwise{}; ///< of a track: "Roll back to 9f3c2a1…" beside `verb`; empty = no button
    TrackName track;     ///< Kind::Track
    ChangeKey change;    ///< Kind::Schema
    RunId run{};         ///< Kind::Approval: the first that waits
    QString environment{}; ///< Kind::Approval; empty = could not be read
    QDateTime since{};     ///< Kind::Approval, UTC; invalid = not told

    bool operator==(const NextRow &) const = default;
};

/// One side of a row of LIVE.
struct LiveRevision
{
    CommitId commit;              ///< empty = unknown commit
    std::optional<Weight> weight; ///< nullopt: no traffic is routed here
    int ready = 0;
    int wanted = 0; ///< 0 = scales from nothing
    bool mixed = false;
    QString note; ///< "2 releases behind", "tag"

    bool operator==(const LiveRevision &) const = default;
};

/// A place that runs our code. Rows stand in the order of the workspace.
struct LiveRow
{
    enum class Kind { Track, Workload };

    Kind kind = Kind::Track;
    QString where;
    std::optional<LiveRevision> stable; ///< nullopt = not read, or not there
    std::optional<LiveRevision> candidate;
    QDateTime since; ///< UTC, of the last change; invalid = not told
    QString by;
    WayBack wayBack;
    QString wayBackWords; ///< "9f3c2a1  instant, 3/3 ready", "not moved by traffic"
    std::optional<std::chrono::milliseconds> age; ///< nullopt = never read
    QString error;    ///< why it cannot be read now; what stands is then of `age`
    bool old = false; ///< nothing newer came in time, and no error either

    bool operator==(const LiveRow &) const = default;
};

/// A piece of PATH.
struct PathChip
{
    QString name;
    std::optional<RunStatus> status; ///< nullopt = to come
    std::optional<std::chrono::milliseconds> took;

    bool operator==(const PathChip &) const = default;
};

/// A line of LATELY: what others and we did, newest first.
struct LatelyLine
{
    enum class Source { Journal, TrafficObject, Pipeline, Alert, Database, Deploy };
    enum class Kind { Act, Note }; ///< Note: it was written down, and changed nothing

    QDateTime at; ///< UTC
    QString who;
    QString what; ///< "standalone 0 → 10"
    Source source = Source::Journal;
    QList<Thing> about{}; ///< what can be shown and told of it, the nearest first; may be empty
    Kind kind = Kind::Act;
    QString seenIn{};  ///< the system that tells it, "GitHub"; empty = this machine's own journal
    TrackName moved{}; ///< whose traffic was moved by it; empty = none's

    bool operator==(const LatelyLine &) const = default;
};

/// Something that LATELY is made from and that does not answer: without it lines are missing or
/// old, which is never the same as that nothing was done.
struct Unheard
{
    enum class State { Lost, Reading };

    QString subject; ///< "GitHub deployments"
    QString why;     ///< the error's message; empty while it is read for the first time
    State state = State::Lost;

    bool operator==(const Unheard &) const = default;
};

} // namespace pilothouse
