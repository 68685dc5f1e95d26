#include "app/sandbox/kubernetes/resourcetype.h"

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

ResourceType type(const char *groupVersion, const char *plural, const char *singular,
                  const char *kind, const char *shortNames)
{
    ResourceType out;
    const QString gv = QString::fromLatin1(groupVersion);
    out.group = gv.contains(QLatin1Char('/')) ? gv.section(QLatin1Char('/'), 0, 0) : QString();
    out.version = gv.section(QLatin1Char('/'), -1);
    out.plural = QString::fromLatin1(plural);
    out.singular = QString::fromLatin1(singular);
    out.kind = QString::fromLatin1(kind);
    out.shortNames = QString::fromLatin1(shortNames).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    out.verbs = QStringLiteral("create delete get list patch update watch").split(QLatin1Char(' '));
    return out;
}

QList<ResourceType> makeTypes()
{
    QList<ResourceType> types{
        type("v1", "pods", "pod", "Pod", "po"),
        type("v1", "services", "service", "Service", "svc"),
        type("v1", "configmaps", "configmap", "ConfigMap", "cm"),
        type("v1", "secrets", "secret", "Secret", ""),
        type("v1", "events", "event", "Event", "ev"),
        type("v1", "namespaces", "namespace", "Namespace", "ns"),
        type("v1", "endpoints", "endpoints", "Endpoints", "ep"),
        type("apps/v1", "deployments", "deployment", "Deployment", "deploy"),
        type("apps/v1", "replicasets", "replicaset", "ReplicaSet", "rs"),
        type("batch/v1", "cronjobs", "cronjob", "CronJob", "cj"),
        type("batch/v1", "jobs", "job", "Job", ""),
        type("gateway.networking.k8s.io/v1", "httproutes", "httproute", "HTTPRoute", ""),
        type("gateway.networking.k8s.io/v1", "gateways", "gateway", "Gateway", "gtw"),
    };
    for (ResourceType &each : types) {
        each.namespaced = each.plural != QLatin1String("namespaces");
        each.statusSubresource
            = QStringList{QStringLiteral("pods"),        QStringLiteral("services"),
                          QStringLiteral("deployments"), QStringLiteral("replicasets"),
                          QStringLiteral("httproutes"),  QStringLiteral("gateways"),
                          QStringLiteral("cronjobs"),    QStringLiteral("jobs")}
                  .contains(each.plural);
    }
    return types;
}

} // namespace

const QList<ResourceType> &resourceTypes()
{
    static const QList<ResourceType> types = makeTypes();
    return types;
}

const ResourceType *findResourceType(const QString &group, const QString &version,
                                     const QString &plural)
{
    const auto &types = resourceTypes();
    const auto it = std::find_if(types.begin(), types.end(), [&](const ResourceType &each) {
        return each.group == group && each.version == version && each.plural == plural;
    });
    return it == types.end() ? nullptr : &*it;
}

const ResourceType &resourceType(const char *plural)
{
    const auto &types = resourceTypes();
    return *std::find_if(types.begin(), types.end(), [plural](const ResourceType &each) {
        return each.plural == QLatin1String(plural);
    });
}

} // namespace pilothouse::sandbox
