#include "support/kube/canaryworld.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse {
namespace {

constexpr char merge[] = "application/merge-patch+json";

/// JSON with single quotes for double ones.
QByteArray quoted(QByteArray text)
{
    return text.replace('\'', '"');
}

struct Revision
{
    QString service;
    QByteArray track;
    QString commit;
    int pods = 0;

    [[nodiscard]] QByteArray labels() const
    {
        return "{'app': 'context-intelligence', 'track': '" + track + "'}";
    }
    [[nodiscard]] QByteArray image() const
    {
        return "registry.test:5000/context-intelligence:" + commit.toLatin1();
    }
    [[nodiscard]] QByteArray containers() const
    {
        return "[{'name': 'app', 'image': '" + image() + "'}]";
    }
};

QString collection(const char *groupVersion, const char *plural)
{
    return QStringLiteral("/%1/namespaces/production/%2")
        .arg(QLatin1String(groupVersion), QLatin1String(plural));
}

QByteArray rules(int weight)
{
    return "[{'backendRefs': [{'name': 'context-intelligence', 'port': 8000, 'weight': "
           + QByteArray::number(100 - weight)
           + "}, {'name': 'context-intelligence-canary', 'port': 8000, 'weight': "
           + QByteArray::number(weight) + "}]}]";
}

} // namespace

CanaryWorld::CanaryWorld(KubeAsk &server) : m_server(server) {}

QString CanaryWorld::routePath()
{
    return collection("apis/gateway.networking.k8s.io/v1", "httproutes") + QLatin1Char('/')
           + name();
}

QString CanaryWorld::expect(const KubeAsk::Answer &answer)
{
    if (answer.status >= 200 && answer.status < 300)
        return {};
    return QStringLiteral("%1 %2")
        .arg(answer.status)
        .arg(QString::fromUtf8(QJsonDocument(answer.object).toJson(QJsonDocument::Compact)));
}

QString CanaryWorld::put(const QString &path, const QByteArray &object, const QByteArray &status)
{
    const KubeAsk::Answer made = m_server.ask("POST", path, quoted(object));
    if (made.status != 201 || status.isEmpty())
        return expect(made);
    const QString itself
        = path + QLatin1Char('/')
          + made.object[QLatin1String("metadata")][QLatin1String("name")].toString();
    return expect(m_server.ask("PATCH", itself + QStringLiteral("/status"),
                               quoted("{'status': " + status + "}"), merge));
}

QString CanaryWorld::make()
{
    for (const Revision &revision : {Revision{name(), "stable", stableCommit(), 3},
                                     Revision{candidate(), "candidate", candidateCommit(), 2}}) {
        const QByteArray service = revision.service.toLatin1();
        const QByteArray count = QByteArray::number(revision.pods);
        QStringList failures{
            put(collection("api/v1", "services"),
                "{'metadata': {'name': '" + service + "'}, 'spec': {'selector': "
                    + revision.labels() + ", 'ports': [{'port': 8000}]}}",
                {}),
            put(collection("apis/apps/v1", "deployments"),
                "{'metadata': {'name': '" + service + "'}, 'spec': {'replicas': " + count
                    + ", 'selector': {'matchLabels': " + revision.labels()
                    + "}, 'template': {'metadata': {'labels': " + revision.labels()
                    + "}, 'spec': {'containers': " + revision.containers() + "}}}}",
                "{'observedGeneration': 1, 'replicas': " + count + ", 'updatedReplicas': " + count
                    + ", 'readyReplicas': " + count + ", 'availableReplicas': " + count + "}")};
        for (int pod = 1; pod <= revision.pods; ++pod) {
            failures << put(
                collection("api/v1", "pods"),
                "{'metadata': {'name': '" + service + "-" + QByteArray::number(pod)
                    + "', 'labels': " + revision.labels()
                    + "}, 'spec': {'containers': " + revision.containers() + "}}",
                "{'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'True'}],"
                " 'containerStatuses': [{'name': 'app', 'ready': true, 'restartCount': 0, 'image': "
                "'" + revision.image()
                    + "', 'imageID': 'registry.test/app@sha256:"
                    + revision.commit.left(8).toLatin1() + "'}]}");
        }
        failures.removeAll(QString());
        if (!failures.isEmpty())
            return failures.join(QLatin1Char('\n'));
    }
    const QString made = put(
        collection("apis/gateway.networking.k8s.io/v1", "httproutes"),
        "{'apiVersion': 'gateway.networking.k8s.io/v1', 'kind': 'HTTPRoute', 'metadata': {'name': "
        "'context-intelligence'}, 'spec': {'parentRefs': [{'name': 'public'}], 'rules': "
            + rules(10) + "}}",
        {});
    return made.isEmpty() ? accept() : made;
}

QString CanaryWorld::reset(int weight)
{
    const QByteArray patch
        = "{'metadata': {'annotations': null}, 'spec': {'rules': " + rules(weight) + "}}";
    return expect(m_server.ask("PATCH", routePath(), quoted(patch), merge));
}

QByteArray CanaryWorld::acceptance(qint64 generation)
{
    const auto condition = [generation](const char *type) {
        return QByteArray("{'type': '") + type + "', 'status': 'True', 'reason': '" + type
               + "', 'message': 'as told by the test', "
                 "'lastTransitionTime': '2026-11-24T12:00:00Z', 'observedGeneration': "
               + QByteArray::number(generation) + "}";
    };
    return quoted("{'status': {'parents': [{'controllerName': 'pilothouse.test/gateway', "
                  "'parentRef': {'name': 'public'}, 'conditions': ["
                  + condition("Accepted") + ", " + condition("ResolvedRefs") + "]}]}}");
}

QString CanaryWorld::accept()
{
    return expect(m_server.ask("PATCH", routePath() + QStringLiteral("/status"),
                               acceptance(generationOf(route())), merge));
}

QJsonObject CanaryWorld::route()
{
    return m_server.ask("GET", routePath()).object;
}

int CanaryWorld::weightOf(const QJsonObject &route)
{
    return route[QLatin1String("spec")][QLatin1String("rules")][0][QLatin1String("backendRefs")][1]
                [QLatin1String("weight")]
                    .toInt(-1);
}

QString CanaryWorld::versionOf(const QJsonObject &route)
{
    return route[QLatin1String("metadata")][QLatin1String("resourceVersion")].toString();
}

qint64 CanaryWorld::generationOf(const QJsonObject &route)
{
    return route[QLatin1String("metadata")][QLatin1String("generation")].toInteger();
}

qint64 CanaryWorld::observedOf(const QJsonObject &route)
{
    return route[QLatin1String("status")][QLatin1String("parents")][0][QLatin1String("conditions")]
                [0][QLatin1String("observedGeneration")]
                    .toInteger();
}

bool CanaryWorld::isAccepted(const QJsonObject &route)
{
    return generationOf(route) > 0 && observedOf(route) == generationOf(route);
}

QByteArray CanaryWorld::annotationOf(const QJsonObject &route, const char *key)
{
    return route[QLatin1String("metadata")][QLatin1String("annotations")][QLatin1String(key)]
        .toString()
        .toUtf8();
}

} // namespace pilothouse
