#include "app/sandbox/cluster/deploymentcontroller.h"

#include "app/sandbox/cluster/manifests.h"
#include "app/sandbox/kubernetes/selector.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

namespace pilothouse::sandbox {

namespace {

/// Letters that Kubernetes uses in generated names: no vowels, no words.
QString safeName(const QByteArray &seed, int length)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    const QByteArray hash = QCryptographicHash::hash(seed, QCryptographicHash::Sha256);
    QString out;
    for (int i = 0; i < length; ++i)
        out.append(QLatin1Char(letters[static_cast<quint8>(hash[i]) % (sizeof letters - 1)]));
    return out;
}

QString templateHash(const QJsonObject &deployment)
{
    const QJsonObject podTemplate = part(part(deployment, "spec"), "template");
    return safeName(QJsonDocument(podTemplate).toJson(QJsonDocument::Compact), 10);
}

QString hashOf(const QJsonObject &pod)
{
    return labelOf(pod, "pod-template-hash");
}

const ObjectStore::Writer manager{QStringLiteral("kube-controller-manager"), {}, {}};
const ObjectStore::Writer managerStatus{
    QStringLiteral("kube-controller-manager"), QStringLiteral("status"), {}};
const ObjectStore::Writer kubelet{QStringLiteral("kubelet"), QStringLiteral("status"), {}};

} // namespace

DeploymentController::DeploymentController(ObjectStore &store, std::chrono::milliseconds readyAfter,
                                           QObject *parent)
    : QObject(parent), m_store(store), m_readyAfter(readyAfter)
{
    connect(&store, &ObjectStore::written, this, &DeploymentController::onWritten);
}

void DeploymentController::settleAll()
{
    for (const QJsonObject &deployment : m_store.list(resourceType("deployments")))
        reconcile(namespaceOf(deployment), nameOf(deployment), Pace::AtOnce);
}

void DeploymentController::onWritten(const StoreEvent &event)
{
    if (event.resource != resourceType("deployments").qualified())
        return;
    // Later: who watches must hear of this write before the ones that follow from it.
    if (event.kind == StoreEvent::Kind::Deleted) {
        QTimer::singleShot(0, this, [this, gone = event.object] { removeAllOf(gone); });
        return;
    }
    if (part(event.object, "spec") == part(event.before, "spec"))
        return;
    QTimer::singleShot(0, this,
                       [this, nameSpace = namespaceOf(event.object), name = nameOf(event.object)] {
                           reconcile(nameSpace, name, Pace::Slowly);
                       });
}

QList<QJsonObject> DeploymentController::podsOf(const QJsonObject &deployment) const
{
    const QJsonObject labels = part(part(part(deployment, "spec"), "selector"), "matchLabels");
    QStringList terms;
    for (auto it = labels.begin(); it != labels.end(); ++it)
        terms.append(it.key() + QLatin1Char('=') + it.value().toString());
    const auto selector = Selector::parse(terms.join(QLatin1Char(',')), Selector::Of::Labels);
    QList<QJsonObject> pods;
    for (const QJsonObject &pod : m_store.list(resourceType("pods"), namespaceOf(deployment)))
        if (selector && selector->matches(pod))
            pods.append(pod);
    return pods;
}

void DeploymentController::removeAllOf(const QJsonObject &deployment)
{
    const QString nameSpace = namespaceOf(deployment);
    for (const QJsonObject &pod : podsOf(deployment))
        m_store.remove(resourceType("pods"), nameSpace, nameOf(pod));
    for (const QJsonObject &set : m_store.list(resourceType("replicasets"), nameSpace))
        if (nameOf(set).section(QLatin1Char('-'), 0, -2) == nameOf(deployment))
            m_store.remove(resourceType("replicasets"), nameSpace, nameOf(set));
    Q_EMIT podsChanged(nameSpace, nameOf(deployment));
}

void DeploymentController::makeReplicaSet(const QJsonObject &deployment, const QString &name)
{
    const QJsonObject spec = part(deployment, "spec");
    const QString hash = name.section(QLatin1Char('-'), -1);
    QJsonObject podTemplate = part(spec, "template");
    QJsonObject meta = part(podTemplate, "metadata");
    QJsonObject labels = part(meta, "labels");
    labels.insert(QStringLiteral("pod-template-hash"), hash);
    meta.insert(QStringLiteral("labels"), labels);
    podTemplate.insert(QStringLiteral("metadata"), meta);
    const QJsonObject owner{{QStringLiteral("apiVersion"), QStringLiteral("apps/v1")},
                            {QStringLiteral("kind"), QStringLiteral("Deployment")},
                            {QStringLiteral("name"), nameOf(deployment)},
                            {QStringLiteral("uid"), metadataText(deployment, "uid")},
                            {QStringLiteral("controller"), true},
                            {QStringLiteral("blockOwnerDeletion"), true}};
    const QJsonObject object{
        {QStringLiteral("metadata"),
         QJsonObject{{QStringLiteral("name"), name},
                     {QStringLiteral("namespace"), namespaceOf(deployment)},
                     {QStringLiteral("labels"), labels},
                     {QStringLiteral("ownerReferences"), QJsonArray{owner}}}},
        {QStringLiteral("spec"),
         QJsonObject{
             {QStringLiteral("replicas"), spec.value(QLatin1String("replicas"))},
             {QStringLiteral("selector"), QJsonObject{{QStringLiteral("matchLabels"), labels}}},
             {QStringLiteral("template"), podTemplate}}},
        {QStringLiteral("status"),
         QJsonObject{{QStringLiteral("replicas"), spec.value(QLatin1String("replicas"))}}}};
    if (!m_store.get(resourceType("replicasets"), namespaceOf(deployment), name))
        m_store.create(resourceType("replicasets"), object, manager);
}

