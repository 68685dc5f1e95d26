#include "connectors/kubernetes/watched/accessreview.h"

#include "base/chaining.h"
#include "base/words.h"

namespace pilothouse {
namespace {

QJsonObject reviewOf(const PatchRight &right, const QString &resource)
{
    QJsonObject attributes{{QStringLiteral("namespace"), right.nameSpace},
                           {QStringLiteral("verb"), QStringLiteral("patch")},
                           {QStringLiteral("group"), right.group},
                           {QStringLiteral("resource"), resource.section(QLatin1Char('/'), 0, 0)},
                           {QStringLiteral("name"), right.name}};
    if (const QString sub = resource.section(QLatin1Char('/'), 1); !sub.isEmpty())
        attributes.insert(QStringLiteral("subresource"), sub);
    return {
        {QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1")},
        {QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview")},
        {QStringLiteral("spec"), QJsonObject{{QStringLiteral("resourceAttributes"), attributes}}}};
}

QFuture<Result<TrafficAccess>> askFrom(qsizetype index, KubernetesApi &api, QObject *context,
                                       const PatchRight &right)
{
    if (index >= right.resources.size())
        return ready<TrafficAccess>(TrafficAccess{true, {}});
    const QString resource = right.resources[index];
    return askNext<TrafficAccess>(
        api.post(QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
                 reviewOf(right, resource), context),
        context,
        [index, &api, context, right, resource](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<TrafficAccess>(fail(answer.error()));
            const QJsonObject status = answer->object.value(QLatin1String("status")).toObject();
            const QJsonValue allowed = status.value(QLatin1String("allowed"));
            if (!allowed.isBool())
                return ready<TrafficAccess>(
                    fail(ErrorKind::Malformed,
                         Words::tr("Kubernetes did not say whether you may change %1 in %2.")
                             .arg(resource, right.nameSpace),
                         QStringLiteral("status.allowed")));
            if (!allowed.toBool())
                return ready<TrafficAccess>(TrafficAccess{
                    false, Words::tr("you lack patch on %1 in %2").arg(resource, right.nameSpace)});
            return askFrom(index + 1, api, context, right);
        });
}

} // namespace

QFuture<Result<TrafficAccess>> mayPatch(KubernetesApi &api, QObject *context,
                                        const PatchRight &right)
{
    return askFrom(0, api, context, right);
}

} // namespace pilothouse
