#include "connectors/kubernetes/watched/accessreview.h"

#include "base/chaining.h"
#include "base/words.h"

namespace pilothouse {
namespace {

using Refused = std::optional<AccessRight>;

QJsonObject reviewOf(const AccessRight &right)
{
    QJsonObject attributes{
        {QStringLiteral("namespace"), right.nameSpace},
        {QStringLiteral("verb"), right.verb},
        {QStringLiteral("group"), right.group},
        {QStringLiteral("resource"), right.resource.section(QLatin1Char('/'), 0, 0)}};
    if (!right.name.isEmpty())
        attributes.insert(QStringLiteral("name"), right.name);
    if (const QString sub = right.resource.section(QLatin1Char('/'), 1); !sub.isEmpty())
        attributes.insert(QStringLiteral("subresource"), sub);
    return {
        {QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1")},
        {QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview")},
        {QStringLiteral("spec"), QJsonObject{{QStringLiteral("resourceAttributes"), attributes}}}};
}

QFuture<Result<Refused>> askFrom(qsizetype index, KubernetesApi &api, QObject *context,
                                 const QList<AccessRight> &rights)
{
    if (index >= rights.size())
        return ready<Refused>(Refused());
    return askNext<Refused>(
        api.post(QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
                 reviewOf(rights[index]), context),
        context, [index, &api, context, rights](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<Refused>(fail(answer.error()));
            const AccessRight &right = rights[index];
            const QJsonValue allowed = answer->object.value(QLatin1String("status"))
                                           .toObject()
                                           .value(QLatin1String("allowed"));
            if (!allowed.isBool())
                return ready<Refused>(
                    fail(ErrorKind::Malformed,
                         Words::tr("Kubernetes did not say whether you may %1 %2 in %3.")
                             .arg(right.verb, right.resource, right.nameSpace),
                         QStringLiteral("status.allowed")));
            return allowed.toBool() ? askFrom(index + 1, api, context, rights)
                                    : ready<Refused>(right);
        });
}

} // namespace

QFuture<Result<std::optional<AccessRight>>> firstRefused(KubernetesApi &api, QObject *context,
                                                         const QList<AccessRight> &rights)
{
    return askFrom(0, api, context, rights);
}

QFuture<Result<TrafficAccess>> mayPatch(KubernetesApi &api, QObject *context,
                                        const PatchRight &right)
{
    QList<AccessRight> rights;
    for (const QString &resource : right.resources)
        rights.append(
            {right.nameSpace, QStringLiteral("patch"), right.group, resource, right.name});
    return converted<TrafficAccess>(
        firstRefused(api, context, rights), context,
        [](const Result<Refused> &refused) -> Result<TrafficAccess> {
            if (!refused)
                return fail(refused.error());
            if (const Refused &lacking = *refused)
                return TrafficAccess{false, Words::tr("you lack patch on %1 in %2")
                                                .arg(lacking->resource, lacking->nameSpace)};
            return TrafficAccess{true, {}};
        });
}

} // namespace pilothouse
