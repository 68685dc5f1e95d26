#include "connectors/kubernetes/watched/clusterworld.h"

#include "rollout/trafficannotations.h"

namespace pilothouse {

std::optional<Error> ClusterWorld::unreadable() const
{
    for (const Part &part : m_parts) {
        if (!part.store->unreadable().isEmpty())
            return part.store->unreadable().first();
    }
    return std::nullopt;
}

std::optional<Error> ClusterWorld::unreadableGuarded(const QString &name) const
{
    const QMap<QString, Error> &unreadable = store(guardedPart()).unreadable();
    const auto found = unreadable.constFind(name);
    return found == unreadable.cend() ? std::nullopt : std::optional(*found);
}

void tellMeta(const KubeMeta &meta, TrafficState &state, QStringList &problems)
{
    state.version = meta.resourceVersion;
    state.lastWriter = meta.writer.manager;
    state.lastWrittenAt = meta.writer.at;
    state.hold = decodeHold(meta.annotations.value(QLatin1String(holdAnnotation)).toUtf8());
    const auto changes
        = decodeChanges(meta.annotations.value(QLatin1String(changesAnnotation)).toUtf8());
    if (changes)
        state.changes = *changes;
    else
        problems << changes.error().message;
}

} // namespace pilothouse
