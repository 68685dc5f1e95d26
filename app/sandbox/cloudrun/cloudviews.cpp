#include "app/sandbox/cloudrun/cloudrunserver.h"

#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse::sandbox {

namespace {

QString cloudTime(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz'000Z'"));
}

QJsonObject condition(const char *type, const QString &state, const QDateTime &at)
{
    return {{QStringLiteral("type"), QLatin1String(type)},
            {QStringLiteral("state"), state},
            {QStringLiteral("lastTransitionTime"), cloudTime(at)}};
}

} // namespace

QString CloudRunServer::parent() const
{
    return QStringLiteral("projects/%1/locations/%2")
        .arg(m_world.scenario().cloudProject, m_world.scenario().cloudRegion);
}

QString CloudRunServer::serviceName() const
{
    return parent() + QLatin1String("/services/") + m_world.scenario().cloudService;
}

QJsonObject CloudRunServer::targetView(const TrafficTarget &target) const
{
    QJsonObject out{{QStringLiteral("type"),
                     target.latest ? QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST")
                                   : QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION")}};
    if (!target.latest)
        out.insert(QStringLiteral("revision"), target.revision);
    if (target.percent > 0)
        out.insert(QStringLiteral("percent"), target.percent);
    if (!target.tag.isEmpty())
        out.insert(QStringLiteral("tag"), target.tag);
    return out;
}

QJsonObject CloudRunServer::serviceView() const
{
    const QString host = m_world.scenario().cloudService + QLatin1String("-h7k2example.run.test");
    const QString uri = QLatin1String("https://") + host;
    const CloudRevision newest = m_service.revisions().last();
    const QDateTime created = m_world.startedAt().addDays(-90);
    const bool busy = m_service.isReconciling();
    const QString state
        = busy ? QStringLiteral("CONDITION_RECONCILING") : QStringLiteral("CONDITION_SUCCEEDED");
    QJsonArray traffic;
    for (const TrafficTarget &target : m_service.asked())
        traffic.append(targetView(target));
    QJsonArray statuses;
    for (const TrafficTarget &target : m_service.served()) {
        QJsonObject status = targetView(target);
        if (!target.tag.isEmpty())
            status.insert(QStringLiteral("uri"),
                          QLatin1String("https://") + target.tag + QLatin1String("---") + host);
        statuses.append(status);
    }
    const QJsonObject container{
        {QStringLiteral("image"), m_world.scenario().cloudImage + QLatin1Char(':') + newest.sha}};
    QJsonObject out{
        {QStringLiteral("name"), serviceName()},
        {QStringLiteral("uid"), m_uid},
        {QStringLiteral("generation"), QString::number(m_service.generation())},
        {QStringLiteral("createTime"), cloudTime(created)},
        {QStringLiteral("updateTime"), cloudTime(m_service.updatedAt())},
        {QStringLiteral("creator"), QStringLiteral("a.muster@example.test")},
        {QStringLiteral("lastModifier"), m_service.lastModifier()},
        {QStringLiteral("client"), QStringLiteral("gcloud")},
        {QStringLiteral("ingress"), QStringLiteral("INGRESS_TRAFFIC_ALL")},
        {QStringLiteral("launchStage"), QStringLiteral("GA")},
        {QStringLiteral("template"),
         QJsonObject{
             {QStringLiteral("scaling"), QJsonObject{{QStringLiteral("minInstanceCount"), 1},
                                                     {QStringLiteral("maxInstanceCount"), 100}}},
             {QStringLiteral("containers"), QJsonArray{container}}}},
        {QStringLiteral("traffic"), traffic},
        {QStringLiteral("observedGeneration"), QString::number(m_service.observedGeneration())},
        {QStringLiteral("terminalCondition"), condition("Ready", state, m_service.updatedAt())},
        {QStringLiteral("conditions"),
         QJsonArray{condition("RoutesReady", state, m_service.updatedAt()),
                    condition("ConfigurationsReady", QStringLiteral("CONDITION_SUCCEEDED"),
                              m_service.updatedAt())}},
        {QStringLiteral("latestReadyRevision"),
         serviceName() + QLatin1String("/revisions/") + newest.name},
        {QStringLiteral("latestCreatedRevision"),
         serviceName() + QLatin1String("/revisions/") + newest.name},
        {QStringLiteral("trafficStatuses"), statuses},
        {QStringLiteral("uri"), uri},
        {QStringLiteral("urls"), QJsonArray{uri}},
        {QStringLiteral("etag"), m_service.etag()}};
    if (busy)
        out.insert(QStringLiteral("reconciling"), true);
    if (!m_service.annotations().isEmpty())
        out.insert(QStringLiteral("annotations"), m_service.annotations());
    return out;
}

QJsonObject CloudRunServer::revisionView(const CloudRevision &revision) const
{
    const QJsonObject container{
        {QStringLiteral("image"), m_world.scenario().cloudImage + QLatin1Char(':') + revision.sha}};
    return {
        {QStringLiteral("name"), serviceName() + QLatin1String("/revisions/") + revision.name},
        {QStringLiteral("uid"), QString::fromLatin1(revision.name.toUtf8().toHex())},
        {QStringLiteral("generation"), QStringLiteral("1")},
        {QStringLiteral("labels"), QJsonObject{{QStringLiteral("commit"), revision.sha}}},
        {QStringLiteral("createTime"), cloudTime(revision.createdAt)},
        {QStringLiteral("updateTime"), cloudTime(revision.createdAt)},
        {QStringLiteral("launchStage"), QStringLiteral("GA")},
        {QStringLiteral("service"), m_world.scenario().cloudService},
        {QStringLiteral("scaling"), QJsonObject{{QStringLiteral("minInstanceCount"), 1},
                                                {QStringLiteral("maxInstanceCount"), 100}}},
        {QStringLiteral("containers"), QJsonArray{container}},
        {QStringLiteral("conditions"),
         QJsonArray{condition("Ready", QStringLiteral("CONDITION_SUCCEEDED"), revision.createdAt)}},
        {QStringLiteral("observedGeneration"), QStringLiteral("1")},
        {QStringLiteral("etag"), QStringLiteral("\"%1\"").arg(revision.name)}};
}

void CloudRunServer::addRoutes()
{
    const QString base = QLatin1String("/v2/") + serviceName();
    m_router.add("GET", base, [this](const ExchangePtr &exchange, const QStringList &) {
        exchange->replyJson(200, serviceView());
    });
    m_router.add("PATCH", base, [this](const ExchangePtr &exchange, const QStringList &) {
        patchService(exchange);
    });
    m_router.add(
        "POST", base + QLatin1String(":testIamPermissions"),
        [](const ExchangePtr &exchange, const QStringList &) {
            const QJsonObject body = QJsonDocument::fromJson(exchange->request.body).object();
            exchange->replyJson(200, QJsonObject{{QStringLiteral("permissions"),
                                                  body.value(QLatin1String("permissions"))}});
        });
    m_router.add("GET", base + QLatin1String("/revisions"),
                 [this](const ExchangePtr &exchange, const QStringList &) {
                     bool limited = false;
                     const int size = exchange->request.parameter("pageSize").toInt(&limited);
                     const qsizetype from = exchange->request.parameter("pageToken").toInt();
                     const QList<CloudRevision> &all = m_service.revisions();
                     QJsonArray part;
                     qsizetype i = from;
                     for (; i < all.size() && (!limited || size <= 0 || i < from + size); ++i)
                         part.append(revisionView(all[all.size() - 1 - i]));
                     QJsonObject body{{QStringLiteral("revisions"), part}};
                     if (i < all.size())
                         body.insert(QStringLiteral("nextPageToken"), QString::number(i));
                     exchange->replyJson(200, body);
                 });
    m_router.add("GET", base + QLatin1String("/revisions/{revision}"),
                 [this](const ExchangePtr &exchange, const QStringList &parts) {
                     for (const CloudRevision &revision : m_service.revisions())
                         if (revision.name == parts[0])
                             return exchange->replyJson(200, revisionView(revision));
                     refuse(exchange, 404, QStringLiteral("Requested entity was not found."));
                 });
    const QString operations
        = QLatin1String("/v2/") + parent() + QLatin1String("/operations/{operation}");
    m_router.add("GET", operations, [this](const ExchangePtr &exchange, const QStringList &parts) {
        if (!m_operations.contains(parts[0]))
            return refuse(exchange, 404, QStringLiteral("Requested entity was not found."));
        replyOperation(exchange, m_operations.value(parts[0]));
    });
    m_router.add("POST", operations, [this](const ExchangePtr &exchange, const QStringList &parts) {
        const QString id = parts[0].section(QLatin1Char(':'), 0, 0);
        if (!parts[0].endsWith(QLatin1String(":wait")) || !m_operations.contains(id))
            return refuse(exchange, 404, QStringLiteral("Requested entity was not found."));
        const Operation operation = m_operations.value(id);
        if (operation.generation <= m_service.observedGeneration())
            return replyOperation(exchange, operation);
        connect(
            &m_service, &CloudService::reconciled, this,
            [this, exchange, operation] { replyOperation(exchange, operation); },
            Qt::SingleShotConnection);
    });
}

} // namespace pilothouse::sandbox
