#include "crash/weather/seen/seenscene.h"

#include "connectors/kubernetes/helm/helmobjects.h"
#include "support/kube/canaryworld.h"

namespace pilothouse {
namespace {

const TrackName track(QStringLiteral("weather"));
const sandbox::ObjectStore::Writer helm{QStringLiteral("helm"), {}, {}};

QByteArray ago(int minutes)
{
    return QDateTime::currentDateTimeUtc().addSecs(-60 * minutes).toString(Qt::ISODate).toLatin1();
}

HelmSecret revision(int number, const QByteArray &status, int minutesAgo)
{
    HelmSecret made;
    made.number = number;
    made.status = status;
    made.madeAt = QDateTime::currentSecsSinceEpoch() - 60 * minutesAgo;
    return made;
}

} // namespace

SeenScene::SeenScene()
{
    // Each by one alone, so that nothing makes up for what is lost.
    own(CanaryWorld::name());
    takeConfig(CanaryWorld::candidate() + QStringLiteral("-1"));
    create("secrets", secretObject(revision(1, "superseded", 50)));
    create("secrets", secretObject(revision(2, "deployed", 20)));
    create("configmaps", parsed("{'metadata': {'name': 'web-config'}, 'data': {'a': 'b'}}"));
    create("cronjobs", parsed("{'metadata': {'name': 'import'}, 'status': {'lastScheduleTime': '"
                              + ago(5) + "'}}"));
    create("jobs", parsed("{'metadata': {'name': 'import-1', 'ownerReferences': ["
                          " {'kind': 'CronJob', 'name': 'import'}]}, 'status': {'startTime': '"
                          + ago(5) + "'}}"));
}

ClusterQuestion SeenScene::question()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    return {now.addSecs(-3600),
            now.addSecs(60),
            {{track, CanaryWorld::name() + QStringLiteral("-1")},
             {track, CanaryWorld::candidate() + QStringLiteral("-1")}}};
}

void SeenScene::own(const QString &deployment)
{
    const auto &deployments = sandbox::resourceType("deployments");
    const auto now = store().get(deployments, nameSpace(), deployment);
    if (!now)
        qFatal("%s is not there", qPrintable(deployment));
    const QJsonObject release{{QStringLiteral("meta.helm.sh/release-name"), QStringLiteral("web")},
                              {QStringLiteral("meta.helm.sh/release-namespace"), nameSpace()}};
    (void)store().update(deployments, with(*now, "metadata.annotations", release), helm);
}

void SeenScene::takeConfig(const QString &pod)
{
    const auto &pods = sandbox::resourceType("pods");
    const auto now = store().get(pods, nameSpace(), pod);
    if (!now)
        qFatal("%s is not there", qPrintable(pod));
    const QJsonArray from{
        QJsonObject{{QStringLiteral("configMapRef"),
                     QJsonObject{{QStringLiteral("name"), QStringLiteral("web-config")}}}}};
    (void)store().update(pods, with(*now, "spec.containers.0.envFrom", from), helm);
}

void SeenScene::create(const char *plural, QJsonObject object)
{
    QJsonObject metadata = object[QLatin1String("metadata")].toObject();
    metadata.insert(QStringLiteral("namespace"), nameSpace());
    metadata.remove(QStringLiteral("resourceVersion"));
    object.insert(QStringLiteral("metadata"), metadata);
    if (!store().create(sandbox::resourceType(plural), object, helm))
        qFatal("%s were not made", plural);
}

} // namespace pilothouse
