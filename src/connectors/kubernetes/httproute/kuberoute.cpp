#include "connectors/kubernetes/httproute/kuberoute.h"

#include <algorithm>

namespace pilothouse {
namespace {

KubeBackend decodeBackend(const JsonReader &reference, const QString &nameSpace)
{
    KubeBackend backend;
    backend.weight = int(reference.integerOr("weight", 1));
    const QString name = reference.string("name");
    const bool service
        = reference.stringOr("group").isEmpty()
          && reference.stringOr("kind", QStringLiteral("Service")) == QLatin1String("Service");
    if (service && reference.stringOr("namespace", nameSpace) == nameSpace)
        backend.service = name;
    return backend;
}

KubeRouteParent decodeParent(const JsonReader &parent)
{
    KubeRouteParent read;
    QStringList problems;
    for (const JsonReader &condition : parent.itemsIfAny("conditions")) {
        const QString type = condition.string("type");
        const QString status = condition.string("status");
        const bool accepted = type == QLatin1String("Accepted");
        const bool resolved = type == QLatin1String("ResolvedRefs");
        const bool partly = type == QLatin1String("PartiallyInvalid");
        if (accepted)
            read.accepted = status == QLatin1String("True");
        if (((accepted || resolved) && status == QLatin1String("False"))
            || (partly && status == QLatin1String("True")))
            problems
                << QStringLiteral("%1 %2: %3").arg(type, status, condition.stringOr("message"));
        if (accepted || resolved) {
            const qint64 observed = condition.integerOr("observedGeneration", 0);
            read.observedGeneration
                = std::min(read.observedGeneration.value_or(observed), observed);
        }
    }
    read.problem = problems.join(QStringLiteral("; "));
    return read;
}

} // namespace

KubeRules decodeRules(const JsonReader &spec, const QString &nameSpace)
{
    KubeRules rules;
    for (const JsonReader &rule : spec.itemsIfAny("rules")) {
        QList<KubeBackend> backends;
        for (const JsonReader &reference : rule.itemsIfAny("backendRefs"))
            backends.append(decodeBackend(reference, nameSpace));
        rules.append(backends);
    }
    return rules;
}

Result<KubeRoute> decodeRoute(const QJsonObject &object)
{
    const auto root = objectReader("HTTPRoute", object);
    if (!root)
        return fail(root.error());
    KubeRoute route;
    const JsonReader metadata = root->child("metadata");
    route.meta = decodeMeta(metadata);
    // Stamps are whole seconds; of two writes within one the owner of the rules is the later.
    if (const KubeWriter toRules = writerOf(metadata, {"f:spec", "f:rules"});
        toRules.at == route.meta.writer.at)
        route.meta.writer = toRules;
    const QString nameSpace = metadata.stringOr("namespace");
    const JsonReader spec = root->child("spec");
    route.wantedParents = int(spec.itemsIfAny("parentRefs").size());
    route.rules = decodeRules(spec, nameSpace);
    if (const auto status = root->find("status")) {
        for (const JsonReader &parent : status->itemsIfAny("parents"))
            route.parents.append(decodeParent(parent));
    }
    return root->finish(route);
}

} // namespace pilothouse
