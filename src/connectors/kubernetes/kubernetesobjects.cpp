#include "connectors/kubernetes/kubernetesobjects.h"

#include "connectors/kubernetes/watched/objectmeta.h"
#include "rollout/commitfrom.h"

#include <array>
#include <utility>

namespace pilothouse {
namespace {

int count(const JsonReader &status, const char *key)
{
    return int(status.integerOr(key, 0));
}

/// The deployment controller notes when all Pods were new, once for each roll-out.
std::optional<std::chrono::milliseconds> rolledOutIn(const JsonReader &status,
                                                     const QDateTime &written)
{
    for (const JsonReader &condition : status.itemsIfAny("conditions")) {
        if (condition.stringOr("type") != QLatin1String("Progressing")
            || condition.stringOr("reason") != QLatin1String("NewReplicaSetAvailable"))
            continue;
        const QDateTime ended = condition.time("lastUpdateTime");
        if (written.isValid() && ended.isValid() && ended >= written)
            return std::chrono::milliseconds(written.msecsTo(ended));
    }
    return {};
}

} // namespace

QString nameOf(const QJsonObject &object)
{
    return object.value(QLatin1String("metadata"))
        .toObject()
        .value(QLatin1String("name"))
        .toString();
}

bool selects(const Labels &selector, const Labels &labels)
{
    if (selector.isEmpty())
        return false;
    for (auto it = selector.cbegin(); it != selector.cend(); ++it) {
        if (!labels.contains(it.key()) || labels.value(it.key()) != it.value())
            return false;
    }
    return true;
}

namespace {

/// One that says the same, if there was one lately: pods of a few templates come mixed.
std::shared_ptr<const PodMake> shared(PodMake make)
{
    constexpr size_t kept = 16;
    thread_local std::array<std::shared_ptr<const PodMake>, kept> makes;
    thread_local size_t next = 0;
    for (const auto &known : makes) {
        if (known && *known == make)
            return known;
    }
    makes[next] = std::make_shared<const PodMake>(std::move(make));
    return makes[std::exchange(next, (next + 1) % kept)];
}

} // namespace

Result<KubePod> decodePod(const QJsonObject &object)
{
    const auto root = objectReader("Pod", object);
    if (!root)
        return fail(root.error());
    KubePod pod;
    PodMake make;
    const JsonReader metadata = root->child("metadata");
    pod.name = metadata.string("name");
    make.labels = metadata.strings("labels");
    pod.createdAt = metadata.time("creationTimestamp");
    pod.terminating = metadata.has("deletionTimestamp");
    const KubeContainer main = mainContainer(root->child("spec"), defaultContainer(metadata));
    make.image = main.image;
    if (const auto status = root->find("status")) {
        const QString phase = status->stringOr("phase");
        pod.finished = phase == QLatin1String("Failed") || phase == QLatin1String("Succeeded");
        for (const JsonReader &condition : status->itemsIfAny("conditions")) {
            if (condition.string("type") == QLatin1String("Ready"))
                pod.ready = condition.string("status") == QLatin1String("True");
        }
        // In the order of their names, not of the spec.
        for (const JsonReader &container : status->itemsIfAny("containerStatuses")) {
            pod.restarts += int(container.integerOr("restartCount", 0));
            if (container.string("name") == main.name)
                make.imageDigest = digestOfImage(container.stringOr("imageID"));
        }
    }
    pod.make = shared(std::move(make));
    return root->finish(pod);
}

Result<KubeService> decodeService(const QJsonObject &object)
{
    const auto root = objectReader("Service", object);
    if (!root)
        return fail(root.error());
    KubeService service;
    service.name = root->child("metadata").string("name");
    service.selector = root->child("spec").strings("selector");
    return root->finish(service);
}

Result<KubeDeployment> decodeDeployment(const QJsonObject &object)
{
    const auto root = objectReader("Deployment", object);
    if (!root)
        return fail(root.error());
    KubeDeployment deployment;
    const JsonReader metadata = root->child("metadata");
    deployment.name = metadata.string("name");
    deployment.generation = metadata.integerOr("generation", 0);
    const Labels annotations = metadata.strings("annotations");
    deployment.helmRelease = annotations.value(QStringLiteral("meta.helm.sh/release-name"));
    deployment.helmNameSpace = annotations.value(QStringLiteral("meta.helm.sh/release-namespace"));
    const KubeWriter writer = writerOf(metadata, {"f:spec", "f:template"});
    deployment.templateWriter = writer.manager;
    deployment.templateWrittenAt = writer.at;
    const JsonReader spec = root->child("spec");
    deployment.replicas = int(spec.integerOr("replicas", 1));
    const KubeTemplate podTemplate = decodeTemplate(spec.child("template"));
    deployment.templateLabels = podTemplate.labels;
    deployment.image = podTemplate.image;
    if (const auto status = root->find("status")) {
        deployment.existingReplicas = count(*status, "replicas");
        deployment.readyReplicas = count(*status, "readyReplicas");
        deployment.updatedReplicas = count(*status, "updatedReplicas");
        deployment.observedGeneration = status->integerOr("observedGeneration", 0);
        deployment.rolledOutIn = rolledOutIn(*status, writer.at);
    }
    return root->finish(deployment);
}

} // namespace pilothouse
