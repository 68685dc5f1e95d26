#include "action/commandline.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/httproute/routeplaces.h"

#include <QJsonDocument>

// What HttpRouteControl says that it would send, and how to look for oneself.

namespace pilothouse {
namespace {

/// "kubectl --context C -n N".
QString kubectl(const HttpRouteControl::Settings &settings)
{
    QString command = QStringLiteral("kubectl");
    if (!settings.context.isEmpty())
        command += QStringLiteral(" --context ") + shellWord(settings.context);
    return command + QStringLiteral(" -n ") + shellWord(settings.nameSpace);
}

QByteArray compact(const QJsonArray &array)
{
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

} // namespace

PlannedCall HttpRouteControl::planned(const QString &summary, const QString &shown,
                                      const QJsonArray &copied) const
{
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = summary;
    call.exact = QStringLiteral("PATCH %1\nContent-Type: application/json-patch+json\n\n%2")
                     .arg(m_api.url(routePath()).path(), shown);
    call.copyable = QStringLiteral("%1 patch httproute %2 --type=json -p %3")
                        .arg(kubectl(m_settings), m_settings.names.route,
                             shellWord(QString::fromUtf8(compact(copied))));
    call.curl = curlCommand("PATCH", m_api.url(routePath()), "application/json-patch+json",
                            compact(copied));
    return call;
}

PlannedCall HttpRouteControl::planWeight(const WeightRequest &request,
                                         const TrafficState &now) const
{
    const int from = now.asked.percent;
    const int to = request.candidate.percent;
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = tr("PATCH httproutes/%1   weights %2/%3 → %4/%5   if version is still %6")
                       .arg(m_settings.names.route)
                       .arg(100 - from)
                       .arg(from)
                       .arg(100 - to)
                       .arg(to)
                       .arg(request.expectedVersion);
    if (!m_watch.world().route)
        return call;
    KubeRoute route = *m_watch.world().route;
    route.resourceVersion = request.expectedVersion;
    const auto patch = weightPatch(route, m_settings.names, request.candidate, {});
    if (!patch) {
        call.summary = patch.error().message;
        return call;
    }
    const QString note = tr("… this change on top: %1, %2 → %3 %")
                             .arg(request.actor, QString::number(from), QString::number(to));
    return planned(call.summary, shownPatch(*patch, note), withoutAnnotations(*patch));
}

PlannedCall HttpRouteControl::planHold(const std::optional<Hold> &hold,
                                       const TrafficState &now) const
{
    if (!m_watch.world().route)
        return {};
    KubeRoute route = *m_watch.world().route;
    route.resourceVersion = now.version;
    const QJsonArray patch = holdPatch(route, hold);
    return planned(
        tr("PATCH httproutes/%1   %2   if version is still %3")
            .arg(m_settings.names.route, hold ? tr("hold") : tr("lift the hold"), now.version),
        shownPatch(patch, {}), patch);
}

QString HttpRouteControl::showCommand() const
{
    return QStringLiteral("%1 get httproute %2 -o yaml")
        .arg(kubectl(m_settings), m_settings.names.route);
}

} // namespace pilothouse
