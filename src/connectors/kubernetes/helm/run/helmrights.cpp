#include "connectors/kubernetes/helm/run/helmrights.h"

#include "base/chaining.h"
#include "connectors/kubernetes/watched/accessreview.h"

namespace pilothouse {

QFuture<Result<QString>> lackingSecretRight(KubernetesApi &api, QObject *context,
                                            const QString &nameSpace)
{
    QList<AccessRight> rights;
    for (const char *verb : {"list", "get", "create", "update"})
        rights.append({nameSpace, QLatin1String(verb), {}, QStringLiteral("secrets"), {}});
    return converted<QString>(
        firstRefused(api, context, rights), context,
        [](const Result<std::optional<AccessRight>> &refused) -> Result<QString> {
            if (!refused)
                return fail(refused.error());
            return *refused ? (*refused)->verb : QString();
        });
}

} // namespace pilothouse
