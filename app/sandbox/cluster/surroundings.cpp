#include "app/sandbox/cluster/surroundings.h"

#include "app/sandbox/cluster/manifests.h"
#include "app/sandbox/kubernetes/objectstore.h"

#include <QJsonArray>

namespace pilothouse::sandbox {

namespace {

QJsonObject named(const QString &name, const QString &nameSpace, const QDateTime &createdAt)
{
    return {{QStringLiteral("name"), name},
            {QStringLiteral("namespace"), nameSpace},
            {QStringLiteral("creationTimestamp"), kubernetesTime(createdAt)}};
}

QJsonObject jobSpec(const QString &image)
{
    const QJsonObject container{{QStringLiteral("name"), QStringLiteral("import")},
                                {QStringLiteral("image"), image}};
    return {{QStringLiteral("template"),
             QJsonObject{
                 {QStringLiteral("spec"),
                  QJsonObject{{QStringLiteral("containers"), QJsonArray{container}},
                              {QStringLiteral("restartPolicy"), QStringLiteral("OnFailure")}}}}}};
}

} // namespace

QJsonObject configMapManifest(const QString &nameSpace, const QString &release,
                              const QDateTime &createdAt)
{
    return {{QStringLiteral("metadata"), named(QLatin1String(configMapName), nameSpace, createdAt)},
            {QStringLiteral("data"),
             QJsonObject{{QStringLiteral("RELEASE"), release},
                         {QStringLiteral("DB_POOL_SIZE"), QStringLiteral("5")},
                         {QStringLiteral("DB_POOL_OVERFLOW"), QStringLiteral("5")}}}};
}

QJsonObject importManifest(const QString &nameSpace, const QString &image,
                           const QDateTime &createdAt)
{
    return {{QStringLiteral("metadata"), named(QLatin1String(importCronJob), nameSpace, createdAt)},
            {QStringLiteral("spec"),
             QJsonObject{{QStringLiteral("schedule"), QStringLiteral("*/15 * * * *")},
                         {QStringLiteral("concurrencyPolicy"), QStringLiteral("Forbid")},
                         {QStringLiteral("suspend"), false},
                         {QStringLiteral("jobTemplate"),
                          QJsonObject{{QStringLiteral("spec"), jobSpec(image)}}}}},
            {QStringLiteral("status"), QJsonObject()}};
}

QJsonObject importRun(const QJsonObject &cronJob, const QDateTime &began)
{
    // As the controller calls it: by the minute it was scheduled for.
    const QString name
        = QStringLiteral("%1-%2").arg(nameOf(cronJob)).arg(began.toSecsSinceEpoch() / 60);
    QJsonObject metadata = named(name, namespaceOf(cronJob), began);
    metadata.insert(
        QStringLiteral("ownerReferences"),
        QJsonArray{QJsonObject{{QStringLiteral("apiVersion"), QStringLiteral("batch/v1")},
                               {QStringLiteral("kind"), QStringLiteral("CronJob")},
                               {QStringLiteral("name"), nameOf(cronJob)},
                               {QStringLiteral("uid"), metadataText(cronJob, "uid")},
                               {QStringLiteral("controller"), true},
                               {QStringLiteral("blockOwnerDeletion"), true}}});
    return {{QStringLiteral("metadata"), metadata},
            {QStringLiteral("spec"), part(part(part(cronJob, "spec"), "jobTemplate"), "spec")},
            {QStringLiteral("status"),
             QJsonObject{{QStringLiteral("active"), 1},
                         {QStringLiteral("ready"), 1},
                         {QStringLiteral("startTime"), kubernetesTime(began)}}}};
}

} // namespace pilothouse::sandbox
