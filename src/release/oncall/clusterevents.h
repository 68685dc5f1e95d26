#pragma once

#include "base/id.h"
#include "base/reading.h"
#include "base/result.h"

#include <QFuture>
#include <QList>
#include <QStringList>

namespace pilothouse {

/// Something that a cluster remembers: a config map that was written, a cron job that began.
struct ClusterEvent
{
    enum class Kind {
        Written, ///< something is another than before
        Began,   ///< it runs, and changed nothing by that
    };

    QDateTime at; ///< UTC, the cluster's clock
    QString who;  ///< as the cluster tells: "helm", "cron"
    QString what; ///< "config map context-web written"
    Kind kind = Kind::Written;

    bool operator==(const ClusterEvent &) const = default;
};

struct ClusterEvents
{
    QList<ClusterEvent> events; ///< in no order
    /// What could not be looked at, sorted, each with its reason: "cron jobs: you lack list on
    /// cronjobs in production". An empty list of events means nothing where one of these stands.
    QStringList unknown;
};

/// One of a track's pods, which tells for all of its revision.
struct PodOfTrack
{
    TrackName track;
    QString pod;

    bool operator==(const PodOfTrack &) const = default;
};

struct ClusterQuestion
{
    QDateTime from; ///< UTC
    QDateTime to;
    QList<PodOfTrack> pods; ///< whose config maps count, besides those of what is also live
};

/// What the clusters of a workspace remember of a time. Whatever fails is among `unknown`, so that
/// there is always an answer. GUI thread.
class ClusterEventSource
{
public:
    virtual ~ClusterEventSource() = default;

    [[nodiscard]] virtual QFuture<ClusterEvents> between(const ClusterQuestion &question) = 0;
};

} // namespace pilothouse
