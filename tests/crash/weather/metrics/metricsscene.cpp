#include "crash/weather/metrics/metricsscene.h"

#include <QJsonArray>
#include <QJsonObject>

namespace pilothouse {

using namespace std::chrono_literals;

namespace {

const QString since = QStringLiteral("2026-11-24T12:57:33Z");

/// As Prometheus tells it.
QJsonObject toldAlert(const char *name, const char *state)
{
    return {
        {QStringLiteral("labels"),
         QJsonObject{{QStringLiteral("alertname"), QLatin1String(name)},
                     {QStringLiteral("track"), QStringLiteral("weather")}}},
        {QStringLiteral("annotations"), QJsonObject()},
        {QStringLiteral("state"), QLatin1String(state)},
        {QStringLiteral("activeAt"), since},
    };
}

/// As Alertmanager tells it.
QJsonObject managedAlert(const char *name, const char *track, const QJsonObject &status)
{
    return {
        {QStringLiteral("labels"), QJsonObject{{QStringLiteral("alertname"), QLatin1String(name)},
                                               {QStringLiteral("track"), QLatin1String(track)}}},
        {QStringLiteral("annotations"), QJsonObject()},
        {QStringLiteral("status"), status},
        {QStringLiteral("startsAt"), since},
        {QStringLiteral("fingerprint"), QLatin1String(name)},
    };
}

void reply(const sandbox::ExchangePtr &exchange, const QJsonObject &data)
{
    exchange->replyJson(200, QJsonObject{{QStringLiteral("status"), QStringLiteral("success")},
                                         {QStringLiteral("data"), data}});
}

} // namespace

MetricsScene::MetricsScene()
{
    auto listening = sandbox::Server::listen(
        0, [this](const sandbox::ExchangePtr &exchange) { answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
}

QUrl MetricsScene::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
}

QJsonArray MetricsScene::told() const
{
    QJsonArray alerts{toldAlert("Slow", "pending")};
    if (m_rung == Teller::Prometheus)
        alerts.append(toldAlert("Broken", "firing"));
    return alerts;
}

QJsonArray MetricsScene::managed() const
{
    const QJsonObject active{{QStringLiteral("state"), QStringLiteral("active")}};
    const QJsonObject silenced{
        {QStringLiteral("state"), QStringLiteral("suppressed")},
        {QStringLiteral("silencedBy"), QJsonArray{QStringLiteral("a-silence")}}};
    QJsonArray alerts{managedAlert("Noisy", "weather", silenced),
                      managedAlert("Elsewhere", "another", active)};
    if (m_rung == Teller::Alertmanager)
        alerts.append(managedAlert("Broken", "weather", active));
    return alerts;
}

void MetricsScene::answer(const sandbox::ExchangePtr &exchange) const
{
    const sandbox::Request &request = exchange->request;
    if (request.path == QLatin1String("/api/v2/alerts"))
        return exchange->replyJson(200, managed());
    if (request.path == QLatin1String("/api/v1/alerts"))
        return reply(exchange, {{QStringLiteral("alerts"), told()}});
    const QUrlQuery asked
        = request.body.isEmpty() ? request.query : QUrlQuery(QString::fromLatin1(request.body));
    QJsonArray all;
    for (const auto &[version, value] : {std::pair("stable", 0.002), {"candidate", m_errors}}) {
        QJsonArray samples;
        const double step = asked.queryItemValue(QStringLiteral("step")).toDouble();
        const double end = asked.queryItemValue(QStringLiteral("end")).toDouble();
        double at = asked.queryItemValue(QStringLiteral("start")).toDouble();
        for (; at <= end + 1e-6; at += step)
            samples.append(QJsonArray{at, QString::number(value)});
        all.append(QJsonObject{{QStringLiteral("metric"),
                                QJsonObject{{QStringLiteral("version"), QLatin1String(version)}}},
                               {QStringLiteral("values"), samples}});
    }
    reply(exchange, {{QStringLiteral("resultType"), QStringLiteral("matrix")},
                     {QStringLiteral("result"), all}});
}

RolloutSettings MetricsScene::settings(const QStringList &queries)
{
    RolloutSettings settings;
    settings.track = TrackName(QStringLiteral("weather"));
    settings.plan.stages = {{Weight{10}, {}}, {Weight{100}, {}}};
    settings.series
        = {QStringLiteral("version"), QStringLiteral("stable"), QStringLiteral("candidate")};
    for (const QString &query : queries) {
        Check check;
        check.name = query.left(6);
        check.query = query;
        check.max = 0.01;
        check.critical = true;
        check.minSamples = 3;
        settings.checks.append(check);
    }
    settings.judgeEvery = 4s;
    settings.sampleStep = 1s;
    settings.failuresToRollBack = 2;
    return settings;
}

void MetricsScene::begin(FakeTraffic &traffic)
{
    traffic.world.stable = readyRevision(QStringLiteral("svc"), QString(40, QLatin1Char('a')), 3);
    traffic.world.candidate
        = readyRevision(QStringLiteral("svc-canary"), QString(40, QLatin1Char('b')), 2);
    traffic.world.asked = traffic.world.accepted.emplace(Weight{10});
}

} // namespace pilothouse
