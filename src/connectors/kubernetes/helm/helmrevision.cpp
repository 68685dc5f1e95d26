#include "connectors/kubernetes/helm/helmrevision.h"

#include "base/words.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <utility>

namespace pilothouse {
namespace {

constexpr std::array statusWords{
    std::pair{"deployed", HelmStatus::Deployed},
    std::pair{"superseded", HelmStatus::Superseded},
    std::pair{"failed", HelmStatus::Failed},
    std::pair{"uninstalling", HelmStatus::Uninstalling},
    std::pair{"uninstalled", HelmStatus::Uninstalled},
    std::pair{"pending-install", HelmStatus::PendingInstall},
    std::pair{"pending-upgrade", HelmStatus::PendingUpgrade},
    std::pair{"pending-rollback", HelmStatus::PendingRollback},
};

/// Helm's own labels are not to be relied on: a revision can keep the `modifiedAt` of the one
/// before, and gets another one when it is superseded.
QDateTime madeAt(const QJsonObject &metadata, const QJsonObject &labels)
{
    const QDateTime created = QDateTime::fromString(
        metadata.value(QLatin1String("creationTimestamp")).toString(), Qt::ISODate);
    if (created.isValid())
        return created.toUTC();
    qint64 latest = 0;
    for (const char *label : {"modifiedAt", "createdAt"})
        latest = std::max(latest, labels.value(QLatin1String(label)).toString().toLongLong());
    return latest > 0 ? QDateTime::fromSecsSinceEpoch(latest, Qt::UTC) : QDateTime();
}

/// By managedFields.
QDateTime touchedAt(const QJsonObject &metadata)
{
    QDateTime newest;
    for (const QJsonValue entry : metadata.value(QLatin1String("managedFields")).toArray()) {
        const QDateTime at
            = QDateTime::fromString(entry[QLatin1String("time")].toString(), Qt::ISODate).toUTC();
        if (at.isValid() && (!newest.isValid() || at > newest))
            newest = at;
    }
    return newest;
}

} // namespace

HelmStatus statusFrom(const QString &word)
{
    for (const auto &[text, status] : statusWords) {
        if (word == QLatin1String(text))
            return status;
    }
    return HelmStatus::Unknown;
}

QString selectorOf(const QString &release)
{
    return QStringLiteral("owner=helm,name=%1").arg(release);
}

Result<HelmRevision> decodeRevision(const QJsonObject &object)
{
    const QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    const QJsonObject labels = metadata.value(QLatin1String("labels")).toObject();
    HelmRevision revision;
    revision.secret = metadata.value(QLatin1String("name")).toString();
    const auto broken = [&](const char *label) {
        return fail(ErrorKind::Malformed,
                    Words::tr("The Secret “%1” is not as Helm makes them; see its label %2.")
                        .arg(revision.secret, QLatin1String(label)),
                    QStringLiteral("metadata.labels.%1").arg(QLatin1String(label)));
    };
    bool isNumber = false;
    revision.number = labels.value(QLatin1String("version")).toString().toInt(&isNumber);
    if (!isNumber || revision.number < 1)
        return broken("version");
    revision.word = labels.value(QLatin1String("status")).toString();
    if (revision.word.isEmpty())
        return broken("status");
    revision.status = statusFrom(revision.word);
    revision.at = madeAt(metadata, labels);
    revision.touchedAt = touchedAt(metadata);
    revision.resourceVersion = metadata.value(QLatin1String("resourceVersion")).toString();
    return revision;
}

} // namespace pilothouse
