#include "app/sandbox/cluster/manifests.h"

#include "app/sandbox/cluster/surroundings.h"
#include "app/sandbox/kubernetes/objectstore.h"

#include <QCryptographicHash>
#include <QJsonArray>

#include <cmath>

namespace pilothouse::sandbox {

namespace {

constexpr int port = 8000;

QJsonObject selectorLabels(const QString &app, const QString &track)
{
    return {{QStringLiteral("app.kubernetes.io/name"), app}, {QStringLiteral("track"), track}};
}

QJsonObject metadata(const QString &name, const QString &nameSpace, const QDateTime &createdAt,
                     const QJsonObject &labels)
{
    QJsonObject out{{QStringLiteral("name"), name},
                    {QStringLiteral("creationTimestamp"), kubernetesTime(createdAt)}};
    if (!nameSpace.isEmpty())
        out.insert(QStringLiteral("namespace"), nameSpace);
    if (!labels.isEmpty())
        out.insert(QStringLiteral("labels"), labels);
    return out;
}

QString digestOf(const QString &image)
{
    return QLatin1String("sha256:")
           + QString::fromLatin1(
               QCryptographicHash::hash(image.toUtf8(), QCryptographicHash::Sha256).toHex());
}

QString addressOf(const QString &name)
{
    const QByteArray hash = QCryptographicHash::hash(name.toUtf8(), QCryptographicHash::Sha1);
    return QStringLiteral("10.42.%1.%2")
        .arg(static_cast<quint8>(hash[0]) % 16)
        .arg(static_cast<quint8>(hash[1]) % 250 + 2);
}

QJsonObject condition(const char *type, const char *reason, const QJsonValue &generation,
                      const QDateTime &at, const QString &message)
{
    QJsonObject out{{QStringLiteral("type"), QLatin1String(type)},
                    {QStringLiteral("status"), QStringLiteral("True")},
                    {QStringLiteral("reason"), QLatin1String(reason)},
                    {QStringLiteral("message"), message},
                    {QStringLiteral("lastTransitionTime"), kubernetesTime(at)}};
    if (!generation.isNull())
        out.insert(QStringLiteral("observedGeneration"), generation);
    return out;
}

/// What Helm writes on each object that it makes.
QJsonObject ofRelease(const QString &release, const QString &nameSpace)
{
    return {{QStringLiteral("meta.helm.sh/release-name"), release},
            {QStringLiteral("meta.helm.sh/release-namespace"), nameSpace}};
}

QJsonObject backend(const char *service, int weight)
{
    return {{QStringLiteral("group"), QString()},
            {QStringLiteral("kind"), QStringLiteral("Service")},
            {QStringLiteral("name"), QLatin1String(service)},
            {QStringLiteral("port"), 80},
            {QStringLiteral("weight"), weight}};
}

} // namespace

QJsonObject part(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

QJsonObject deploymentManifest(const DeploymentFacts &facts)
{
    const QJsonObject selector = selectorLabels(facts.app, facts.track);
    QJsonObject podLabels = selector;
    podLabels.insert(QStringLiteral("app.kubernetes.io/version"), facts.sha);
    QJsonObject labels = podLabels;
    if (!facts.chart.isEmpty()) {
        labels.insert(QStringLiteral("app.kubernetes.io/managed-by"), QStringLiteral("Helm"));
        labels.insert(QStringLiteral("helm.sh/chart"), facts.chart);
    }
    const bool worker = facts.track == QLatin1String("worker");
    QJsonObject container{
        {QStringLiteral("name"), worker ? QStringLiteral("worker") : QStringLiteral("app")},
        {QStringLiteral("image"), facts.image + QLatin1Char(':') + facts.sha},
        {QStringLiteral("imagePullPolicy"), QStringLiteral("IfNotPresent")}};
    if (!worker) {
        container.insert(
            QStringLiteral("ports"),
            QJsonArray{QJsonObject{{QStringLiteral("name"), QStringLiteral("http")},
                                   {QStringLiteral("containerPort"), port},
                                   {QStringLiteral("protocol"), QStringLiteral("TCP")}}});
        const QJsonObject map{{QStringLiteral("name"), QLatin1String(configMapName)}};
        container.insert(QStringLiteral("envFrom"),
                         QJsonArray{QJsonObject{{QStringLiteral("configMapRef"), map}}});
    }
    const QJsonObject podSpec{{QStringLiteral("containers"), QJsonArray{container}},
                              {QStringLiteral("restartPolicy"), QStringLiteral("Always")},
                              {QStringLiteral("terminationGracePeriodSeconds"), 30}};
    const QJsonObject podTemplate{
        {QStringLiteral("metadata"), QJsonObject{{QStringLiteral("labels"), podLabels}}},
        {QStringLiteral("spec"), podSpec}};
    QJsonObject meta = metadata(facts.name, facts.nameSpace, facts.createdAt, labels);
    if (!facts.chart.isEmpty())
        meta.insert(QStringLiteral("annotations"), ofRelease(facts.app, facts.nameSpace));
    return {{QStringLiteral("metadata"), meta},
            {QStringLiteral("spec"),
             QJsonObject{{QStringLiteral("replicas"), facts.replicas},
                         {QStringLiteral("selector"),
                          QJsonObject{{QStringLiteral("matchLabels"), selector}}},
                         {QStringLiteral("template"), podTemplate},
                         {QStringLiteral("strategy"),
                          QJsonObject{{QStringLiteral("type"), QStringLiteral("RollingUpdate")}}},
                         {QStringLiteral("revisionHistoryLimit"), 10}}}};
}

QJsonObject serviceManifest(const QString &name, const QString &nameSpace, const QString &app,
                            const QString &track, const QDateTime &createdAt)
{
    const QJsonObject one{{QStringLiteral("name"), QStringLiteral("http")},
                          {QStringLiteral("port"), 80},
                          {QStringLiteral("protocol"), QStringLiteral("TCP")},
                          {QStringLiteral("targetPort"), QStringLiteral("http")}};
    return {
        {QStringLiteral("metadata"),
         metadata(name, nameSpace, createdAt, {{QStringLiteral("app.kubernetes.io/name"), app}})},
        {QStringLiteral("spec"),
         QJsonObject{{QStringLiteral("type"), QStringLiteral("ClusterIP")},
                     {QStringLiteral("clusterIP"), addressOf(QLatin1String("svc") + name)},
                     {QStringLiteral("selector"), selectorLabels(app, track)},
                     {QStringLiteral("ports"), QJsonArray{one}}}},
        {QStringLiteral("status"), QJsonObject{{QStringLiteral("loadBalancer"), QJsonObject()}}}};
}

QJsonObject namespaceManifest(const QString &name, const QDateTime &createdAt)
{
    return {
        {QStringLiteral("metadata"),
         metadata(name, {}, createdAt, {{QStringLiteral("kubernetes.io/metadata.name"), name}})},
        {QStringLiteral("spec"), QJsonObject()},
        {QStringLiteral("status"),
         QJsonObject{{QStringLiteral("phase"), QStringLiteral("Active")}}}};
}

QJsonObject gatewayManifest(const QString &nameSpace, const QDateTime &createdAt)
{
    const QJsonObject listener{{QStringLiteral("name"), QStringLiteral("http")},
                               {QStringLiteral("port"), 80},
                               {QStringLiteral("protocol"), QStringLiteral("HTTP")}};
    return {
        {QStringLiteral("metadata"), metadata(QStringLiteral("public"), nameSpace, createdAt, {})},
        {QStringLiteral("spec"),
         QJsonObject{{QStringLiteral("gatewayClassName"), QStringLiteral("rehearsal")},
                     {QStringLiteral("listeners"), QJsonArray{listener}}}}};
}

QJsonArray routeRules(int weight)
{
    const QJsonObject match{
        {QStringLiteral("path"), QJsonObject{{QStringLiteral("type"), QStringLiteral("PathPrefix")},
                                             {QStringLiteral("value"), QStringLiteral("/")}}}};
    return {QJsonObject{
        {QStringLiteral("matches"), QJsonArray{match}},
        {QStringLiteral("backendRefs"),
         QJsonArray{backend(stableService, 100 - weight), backend(candidateService, weight)}}}};
}

QJsonObject routeManifest(const QString &nameSpace, const QDateTime &createdAt)
{
    const QJsonObject parent{{QStringLiteral("group"), QStringLiteral("gateway.networking.k8s.io")},
                             {QStringLiteral("kind"), QStringLiteral("Gateway")},
                             {QStringLiteral("name"), QStringLiteral("public")}};
    QJsonObject byHelm
        = metadata(QLatin1String(routeName), nameSpace, createdAt,
                   {{QStringLiteral("app.kubernetes.io/name"), QLatin1String(routeName)},
                    {QStringLiteral("app.kubernetes.io/managed-by"), QStringLiteral("Helm")}});
    byHelm.insert(QStringLiteral("annotations"), ofRelease(QLatin1String(routeName), nameSpace));
    return {{QStringLiteral("metadata"), byHelm},
            {QStringLiteral("spec"),
             QJsonObject{{QStringLiteral("parentRefs"), QJsonArray{parent}},
                         {QStringLiteral("hostnames"),
                          QJsonArray{QStringLiteral("context.example.test")}}}}};
}

QJsonObject routeStatus(const QJsonObject &route, const QDateTime &at)
{
    // A condition that stays true keeps the time when it became so.
    const QString before = part(route, "status")
                               .value(QLatin1String("parents"))[0][QLatin1String("conditions")][0]
                                                               [QLatin1String("lastTransitionTime")]
                               .toString();
    const QDateTime since = before.isEmpty() ? at : QDateTime::fromString(before, Qt::ISODate);
    const QJsonValue generation = part(route, "metadata").value(QLatin1String("generation"));
    QJsonArray parents;
    for (const auto &parent : part(route, "spec").value(QLatin1String("parentRefs")).toArray())
        parents.append(QJsonObject{
            {QStringLiteral("parentRef"), parent},
            {QStringLiteral("controllerName"), QStringLiteral("rehearsal.test/gateway")},
            {QStringLiteral("conditions"),
             QJsonArray{condition("Accepted", "Accepted", generation, since,
                                  QStringLiteral("Route is accepted")),
                        condition("ResolvedRefs", "ResolvedRefs", generation, since,
                                  QStringLiteral("Resolved all the Object references"))}}});
    return {{QStringLiteral("parents"), parents}};
}

int candidateWeight(const QJsonObject &route)
{
    double all = 0;
    double own = 0;
    const QJsonArray rules = part(route, "spec").value(QLatin1String("rules")).toArray();
    for (const auto &value : rules.at(0).toObject().value(QLatin1String("backendRefs")).toArray()) {
        const QJsonObject ref = value.toObject();
        const double weight = ref.value(QLatin1String("weight")).toDouble(1);
        all += weight;
        if (ref.value(QLatin1String("name")) == QLatin1String(candidateService))
            own += weight;
    }
    return all > 0 ? static_cast<int>(std::lround(100 * own / all)) : 0;
}

QString imageTag(const QJsonObject &holder)
{
    QJsonObject spec = part(holder, "spec");
    if (spec.contains(QLatin1String("template")))
        spec = part(part(spec, "template"), "spec");
    return spec.value(QLatin1String("containers"))
        .toArray()
        .at(0)
        .toObject()
        .value(QLatin1String("image"))
        .toString()
        .section(QLatin1Char(':'), -1);
}

QJsonObject podManifest(const QJsonObject &deployment, const QString &replicaSet,
                        const QString &name, const QDateTime &createdAt)
{
    const QJsonObject podTemplate = part(part(deployment, "spec"), "template");
    QJsonObject labels = part(part(podTemplate, "metadata"), "labels");
    labels.insert(QStringLiteral("pod-template-hash"), replicaSet.section(QLatin1Char('-'), -1));
    QJsonObject meta = metadata(name, namespaceOf(deployment), createdAt, labels);
    meta.insert(QStringLiteral("generateName"), replicaSet + QLatin1Char('-'));
    meta.insert(QStringLiteral("ownerReferences"),
                QJsonArray{QJsonObject{{QStringLiteral("apiVersion"), QStringLiteral("apps/v1")},
                                       {QStringLiteral("kind"), QStringLiteral("ReplicaSet")},
                                       {QStringLiteral("name"), replicaSet},
                                       {QStringLiteral("uid"), digestOf(replicaSet).mid(7, 36)},
                                       {QStringLiteral("controller"), true},
                                       {QStringLiteral("blockOwnerDeletion"), true}}});
    QJsonObject spec = part(podTemplate, "spec");
    spec.insert(QStringLiteral("nodeName"), QStringLiteral("node-%1").arg(name.size() % 3 + 1));
    return {{QStringLiteral("metadata"), meta},
            {QStringLiteral("spec"), spec},
            {QStringLiteral("status"),
             QJsonObject{{QStringLiteral("phase"), QStringLiteral("Pending")},
                         {QStringLiteral("startTime"), kubernetesTime(createdAt)}}}};
}

QJsonObject podStatus(const QJsonObject &pod, const QDateTime &readyAt)
{
    const QJsonObject container
        = part(pod, "spec").value(QLatin1String("containers")).toArray().at(0).toObject();
    const QString image = container.value(QLatin1String("image")).toString();
    const QString bare = image.left(image.lastIndexOf(QLatin1Char(':')));
    QJsonArray conditions;
    for (const char *type : {"PodScheduled", "Initialized", "ContainersReady", "Ready"})
        conditions.append(
            QJsonObject{{QStringLiteral("type"), QLatin1String(type)},
                        {QStringLiteral("status"), QStringLiteral("True")},
                        {QStringLiteral("lastProbeTime"), QJsonValue::Null},
                        {QStringLiteral("lastTransitionTime"), kubernetesTime(readyAt)}});
    const QJsonObject running{{QStringLiteral("running"), QJsonObject{{QStringLiteral("startedAt"),
                                                                       kubernetesTime(readyAt)}}}};
    const QJsonObject state{{QStringLiteral("name"), container.value(QLatin1String("name"))},
                            {QStringLiteral("image"), image},
                            {QStringLiteral("imageID"), bare + QLatin1Char('@') + digestOf(image)},
                            {QStringLiteral("containerID"),
                             QLatin1String("containerd://") + digestOf(nameOf(pod)).mid(7)},
                            {QStringLiteral("ready"), true},
                            {QStringLiteral("started"), true},
                            {QStringLiteral("restartCount"), 0},
                            {QStringLiteral("state"), running},
                            {QStringLiteral("lastState"), QJsonObject()}};
    const QString address = addressOf(nameOf(pod));
    return {{QStringLiteral("phase"), QStringLiteral("Running")},
            {QStringLiteral("conditions"), conditions},
            {QStringLiteral("hostIP"), QStringLiteral("10.0.0.4")},
            {QStringLiteral("podIP"), address},
            {QStringLiteral("podIPs"), QJsonArray{QJsonObject{{QStringLiteral("ip"), address}}}},
            {QStringLiteral("qosClass"), QStringLiteral("Burstable")},
            {QStringLiteral("startTime"), metadataText(pod, "creationTimestamp")},
            {QStringLiteral("containerStatuses"), QJsonArray{state}}};
}

QJsonObject restartedStatus(const QJsonObject &pod, const QDateTime &at)
{
    QJsonObject status = part(pod, "status");
    QJsonObject container
        = status.value(QLatin1String("containerStatuses")).toArray().at(0).toObject();
    // Its liveness probe waited in vain for a connection: the kubelet killed it.
    const QJsonObject terminated{
        {QStringLiteral("exitCode"), 137},
        {QStringLiteral("reason"), QStringLiteral("Error")},
        {QStringLiteral("startedAt"),
         container.value(
             QLatin1String("state"))[QLatin1String("running")][QLatin1String("startedAt")]},
        {QStringLiteral("finishedAt"), kubernetesTime(at)},
        {QStringLiteral("containerID"), container.value(QLatin1String("containerID"))}};
    container.insert(QStringLiteral("lastState"),
                     QJsonObject{{QStringLiteral("terminated"), terminated}});
    container.insert(QStringLiteral("state"),
                     QJsonObject{{QStringLiteral("running"),
                                  QJsonObject{{QStringLiteral("startedAt"), kubernetesTime(at)}}}});
    container.insert(QStringLiteral("restartCount"), restartsOf(pod) + 1);
    status.insert(QStringLiteral("containerStatuses"), QJsonArray{container});
    return status;
}

int restartsOf(const QJsonObject &pod)
{
    return part(pod, "status")
        .value(QLatin1String("containerStatuses"))[0][QLatin1String("restartCount")]
        .toInt();
}

bool isReady(const QJsonObject &pod)
{
    const QJsonArray conditions = part(pod, "status").value(QLatin1String("conditions")).toArray();
    for (const auto &value : conditions) {
        const QJsonObject one = value.toObject();
        if (one.value(QLatin1String("type")) == QLatin1String("Ready"))
            return one.value(QLatin1String("status")) == QLatin1String("True");
    }
    return false;
}

} // namespace pilothouse::sandbox
