#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse::sandbox {

/// A kind of object that the API server serves.
struct ResourceType
{
    QString group; ///< empty = core
    QString version;
    QString plural;
    QString singular;
    QString kind;
    QStringList shortNames;
    QStringList verbs;
    bool namespaced = true;
    bool statusSubresource = false;

    /// "httproutes.gateway.networking.k8s.io", "pods": as messages name it.
    [[nodiscard]] QString qualified() const
    {
        return group.isEmpty() ? plural : plural + QLatin1Char('.') + group;
    }
    [[nodiscard]] QString groupVersion() const
    {
        return group.isEmpty() ? version : group + QLatin1Char('/') + version;
    }
};

/// All kinds that are stored; reviews, which are only answered, are not among them.
[[nodiscard]] const QList<ResourceType> &resourceTypes();
/// nullptr if there is no such kind.
[[nodiscard]] const ResourceType *findResourceType(const QString &group, const QString &version,
                                                   const QString &plural);
[[nodiscard]] const ResourceType &resourceType(const char *plural);

} // namespace pilothouse::sandbox
