#pragma once

#include "connectors/kubernetes/deploys/appliedweights.h"
#include "connectors/kubernetes/watched/backendsworld.h"

namespace pilothouse {

/// Which canary Ingress a track moves, and the Services behind it and behind the main one.
struct NginxNames
{
    QString nameSpace;
    QString ingress;   ///< the one with the canary annotations, not the main one
    QString stable;    ///< Service
    QString candidate; ///< Service
    QString prefix = QStringLiteral("nginx.ingress.kubernetes.io"); ///< of the annotations
    CommitFrom commitFrom;
};

/// An Ingress, as far as ingress-nginx reads its canary annotations.
struct CanaryIngress
{
    KubeMeta meta;
    QStringList services; ///< all that it sends traffic to
};
[[nodiscard]] Result<CanaryIngress> decodeIngress(const QJsonObject &object);

/// What the canary annotations say.
struct CanaryShare
{
    bool isCanary = false;   ///< annotation "canary"; without it the others are not read
    int weight = 0;          ///< of `total`
    int total = 100;         ///< annotation "canary-weight-total"
    bool bySelector = false; ///< a header or a cookie leads to the candidate too
    QString problem;         ///< an annotation that the controller cannot read either

    /// Rounded, but 0 and 100 only for none and all of it.
    [[nodiscard]] Weight share() const;
};
[[nodiscard]] CanaryShare canaryShare(const CanaryIngress &ingress, const QString &prefix);
/// The weight that gives this share; Refused if the total cannot express it.
[[nodiscard]] Result<int> canaryWeight(const CanaryShare &now, Weight share);

/// How somebody else would apply the annotations of such an Ingress.
[[nodiscard]] WeightFields canaryFields(const NginxNames &names);

/// A canary Ingress and what stands behind the two Services.
class NginxWorld final : public BackendsWorld
{
public:
    explicit NginxWorld(NginxNames names);

    [[nodiscard]] const KubeMeta *guarded() const override;
    [[nodiscard]] Result<TrafficState> state() const override;

    [[nodiscard]] const NginxNames &names() const { return m_names; }
    /// nullptr while it is not known.
    [[nodiscard]] const CanaryIngress *ingress() const { return m_ingresses.find(m_names.ingress); }

private:
    NginxNames m_names;
    StoreOf<CanaryIngress> m_ingresses;
};

} // namespace pilothouse
