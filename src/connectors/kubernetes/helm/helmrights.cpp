#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmcontrol.h"

#include <array>

// What this account may do with a release, as the API server answers.

namespace pilothouse {
namespace {

/// What helm does with its Secrets; what a chart's objects need besides, only helm finds out.
constexpr std::array secretVerbs{"list", "get", "create", "update"};

QJsonObject secretReview(const QString &nameSpace, const char *verb)
{
    const QJsonObject attributes{{QStringLiteral("namespace"), nameSpace},
                                 {QStringLiteral("verb"), QLatin1String(verb)},
                                 {QStringLiteral("group"), QString()},
                                 {QStringLiteral("resource"), QStringLiteral("secrets")}};
    return {
        {QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1")},
        {QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview")},
        {QStringLiteral("spec"), QJsonObject{{QStringLiteral("resourceAttributes"), attributes}}}};
}

} // namespace

/// The first right that is lacking, as a sentence; empty = none is.
QFuture<Result<QString>> HelmControl::lackingRights()
{
    return lackingRight(0);
}

QFuture<Result<QString>> HelmControl::lackingRight(int index)
{
    if (index >= static_cast<int>(secretVerbs.size()))
        return ready<QString>(QString());
    const char *verb = secretVerbs[static_cast<size_t>(index)];
    return askNext<QString>(
        m_api.post(QStringLiteral("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
                   secretReview(m_target.nameSpace, verb), this),
        this, [this, index, verb](const Result<KubernetesApi::Answer> &answer) {
            if (!answer)
                return ready<QString>(fail(answer.error()));
            const QJsonValue allowed = answer->object.value(QLatin1String("status"))
                                           .toObject()
                                           .value(QLatin1String("allowed"));
            if (allowed.toBool())
                return lackingRight(index + 1);
            return ready<QString>(tr("you lack %1 on secrets in %2, where Helm keeps its history: "
                                     "only a rollback can be done, on the route itself")
                                      .arg(QLatin1String(verb), m_target.nameSpace));
        });
}

QFuture<Result<TrafficAccess>> HelmControl::access()
{
    return askNext<TrafficAccess>(
        m_route->access(), this, [this](const Result<TrafficAccess> &onRoute) {
            if (!onRoute || !onRoute->mayWrite)
                return ready<TrafficAccess>(onRoute);
            return converted<TrafficAccess>(
                lackingRights(), this, [](const Result<QString> &lacking) -> Result<TrafficAccess> {
                    if (!lacking)
                        return fail(lacking.error());
                    return TrafficAccess{true, *lacking};
                });
        });
}

} // namespace pilothouse
