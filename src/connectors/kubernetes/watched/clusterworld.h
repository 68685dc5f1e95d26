#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "connectors/kubernetes/watched/objectmeta.h"
#include "connectors/kubernetes/watched/objectstore.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

/// What a control keeps of the cluster: the one object that it moves traffic by (guarded: every
/// write names its version), and the kinds that stand behind it.
class ClusterWorld
{
public:
    virtual ~ClusterWorld() = default;

    /// In the order in which they are read: the guarded object's kind last, since a write will be
    /// guarded by its version.
    [[nodiscard]] qsizetype parts() const { return m_parts.size(); }
    [[nodiscard]] const ResourcePath &path(qsizetype part) const { return m_parts[part].path; }
    [[nodiscard]] ObjectStore &store(qsizetype part) const { return *m_parts[part].store; }
    [[nodiscard]] qsizetype guardedPart() const { return m_parts.size() - 1; }

    /// The guarded object's; nullptr while it is not known.
    [[nodiscard]] virtual const KubeMeta *guarded() const = 0;
    /// What it alone tells of the traffic, without what stands behind it.
    [[nodiscard]] virtual TrafficState guardedState() const;
    /// What the console shows and decides by. NotFound if an object is not there, Malformed if one
    /// cannot be decoded; with what to do about it.
    [[nodiscard]] virtual Result<TrafficState> state() const = 0;

protected:
    ClusterWorld() = default;
    Q_DISABLE_COPY_MOVE(ClusterWorld)

    /// `store` is a member of the world that adds it.
    void add(const ResourcePath &path, ObjectStore &store) { m_parts.append({path, &store}); }
    /// What cannot be read, of all parts, each with why.
    [[nodiscard]] QStringList unreadable() const;

private:
    struct Part
    {
        ResourcePath path;
        ObjectStore *store;
    };
    QList<Part> m_parts;
};

/// What every guarded object tells of itself: version, writer, our hold and changes. What cannot be
/// read goes to `problems`.
void tellMeta(const KubeMeta &meta, TrafficState &state, QStringList &problems);

/// The same object written before: its answer was overtaken by a later one on the way.
[[nodiscard]] inline bool isOlder(const KubeMeta &fresh, const KubeMeta &known)
{
    return known.uid == fresh.uid && fresh.generation < known.generation;
}

/// For the guarded object alone: others of its kind are left out, and so is what was overtaken.
template <typename T>
[[nodiscard]] StoreOf<T> guardedStore(typename StoreOf<T>::Decode decode, const QString &name)
{
    return StoreOf<T>(
        decode, [name](const QJsonObject &object) { return nameOf(object) == name; },
        [](const T &fresh, const T &known) { return isOlder(fresh.meta, known.meta); });
}

} // namespace pilothouse
