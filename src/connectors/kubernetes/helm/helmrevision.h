#pragma once

#include "base/result.h"

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace pilothouse {

/// The states of a release's revision; Unknown for a word that Helm does not use today.
enum class HelmStatus {
    Unknown,
    Deployed,
    Superseded, ///< was deployed, or so Helm says: see goodRevisions()
    Failed,
    Uninstalling,
    Uninstalled,
    PendingInstall,
    PendingUpgrade,
    PendingRollback,
};

/// A revision of this state is a lock: `helm upgrade` refuses while it is the newest.
[[nodiscard]] constexpr bool isPending(HelmStatus status)
{
    return status == HelmStatus::PendingInstall || status == HelmStatus::PendingUpgrade
           || status == HelmStatus::PendingRollback;
}

/// One revision of a release, as far as the labels of its Secret tell: they come without the body
/// and are cheap.
struct HelmRevision
{
    int number = 0;
    HelmStatus status = HelmStatus::Unknown;
    QString word;            ///< the status as Helm wrote it
    QDateTime at;            ///< UTC, when it was made, by the server's clock
    QDateTime touchedAt;     ///< UTC, when its record was written last; invalid = not told
    QString secret;          ///< name of the Secret
    QString resourceVersion; ///< of the Secret: another one means another status or body

    bool operator==(const HelmRevision &) const = default;
};

/// From a Secret or its PartialObjectMetadata. Malformed, with the label, for one that is not as
/// Helm makes it.
[[nodiscard]] Result<HelmRevision> decodeRevision(const QJsonObject &object);

/// The status that Helm means by a word.
[[nodiscard]] HelmStatus statusFrom(const QString &word);

/// Which Secrets hold a release: "owner=helm,name=RELEASE".
[[nodiscard]] QString selectorOf(const QString &release);

} // namespace pilothouse
