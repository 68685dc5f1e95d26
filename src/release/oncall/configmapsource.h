#pragma once

#include "release/oncall/clusterevents.h"

namespace pilothouse {

/// A config map that pods take, which no traffic moves.
struct ConfigMapInUse
{
    QString name;
    QDateTime writtenAt;     ///< UTC, the cluster's clock; invalid = not told
    QString by;              ///< who wrote it last, as the cluster tells: "helm"; empty = not told
    QString release;         ///< Helm's, that it belongs to; empty = none
    int revision = 0;        ///< of that release, which wrote it; 0 = not told
    QString revisionUnknown; ///< why it is not told; empty = nobody asked, or it is

    bool operator==(const ConfigMapInUse &) const = default;
};

struct ConfigMapsInUse
{
    QList<ConfigMapInUse> maps; ///< by their names
    QStringList unknown; ///< why these are not all, sorted: "you lack get on pods in production"

    bool operator==(const ConfigMapsInUse &) const = default;
};

/// Where the config maps of a track's pods are asked for. Whatever fails is among `unknown`, so
/// that there is always an answer. GUI thread.
class ConfigMapSource
{
public:
    virtual ~ConfigMapSource() = default;

    /// Of pods of one track, each of which tells for all of its revision. nullopt = the track lives
    /// in no cluster.
    [[nodiscard]] virtual QFuture<std::optional<ConfigMapsInUse>>
    configMapsOf(const TrackName &track, const QStringList &pods) = 0;
};

} // namespace pilothouse
