#pragma once

#include "connectors/kubernetes/watched/backendsworld.h"

namespace pilothouse {

/// One end of a VirtualService's weights: a Service and, where it is divided, a subset of it.
struct IstioTarget
{
    QString service;
    QString subset; ///< of a DestinationRule; empty = the whole Service

    bool operator==(const IstioTarget &) const = default;
};
/// "web", "web/v2"
[[nodiscard]] QString targetWord(const IstioTarget &target);

struct IstioNames
{
    QString nameSpace;
    QString virtualService;
    IstioTarget stable;
    IstioTarget candidate;
    CommitFrom commitFrom;
};

struct VirtualRoute
{
    QString host;
    QString subset;
    int weight = 0;
};

/// A VirtualService (networking.istio.io), its HTTP routes.
struct VirtualService
{
    KubeMeta meta;
    QList<QList<VirtualRoute>> http;
};
[[nodiscard]] Result<VirtualService> decodeVirtualService(const QJsonObject &object);

/// The subsets of a DestinationRule, by name.
struct DestinationRule
{
    QString host;
    QHash<QString, Labels> subsets;
};
[[nodiscard]] Result<DestinationRule> decodeDestinationRule(const QJsonObject &object);

/// A host as Istio spells it leads to this Service: short, or qualified by its namespace.
[[nodiscard]] bool isHostOf(const QString &host, const QString &service, const QString &nameSpace);

/// A VirtualService and what stands behind its two ends.
class IstioWorld final : public BackendsWorld
{
public:
    explicit IstioWorld(IstioNames names);

    [[nodiscard]] const KubeMeta *guarded() const override;
    [[nodiscard]] Result<TrafficState> state() const override;

    [[nodiscard]] const IstioNames &names() const { return m_names; }
    /// nullptr while it is not known.
    [[nodiscard]] const VirtualService *virtualService() const
    {
        return m_virtualServices.find(m_names.virtualService);
    }

private:
    [[nodiscard]] RevisionState revisionAt(const IstioTarget &target, QStringList &problems) const;

    IstioNames m_names;
    StoreOf<DestinationRule> m_rules; ///< a part only where a subset is named
    StoreOf<VirtualService> m_virtualServices;
};

} // namespace pilothouse
