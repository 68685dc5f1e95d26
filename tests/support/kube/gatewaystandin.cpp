#include "support/kube/gatewaystandin.h"

#include <QJsonArray>
#include <QNetworkReply>

namespace pilothouse {
namespace {

constexpr int lookEvery = 20; // ms

} // namespace

GatewayStandIn::GatewayStandIn(KubeAsk &server) : m_server(server)
{
    connect(&m_timer, &QTimer::timeout, this, &GatewayStandIn::look);
    m_timer.start(lookEvery);
}

void GatewayStandIn::look()
{
    if (std::exchange(m_looking, true))
        return;
    QNetworkReply *read = m_server.begin("GET", CanaryWorld::routePath());
    connect(read, &QNetworkReply::finished, this, [this, read] {
        const QJsonObject route = KubeAsk::answerOf(*read).object;
        const qint64 generation = CanaryWorld::generationOf(route);
        if (generation == 0 || CanaryWorld::isAccepted(route)) {
            m_looking = false;
            return;
        }
        QNetworkReply *written
            = m_server.begin("PATCH", CanaryWorld::routePath() + QStringLiteral("/status"),
                             CanaryWorld::acceptance(generation), "application/merge-patch+json");
        connect(written, &QNetworkReply::finished, this, [this] { m_looking = false; });
    });
}

} // namespace pilothouse
