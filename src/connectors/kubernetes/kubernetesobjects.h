#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>
#include <QList>

#include <chrono>
#include <memory>
#include <optional>

namespace pilothouse {

using Labels = QHash<QString, QString>;

/// What this connector needs of each kind, decoded once. A member that is not as the API says makes
/// the whole object Malformed, with its name and path.

/// What the pods of one template have in common: kept once for thousands of them.
struct PodMake
{
    Labels labels;
    QString image;       ///< as the spec names it
    QString imageDigest; ///< "sha256:…" that runs; empty = not told yet

    bool operator==(const PodMake &) const = default;
};

/// Of a Pod with several containers the one that kubectl takes for the main one counts: the one its
/// annotation kubectl.kubernetes.io/default-container names, else the first.
struct KubePod
{
    QString name;
    std::shared_ptr<const PodMake> make; ///< equal ones may be several
    QDateTime createdAt;                 ///< UTC; invalid = not told
    bool ready = false;
    bool terminating = false;
    int restarts = 0;      ///< of all its containers
    bool finished = false; ///< evicted, failed or completed: it serves nobody any more
};

struct KubeService
{
    QString name;
    Labels selector;
};

struct KubeDeployment
{
    QString name;
    Labels templateLabels;
    QString image;
    int replicas = 0; ///< wanted
    int readyReplicas = 0;
    int updatedReplicas = 0;  ///< of the present template
    int existingReplicas = 0; ///< of any template
    qint64 generation = 0;
    qint64 observedGeneration = 0; ///< the counts above belong to this one
    QString helmRelease;           ///< that it says it belongs to; empty = none
    QString helmNameSpace;         ///< of that release; empty = its own
    /// From the last write of its Pod template until all its Pods were new; nullopt = not told.
    std::optional<std::chrono::milliseconds> rolledOutIn;
    QString templateWriter; ///< field manager of the newest write to its Pod template
    QDateTime templateWrittenAt;

    /// Pods of an older template run, or it is not known yet that none do.
    [[nodiscard]] bool isMixed() const
    {
        return existingReplicas > updatedReplicas || observedGeneration < generation;
    }
};

[[nodiscard]] Result<KubePod> decodePod(const QJsonObject &object);
[[nodiscard]] Result<KubeService> decodeService(const QJsonObject &object);
[[nodiscard]] Result<KubeDeployment> decodeDeployment(const QJsonObject &object);

/// metadata.name, for objects that cannot be decoded.
[[nodiscard]] QString nameOf(const QJsonObject &object);

/// Every label of `selector` is among `labels`; an empty selector selects nothing.
[[nodiscard]] bool selects(const Labels &selector, const Labels &labels);

} // namespace pilothouse
