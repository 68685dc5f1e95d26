#include "connectors/kubernetes/watched/clusterworld.h"

#include "rollout/trafficannotations.h"

namespace pilothouse {

QStringList ClusterWorld::unreadable() const
{
    QStringList all;
    for (const Part &part : m_parts) {
        for (const Error &error : part.store->unreadable())
            all << error.message;
    }
    return all;
}

TrafficState ClusterWorld::guardedState() const
{
    TrafficState state;
    QStringList problems;
    if (const KubeMeta *meta = guarded())
        tellMeta(*meta, state, problems);
    return state;
}

void tellMeta(const KubeMeta &meta, TrafficState &state, QStringList &problems)
{
    state.version = meta.resourceVersion;
    state.lastWriter = meta.writer.manager;
    state.lastWrittenAt = meta.writer.at;
    state.annotatedBy = meta.annotator.manager;
    state.annotatedAt = meta.annotator.at;
    tellNotes(
        [&meta](const char *key) { return meta.annotations.value(QLatin1String(key)).toUtf8(); },
        state);
    const auto changes
        = decodeChanges(meta.annotations.value(QLatin1String(changesAnnotation)).toUtf8());
    if (changes)
        state.changes = *changes;
    else
        problems << changes.error().message;
}

} // namespace pilothouse
