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

PlannedCall HttpRouteControl::planWeight(const WeightRequest &request,
                                         const TrafficState &now) const
{
    const QString name = m_settings.names.route;
    const int from = now.asked.percent;
    const int to = request.candidate.percent;
    PlannedCall call;
    call.language = PlannedCall::Language::Http;
    call.summary = tr("PATCH httproutes/%1   weights %2/%3 → %4/%5   if version is still %6")
                       .arg(name)
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
    call.exact = QStringLiteral("PATCH %1\nContent-Type: application/json-patch+json\n\n%2")
                     .arg(m_api.url(routePath()).path(), shownPatch(*patch, note));
    call.copyable = QStringLiteral("%1 patch httproute %2 --type=json -p '%3'")
                        .arg(kubectl(m_settings), name,
                             QString::fromUtf8(compact(withoutAnnotations(*patch))));
    call.curl = curlCommand("PATCH", m_api.url(routePath()), "application/json-patch+json",
                            compact(withoutAnnotations(*patch)));
    return call;
}

QString HttpRouteControl::showCommand() const
{
    return QStringLiteral("%1 get httproute %2 -o yaml")
        .arg(kubectl(m_settings), m_settings.names.route);
}

} // namespace pilothouse