void DeploymentController::makePods(const QJsonObject &deployment, const QString &replicaSet,
                                    Pace pace)
{
    const QString nameSpace = namespaceOf(deployment);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const QDateTime created
        = pace == Pace::AtOnce
              ? QDateTime::fromString(metadataText(deployment, "creationTimestamp"), Qt::ISODate)
              : now;
    const int wanted = part(deployment, "spec").value(QLatin1String("replicas")).toInt();
    QList<QJsonObject> current;
    for (const QJsonObject &pod : podsOf(deployment))
        if (hashOf(pod) == replicaSet.section(QLatin1Char('-'), -1))
            current.append(pod);
    for (qsizetype i = current.size(); i < wanted; ++i) {
        const QByteArray seed = replicaSet.toUtf8() + QByteArray::number(++m_serial);
        const QString name = replicaSet + QLatin1Char('-') + safeName(seed, 5);
        m_readyAt.insert(nameSpace + QLatin1Char('/') + name,
                         pace == Pace::AtOnce ? now : now.addMSecs(m_readyAfter.count()));
        m_store.create(resourceType("pods"), podManifest(deployment, replicaSet, name, created),
                       manager);
    }
    for (qsizetype i = wanted; i < current.size(); ++i)
        m_store.remove(resourceType("pods"), nameSpace, nameOf(current[i]));
}

void DeploymentController::makeReady(const QJsonObject &pod, const QDateTime &at)
{
    QJsonObject ready = pod;
    ready.insert(QStringLiteral("status"), podStatus(pod, at));
    m_store.update(resourceType("pods"), ready, kubelet);
}

void DeploymentController::reconcile(const QString &nameSpace, const QString &name, Pace pace)
{
    const auto deployment = m_store.get(resourceType("deployments"), nameSpace, name);
    if (!deployment)
        return;
    const QString hash = templateHash(*deployment);
    const QString replicaSet = name + QLatin1Char('-') + hash;
    makeReplicaSet(*deployment, replicaSet);
    makePods(*deployment, replicaSet, pace);

    const QDateTime now = QDateTime::currentDateTimeUtc();
    bool waits = false;
    for (const QJsonObject &pod : podsOf(*deployment)) {
        if (hashOf(pod) != hash || isReady(pod))
            continue;
        const QDateTime due = m_readyAt.value(nameSpace + QLatin1Char('/') + nameOf(pod));
        if (due <= now)
            makeReady(pod, pace == Pace::AtOnce ? QDateTime::fromString(
                               metadataText(pod, "creationTimestamp"), Qt::ISODate)
                                                : now);
        else
            waits = true;
    }
    if (waits)
        QTimer::singleShot(m_readyAfter + std::chrono::milliseconds(5), this,
                           [this, nameSpace, name] { reconcile(nameSpace, name, Pace::Slowly); });
    else
        for (const QJsonObject &pod : podsOf(*deployment))
            if (hashOf(pod) != hash)
                m_store.remove(resourceType("pods"), nameSpace, nameOf(pod));
    writeStatus(nameSpace, name, hash);
    Q_EMIT podsChanged(nameSpace, name);
}

void DeploymentController::writeStatus(const QString &nameSpace, const QString &name,
                                       const QString &hash)
{
    auto deployment = m_store.get(resourceType("deployments"), nameSpace, name);
    if (!deployment)
        return;
    int all = 0;
    int updated = 0;
    int ready = 0;
    for (const QJsonObject &pod : podsOf(*deployment)) {
        ++all;
        updated += hashOf(pod) == hash ? 1 : 0;
        ready += isReady(pod) ? 1 : 0;
    }
    const int wanted = part(*deployment, "spec").value(QLatin1String("replicas")).toInt();
    const auto word = [](bool yes) {
        return yes ? QStringLiteral("True") : QStringLiteral("False");
    };
    const QJsonObject available{
        {QStringLiteral("type"), QStringLiteral("Available")},
        {QStringLiteral("status"), word(ready >= wanted)},
        {QStringLiteral("reason"), QStringLiteral("MinimumReplicasAvailable")}};
    const QJsonObject progressing{
        {QStringLiteral("type"), QStringLiteral("Progressing")},
        {QStringLiteral("status"), QStringLiteral("True")},
        {QStringLiteral("reason"), updated == all ? QStringLiteral("NewReplicaSetAvailable")
                                                  : QStringLiteral("ReplicaSetUpdated")}};
    deployment->insert(
        QStringLiteral("status"),
        QJsonObject{{QStringLiteral("observedGeneration"),
                     part(*deployment, "metadata").value(QLatin1String("generation"))},
                    {QStringLiteral("replicas"), all},
                    {QStringLiteral("updatedReplicas"), updated},
                    {QStringLiteral("readyReplicas"), ready},
                    {QStringLiteral("availableReplicas"), ready},
                    {QStringLiteral("conditions"), QJsonArray{available, progressing}}});
    m_store.update(resourceType("deployments"), *deployment, managerStatus);
}

} // namespace pilothouse::sandbox
