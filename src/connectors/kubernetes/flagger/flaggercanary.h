#pragma once

#include "connectors/kubernetes/watched/backendsworld.h"

namespace pilothouse {

/// Which Canary a track looks at. Its Services and Deployments follow from it.
struct FlaggerNames
{
    QString nameSpace;
    QString canary;
    CommitFrom commitFrom;
};

/// A webhook that Flagger asks before it goes on.
struct FlaggerGate
{
    QString name;
    QString type; ///< confirm-rollout, confirm-traffic-increase, confirm-promotion, rollback
    QString url;

    bool operator==(const FlaggerGate &) const = default;
};

/// A Canary (flagger.app/v1beta1).
struct FlaggerCanary
{
    KubeMeta meta;
    QString target;     ///< name of the Deployment that is released; its copy "-primary" is stable
    QString service;    ///< base name of the Services
    int threshold = 0;  ///< failed checks until it goes back by itself; 0 = not told
    int maxWeight = 0;  ///< per cent at which it begins to promote; 0 = not told
    int iterations = 0; ///< rounds without a weight (A/B, blue-green); 0 = by weight
    QList<FlaggerGate> gates;
    bool skipAnalysis = false;
    bool suspended = false;
    // What Flagger says.
    QString phase;
    int weight = 0; ///< per cent, as Flagger has set it
    int failedChecks = 0;
    int iteration = 0;
    QString message; ///< of the condition Promoted

    /// The target's version is on its way.
    [[nodiscard]] bool isInFlight() const;
    /// The gate that it waits for now; nothing if it does not wait, or for none that it names.
    [[nodiscard]] std::optional<FlaggerGate> awaited() const;
    [[nodiscard]] bool isWaiting() const { return phase.startsWith(QLatin1String("Waiting")); }
};
[[nodiscard]] Result<FlaggerCanary> decodeCanary(const QJsonObject &object);

/// "Progressing · 2 of 5 failed checks · waits for the gate “approve” (confirm-promotion)"
[[nodiscard]] QString flaggerProgress(const FlaggerCanary &canary);
/// Why it is not moved from here, and what to do instead in its present phase.
[[nodiscard]] QString insteadOfMoving(const FlaggerCanary &canary);

/// A Canary and what stands behind its two Services.
class FlaggerWorld final : public BackendsWorld
{
public:
    explicit FlaggerWorld(FlaggerNames names);

    [[nodiscard]] const KubeMeta *guarded() const override;
    [[nodiscard]] Result<TrafficState> state() const override;
    /// nullptr while it is not known.
    [[nodiscard]] const FlaggerCanary *canary() const { return m_canaries.find(m_names.canary); }

private:
    FlaggerNames m_names;
    StoreOf<FlaggerCanary> m_canaries;
};

} // namespace pilothouse
