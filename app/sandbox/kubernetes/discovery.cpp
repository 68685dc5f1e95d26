#include "app/sandbox/kubernetes/discovery.h"

#include "app/sandbox/kubernetes/resourcetype.h"

#include <QJsonArray>

namespace pilothouse::sandbox {

namespace {

struct GroupVersion
{
    const char *group;
    const char *version;
};

constexpr GroupVersion groups[] = {{"apps", "v1"},
                                   {"authentication.k8s.io", "v1"},
                                   {"authorization.k8s.io", "v1"},
                                   {"batch", "v1"},
                                   {"gateway.networking.k8s.io", "v1"}};

QJsonObject groupView(const GroupVersion &each)
{
    const QString group = QString::fromLatin1(each.group);
    const QString version = QString::fromLatin1(each.version);
    const QJsonObject one{{QStringLiteral("groupVersion"), group + QLatin1Char('/') + version},
                          {QStringLiteral("version"), version}};
    return {{QStringLiteral("name"), group},
            {QStringLiteral("versions"), QJsonArray{one}},
            {QStringLiteral("preferredVersion"), one}};
}

QJsonObject resourceView(const ResourceType &type)
{
    QJsonObject out{{QStringLiteral("name"), type.plural},
                    {QStringLiteral("singularName"), type.singular},
                    {QStringLiteral("namespaced"), type.namespaced},
                    {QStringLiteral("kind"), type.kind},
                    {QStringLiteral("verbs"), QJsonArray::fromStringList(type.verbs)}};
    if (!type.shortNames.isEmpty())
        out.insert(QStringLiteral("shortNames"), QJsonArray::fromStringList(type.shortNames));
    if (type.plural == QLatin1String("pods") || type.plural == QLatin1String("deployments")
        || type.plural == QLatin1String("services"))
        out.insert(QStringLiteral("categories"), QJsonArray{QStringLiteral("all")});
    return out;
}

enum class Scope { Cluster, Namespaced };

QJsonObject subresource(const QString &name, const QString &kind, Scope scope,
                        const QStringList &verbs)
{
    return {{QStringLiteral("name"), name},
            {QStringLiteral("singularName"), QString()},
            {QStringLiteral("namespaced"), scope == Scope::Namespaced},
            {QStringLiteral("kind"), kind},
            {QStringLiteral("verbs"), QJsonArray::fromStringList(verbs)}};
}

QJsonObject resourceList(const QString &groupVersion)
{
    QJsonArray resources;
    for (const ResourceType &type : resourceTypes()) {
        if (type.groupVersion() != groupVersion)
            continue;
        resources.append(resourceView(type));
        if (type.statusSubresource)
            resources.append(subresource(
                type.plural + QLatin1String("/status"), type.kind, Scope::Namespaced,
                {QStringLiteral("get"), QStringLiteral("patch"), QStringLiteral("update")}));
        if (type.plural == QLatin1String("pods"))
            resources.append(subresource(QStringLiteral("pods/log"), type.kind, Scope::Namespaced,
                                         {QStringLiteral("get")}));
    }
    const QStringList create{QStringLiteral("create")};
    if (groupVersion == QLatin1String("authorization.k8s.io/v1"))
        resources.append(subresource(QStringLiteral("selfsubjectaccessreviews"),
                                     QStringLiteral("SelfSubjectAccessReview"), Scope::Cluster,
                                     create));
    if (groupVersion == QLatin1String("authentication.k8s.io/v1"))
        resources.append(subresource(QStringLiteral("selfsubjectreviews"),
                                     QStringLiteral("SelfSubjectReview"), Scope::Cluster, create));
    return {{QStringLiteral("kind"), QStringLiteral("APIResourceList")},
            {QStringLiteral("apiVersion"), QStringLiteral("v1")},
            {QStringLiteral("groupVersion"), groupVersion},
            {QStringLiteral("resources"), resources}};
}

QJsonObject groupList()
{
    QJsonArray out;
    for (const GroupVersion &each : groups)
        out.append(groupView(each));
    return {{QStringLiteral("kind"), QStringLiteral("APIGroupList")},
            {QStringLiteral("apiVersion"), QStringLiteral("v1")},
            {QStringLiteral("groups"), out}};
}

QJsonObject version()
{
    return {{QStringLiteral("major"), QStringLiteral("1")},
            {QStringLiteral("minor"), QStringLiteral("33")},
            {QStringLiteral("gitVersion"), QStringLiteral("v1.33.0+rehearsal")},
            {QStringLiteral("gitCommit"), QString(40, QLatin1Char('0'))},
            {QStringLiteral("gitTreeState"), QStringLiteral("clean")},
            {QStringLiteral("buildDate"), QStringLiteral("2026-01-01T00:00:00Z")},
            {QStringLiteral("goVersion"), QStringLiteral("none")},
            {QStringLiteral("compiler"), QStringLiteral("none")},
            {QStringLiteral("platform"), QStringLiteral("linux/amd64")}};
}

} // namespace

std::optional<QJsonObject> discoveryAnswer(const QString &path)
{
    if (path == QLatin1String("/version"))
        return version();
    if (path == QLatin1String("/api"))
        return QJsonObject{{QStringLiteral("kind"), QStringLiteral("APIVersions")},
                           {QStringLiteral("versions"), QJsonArray{QStringLiteral("v1")}},
                           {QStringLiteral("serverAddressByClientCIDRs"), QJsonArray()}};
    if (path == QLatin1String("/apis"))
        return groupList();
    if (path == QLatin1String("/api/v1"))
        return resourceList(QStringLiteral("v1"));
    for (const GroupVersion &each : groups) {
        const QString base = QLatin1String("/apis/") + QLatin1String(each.group);
        if (path == base) {
            QJsonObject view = groupView(each);
            view.insert(QStringLiteral("kind"), QStringLiteral("APIGroup"));
            view.insert(QStringLiteral("apiVersion"), QStringLiteral("v1"));
            return view;
        }
        if (path == base + QLatin1Char('/') + QLatin1String(each.version))
            return resourceList(path.mid(6));
    }
    return std::nullopt;
}

} // namespace pilothouse::sandbox
