#pragma once

#include "connectors/kubernetes/watched/backends.h"
#include "connectors/kubernetes/watched/clusterworld.h"

namespace pilothouse {

/// The two that a guarded object shares traffic out between.
struct TrafficEnds
{
    RevisionState stable;
    RevisionState candidate;
    bool besides = false; ///< something that is no weight leads to the candidate too
};

/// A world with the Services, Deployments and Pods of a namespace behind its guarded object.
class BackendsWorld : public ClusterWorld
{
protected:
    explicit BackendsWorld(const QString &nameSpace);

    [[nodiscard]] Backends backends() const;
    /// Why a Service cannot be read; nothing if it can.
    [[nodiscard]] std::optional<Error> unreadableService(const QString &name) const
    {
        return m_services.whyUnreadable(name);
    }
    [[nodiscard]] bool hasService(const QString &name) const { return m_services.find(name); }
    /// Says what runs at the ends, and as `problem` everything that is not well: `problems`, what
    /// is wrong with the ends, and what cannot be read. `asked` is known.
    void tellEnds(TrafficEnds ends, QStringList problems, TrafficState &state) const;

private:
    StoreOf<KubeService> m_services;
    StoreOf<KubeDeployment> m_deployments;
    StoreOf<KubePod> m_pods;
};

} // namespace pilothouse
