#pragma once

#include "pipeline/graph.h"
#include "pipeline/overlay.h"

#include <QHash>
#include <QList>

#include <optional>

namespace pilothouse {

/// Where a service beside the CI host takes over: the workspace says so, not a build.
struct BuildPlace
{
    QString job;     ///< key of the job that hands its builds over
    QString service; ///< as it is named to a person
};

/// A pipeline with a node for each build that is handed over.
struct GraphWithBuilds
{
    struct Spot
    {
        NodeId job;      ///< the one that hands over
        qsizetype place; ///< index into the places
    };

    Graph graph;
    QHash<NodeId, Spot> spots; ///< by the build's node
};

/// Puts a node behind each job that a place names: what followed the job follows the build. A place
/// whose job is not there adds nothing. It depends on the places alone, so that no build ever moves
/// a node.
[[nodiscard]] GraphWithBuilds withBuilds(const Graph &graph, const QList<BuildPlace> &places);

/// What is known of the build at a place.
struct BuildState
{
    bool unread = true;     ///< its service has not answered
    std::optional<Job> job; ///< the newest build of the commit; nothing = none yet
    bool stale = false;     ///< its service gives nothing now: it is as it was read last
};

/// Lays the builds over an overlay. A build is on the critical path where its job is and it has
/// begun; its time is part of that of the job, which waits for it. `states` has one a place.
[[nodiscard]] Overlay overlayBuilds(const Overlay &overlay, const GraphWithBuilds &drawn,
                                    const QList<BuildState> &states);

} // namespace pilothouse
