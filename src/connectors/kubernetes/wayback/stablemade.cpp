#include "connectors/kubernetes/wayback/stablemade.h"

#include "connectors/kubernetes/deploys/manifestobjects.h"
#include "connectors/kubernetes/login/execplugin.h"

namespace pilothouse {
namespace {

HelmRelease releaseOfDeployment(const KubeDeployment &deployment, const QString &nameSpace)
{
    return {deployment.helmNameSpace.isEmpty() ? nameSpace : deployment.helmNameSpace,
            deployment.helmRelease};
}

} // namespace

std::optional<StableOwner> stableOwner(const QList<KubeDeployment> &behind,
                                       const QString &nameSpace)
{
    std::optional<StableOwner> owner;
    for (const KubeDeployment &each : behind) {
        const HelmRelease release = releaseOfDeployment(each, nameSpace);
        if (release.name.isEmpty() || (owner && !(owner->release == release)))
            return {};
        // The same one each time, whatever order they come in.
        if (!owner || each.name < owner->deployment)
            owner = StableOwner{release, each.name, each.rolledOutIn};
    }
    return owner;
}

Result<StableMade> stableIn(const QString &manifest, const StableOwner &owner,
                            const QString &nameSpace, const CommitFrom &commitFrom)
{
    for (const YamlNode &object : manifestObjects(manifest)) {
        const YamlNode metadata = object.value(u"metadata");
        const QString where = metadata.value(u"namespace").text();
        if (object.value(u"kind").text() != QLatin1String("Deployment")
            || metadata.value(u"name").text() != owner.deployment
            || !(where.isEmpty() || where == nameSpace))
            continue;
        const auto deployment = decodeDeployment(jsonOf(object).toObject());
        if (!deployment)
            return fail(deployment.error());
        return StableMade{true,
                          commitOf(commitFrom, deployment->image, deployment->templateLabels)};
    }
    return StableMade{};
}

} // namespace pilothouse
