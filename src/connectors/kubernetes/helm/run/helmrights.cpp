#include "connectors/kubernetes/helm/run/helmrights.h"

#include "base/chaining.h"
#include "base/words.h"

#include <array>

namespace pilothouse {
namespace {

constexpr std::array secretVerbs{"list", "get", "create", "update"};

QJsonObject secretReview(const QString &nameSpace, const QString &verb)
{
    const QJsonObject attributes{{QStringLiteral("namespace"), nameSpace},
                                 {QStringLiteral("verb"), verb},
                                 {QStringLiteral("group"), QString()},
                                 {QStringLiteral("resource"), QStringLiteral("secrets")}};
    return {
        {QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1")},
        {QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview")},
        {QStringLiteral("spec"), QJsonObject{{QStringLiteral("resourceAttributes"), attributes}}}};
}

QFuture<Result<QString>> askFrom(size_t index, KubernetesApi &api, QObject *context,
                                 const QString &nameSpace)
{
    if (index >= secretVerbs.size())
        return ready<QString>(QString());
    const QString verb = QLatin1String(secretVerbs.at(index));
    return askNext<QString>(
        api.post(QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
                 secretReview(nameSpace, verb), context),
        context,
        [index, &api, context, nameSpace, verb](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<QString>(fail(answer.error()));
            const QJsonValue allowed = answer->object.value(QLatin1String("status"))
                                           .toObject()
                                           .value(QLatin1String("allowed"));
            if (!allowed.isBool())
                return ready<QString>(
                    fail(ErrorKind::Malformed,
                         Words::tr("Kubernetes did not say whether you may %1 secrets in %2.")
                             .arg(verb, nameSpace),
                         QStringLiteral("status.allowed")));
            return allowed.toBool() ? askFrom(index + 1, api, context, nameSpace)
                                    : ready<QString>(verb);
        });
}

} // namespace

QFuture<Result<QString>> lackingSecretRight(KubernetesApi &api, QObject *context,
                                            const QString &nameSpace)
{
    return askFrom(0, api, context, nameSpace);
}

} // namespace pilothouse
