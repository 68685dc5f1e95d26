#include "crash/cloud/cloudarena.h"

#include "connectors/http/networkhttp.h"
#include "crash/weather/hurry.h"
#include "rollout/trafficannotations.h"
#include "support/fakecredential.h"
#include "support/kube/kubeask.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace pilothouse {
namespace {

constexpr int reconciledWithin = 20'000;
const QString servicePath
    = QStringLiteral("/v2/projects/coditect-production/locations/us-central1/services/"
                     "coditect-backend");
const QString trafficKey = QStringLiteral("traffic");
const QString revision = QStringLiteral("revision");
const QString percent = QStringLiteral("percent");
const QString tag = QStringLiteral("tag");

/// A console that looks more often than in life.
class CloudSeat final : public Ground::Seat
{
public:
    CloudSeat(Scene &scene, const QUrl &address)
        : m_http(settings(address), m_credential, m_clock),
          m_control(scene.control(m_http, m_clock, address))
    {}

    [[nodiscard]] Clock &clock() override { return m_clock; }
    [[nodiscard]] TrafficControl &control() override { return *m_control; }

private:
    [[nodiscard]] static NetworkHttp::Settings settings(const QUrl &address)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Cloud Run");
        settings.base = address;
        return settings;
    }

    HurriedClock m_clock;
    FakeCredential m_credential;
    NetworkHttp m_http;
    std::unique_ptr<TrafficControl> m_control;
};

QJsonObject target(const QString &name, int share, const QString &withTag = {})
{
    QJsonObject object{
        {QStringLiteral("type"), QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION")},
        {revision, name}};
    if (share > 0)
        object.insert(percent, share);
    if (!withTag.isEmpty())
        object.insert(tag, withTag);
    return object;
}

} // namespace

QString CloudArena::open()
{
    m_scene = makeCloudRunScene();
    for (const QJsonValue each : service()[trafficKey].toArray()) {
        const QString name = each[revision].toString().section(QLatin1Char('/'), -1);
        // The scene begins with a candidate at 10 %.
        (each[percent].toInt() > 50 ? m_stable : m_candidate) = name;
        m_tag += each[tag].toString();
    }
    return m_stable.isEmpty() || m_candidate.isEmpty() ? QStringLiteral("no two revisions")
                                                       : QString();
}

QJsonObject CloudArena::service() const
{
    return KubeAsk(url()).ask("GET", servicePath).object;
}

void CloudArena::begin(int weight)
{
    QJsonArray targets{target(m_stable, 100 - weight)};
    if (weight > 0)
        targets.append(target(m_candidate, weight));
    targets.append(target(m_candidate, 0, m_tag));
    const QJsonObject body{{trafficKey, targets}, {QStringLiteral("annotations"), QJsonObject()}};
    const auto answer = KubeAsk(url()).ask(
        "PATCH", servicePath + QStringLiteral("?updateMask=traffic,annotations"),
        QJsonDocument(body).toJson());
    QCOMPARE(answer.status, 200);
    QTRY_VERIFY_WITH_TIMEOUT(!service()[QLatin1String("reconciling")].toBool(), reconciledWithin);
}

QByteArray CloudArena::noteOf(const QJsonObject &service, const char *key)
{
    return service[QLatin1String("annotations")][QLatin1String(key)].toString().toUtf8();
}

Ground::Traffic CloudArena::traffic()
{
    const QJsonObject now = service();
    int weight = 0;
    for (const QJsonValue each : now[trafficKey].toArray()) {
        if (each[revision].toString().section(QLatin1Char('/'), -1) == m_candidate)
            weight += each[percent].toInt();
    }
    return {weight, now[QLatin1String("etag")].toString(), noteOf(now, changesAnnotation),
            noteOf(now, holdAnnotation)};
}

std::unique_ptr<Ground::Seat> CloudArena::seat(const QUrl &address) const
{
    return std::make_unique<CloudSeat>(*m_scene, address);
}

QByteArray CloudArena::control(const QString & /*folder*/, const QUrl &address) const
{
    return "{kind: cloud-run, project: coditect-production, region: us-central1,\n"
           "              service: coditect-backend, credential: none, api: '"
           + address.toEncoded() + "'}";
}

} // namespace pilothouse
