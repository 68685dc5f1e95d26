#include "app/sandbox/cloudrun/cloudrunserver.h"

#include "app/sandbox/world/pastchanges.h"
#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QUuid>

#include <optional>

namespace pilothouse::sandbox {

namespace {

const QString coditect = QStringLiteral("coditect");
const QString person = QStringLiteral("release-manager@example.test");
const QString latestType = QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST");
const QString revisionType = QStringLiteral("TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION");

std::optional<QList<TrafficTarget>> readTraffic(const QJsonValue &value)
{
    if (!value.isArray())
        return std::nullopt;
    QList<TrafficTarget> out;
    for (const auto &item : value.toArray()) {
        const QJsonObject object = item.toObject();
        TrafficTarget target;
        target.latest = object.value(QLatin1String("type")).toString() == latestType;
        target.revision
            = object.value(QLatin1String("revision")).toString().section(QLatin1Char('/'), -1);
        target.percent = object.value(QLatin1String("percent")).toInt();
        target.tag = object.value(QLatin1String("tag")).toString();
        out.append(target);
    }
    return out;
}

} // namespace

CloudRunServer::CloudRunServer(World &world, QObject *parentObject)
    : QObject(parentObject), m_world(world), m_service(world.real(1)),
      m_uid(QUuid::createUuidV5(QUuid(), world.scenario().cloudService)
                .toString(QUuid::WithoutBraces))
{
    connect(&m_service, &CloudService::reconciled, this, &CloudRunServer::updateTraffic);
    populate();
    addRoutes();
}

void CloudRunServer::populate()
{
    const TrackTraffic traffic = m_world.traffic(coditect);
    m_stable = traffic.stable;
    const auto revision = [this](const QString &nickname, const QDateTime &at) {
        return CloudRevision{m_world.scenario().revisions.value(nickname).cloudRunRevision,
                             m_world.commit(nickname), at};
    };
    const QDateTime start = m_world.startedAt();
    const QString first = m_world.scenario().stable;
    QList<CloudRevision> revisions{revision(first, start.addDays(-21)),
                                   revision(QStringLiteral("6d02e19"), start.addDays(-4))};
    if (traffic.stable != first)
        revisions.append(revision(traffic.stable, start.addSecs(-150)));
    QList<TrafficTarget> targets{
        {false, revision(traffic.stable, start).name, 100 - traffic.weight, {}}};
    if (!traffic.candidate.isEmpty()) {
        revisions.append(revision(traffic.candidate, start.addSecs(-30)));
        targets.append({false, revisions.last().name, traffic.weight,
                        QLatin1Char('c') + m_world.commit(traffic.candidate).left(7)});
    }
    QJsonObject annotations{
        {QLatin1String(changesAnnotation), QString::fromUtf8(pastChanges(m_world, coditect))}};
    if (traffic.stable != first)
        annotations.insert(QLatin1String(previousStableAnnotation), revisions.first().name);
    m_service.reset(revisions, targets, annotations,
                    QStringLiteral("deployer@coditect-production.iam.gserviceaccount.com"));
}

QString CloudRunServer::nicknameOf(const QString &revision) const
{
    for (const CloudRevision &each : m_service.revisions())
        if (each.name == revision)
            return m_world.nickname(each.sha);
    return {};
}

QHash<QString, int> CloudRunServer::shares(const QList<TrafficTarget> &traffic) const
{
    QHash<QString, int> out;
    for (const TrafficTarget &target : traffic)
        out[nicknameOf(target.latest ? m_service.latestRevision() : target.revision)]
            += target.percent;
    return out;
}

void CloudRunServer::updateTraffic()
{
    const QHash<QString, int> served = shares(m_service.served());
    const QString newest = nicknameOf(m_service.latestRevision());
    for (auto it = served.begin(); it != served.end(); ++it)
        if (it.value() == 100)
            m_stable = it.key();
    TrackTraffic now{m_stable, {}, 0};
    // Whoever else is in the list is the candidate; the newest first.
    for (auto it = served.begin(); it != served.end(); ++it)
        if (it.key() != m_stable && (now.candidate.isEmpty() || it.key() == newest)) {
            now.candidate = it.key();
            now.weight = it.value();
        }
    m_world.setTraffic(coditect, now);
}

void CloudRunServer::deployCandidate(const QString &nickname)
{
    m_service.addRevision({m_world.scenario().revisions.value(nickname).cloudRunRevision,
                           m_world.commit(nickname), QDateTime::currentDateTimeUtc()},
                          QLatin1Char('c') + m_world.commit(nickname).left(7));
}

void CloudRunServer::setWeight(int candidateWeight)
{
    const TrackTraffic traffic = m_world.traffic(coditect);
    if (traffic.candidate.isEmpty())
        return;
    const auto name = [this](const QString &nickname) {
        return m_world.scenario().revisions.value(nickname).cloudRunRevision;
    };
    QList<TrafficTarget> targets{{false, name(traffic.stable), 100 - candidateWeight, {}},
                                 {false, name(traffic.candidate), candidateWeight,
                                  QLatin1Char('c') + m_world.commit(traffic.candidate).left(7)}};
    if (candidateWeight == 100)
        targets.removeFirst();
    m_service.update(targets, std::nullopt, QStringLiteral("b.novak@example.test"));
}

void CloudRunServer::patchService(const ExchangePtr &exchange)
{
    const Request &request = exchange->request;
    const QJsonDocument document = QJsonDocument::fromJson(request.body);
    if (!document.isObject())
        return refuse(exchange, 400, QStringLiteral("Invalid JSON payload received."));
    const QJsonObject body = document.object();
    const QString etag = body.value(QLatin1String("etag")).toString();
    if (!etag.isEmpty() && etag != m_service.etag())
        return refuse(exchange, 409,
                      QStringLiteral("Conflict for resource '%1': etag '%2' was specified but the "
                                     "current etag is '%3'.")
                          .arg(m_world.scenario().cloudService, etag, m_service.etag()));
    const QStringList mask
        = request.parameter("updateMask").split(QLatin1Char(','), Qt::SkipEmptyParts);
    const bool takesTraffic = mask.isEmpty() || mask.contains(QLatin1String("traffic"));
    const auto traffic = readTraffic(body.value(QLatin1String("traffic")));
    for (const QString &field : mask)
        if (field != QLatin1String("traffic") && field != QLatin1String("annotations"))
            return refuse(exchange, 400,
                          QStringLiteral("The rehearsal changes traffic and annotations only, not "
                                         "%1.")
                              .arg(field));
    if (takesTraffic) {
        if (const auto wrong = m_service.check(traffic.value_or(QList<TrafficTarget>())); !wrong)
            return refuse(exchange, 400, wrong.error().message);
    }
    const TrackTraffic now = m_world.traffic(coditect);
    const QHash<QString, int> wanted = shares(traffic.value_or(QList<TrafficTarget>()));
    const int weight = wanted.value(now.candidate);
    Operation operation;
    operation.id = QUuid::createUuidV5(QUuid(), m_uid + QString::number(++m_serial))
                       .toString(QUuid::WithoutBraces);
    if (request.flag("validateOnly")) {
        operation.response = serviceView();
        if (takesTraffic)
            m_world.story().noteDryRun(coditect, now.candidate, weight);
        return replyOperation(exchange, operation);
    }
    std::optional<QJsonObject> annotations;
    if (mask.contains(QLatin1String("annotations")))
        annotations = body.value(QLatin1String("annotations")).toObject();
    m_service.update(takesTraffic ? std::optional(traffic.value_or(QList<TrafficTarget>()))
                                  : std::nullopt,
                     annotations, person);
    if (takesTraffic) {
        const bool forward = weight > now.weight || wanted.value(now.stable) == 100;
        m_world.story().noteAsked(coditect, forward ? weight : 0, person);
    }
    operation.generation = m_service.generation();
    m_operations.insert(operation.id, operation);
    replyOperation(exchange, operation);
}

void CloudRunServer::replyOperation(const ExchangePtr &exchange, const Operation &operation)
{
    const bool done = operation.generation <= m_service.observedGeneration();
    QJsonObject metadata = serviceView();
    metadata.insert(QStringLiteral("@type"),
                    QStringLiteral("type.googleapis.com/google.cloud.run.v2.Service"));
    QJsonObject body{
        {QStringLiteral("name"), parent() + QLatin1String("/operations/") + operation.id},
        {QStringLiteral("metadata"), metadata}};
    if (done) {
        QJsonObject response = operation.response.isEmpty() ? serviceView() : operation.response;
        response.insert(QStringLiteral("@type"),
                        QStringLiteral("type.googleapis.com/google.cloud.run.v2.Service"));
        body.insert(QStringLiteral("done"), true);
        body.insert(QStringLiteral("response"), response);
    }
    exchange->replyJson(200, body);
}

void CloudRunServer::answer(const ExchangePtr &exchange, const QString &path)
{
    if (m_router.route(exchange, path) != Router::Outcome::Routed)
        refuse(exchange, 404, QStringLiteral("Requested entity was not found."));
}

void CloudRunServer::refuse(const ExchangePtr &exchange, int status, const QString &message)
{
    QString word;
    switch (status) {
    case 400:
        word = QStringLiteral("INVALID_ARGUMENT");
        break;
    case 401:
        word = QStringLiteral("UNAUTHENTICATED");
        break;
    case 403:
        word = QStringLiteral("PERMISSION_DENIED");
        break;
    case 404:
        word = QStringLiteral("NOT_FOUND");
        break;
    case 409:
        word = QStringLiteral("ABORTED");
        break;
    case 429:
        word = QStringLiteral("RESOURCE_EXHAUSTED");
        break;
    default:
        word = QStringLiteral("UNAVAILABLE");
    }
    exchange->replyJson(status, QJsonObject{{QStringLiteral("error"),
                                             QJsonObject{{QStringLiteral("code"), status},
                                                         {QStringLiteral("message"), message},
                                                         {QStringLiteral("status"), word}}}});
}

void CloudRunServer::refuse(const ExchangePtr &exchange, int status)
{
    switch (status) {
    case 401:
        return refuse(exchange, 401,
                      QStringLiteral("Request had invalid authentication credentials. Expected "
                                     "OAuth 2 access token."));
    case 403:
        if (exchange->request.path.endsWith(QLatin1String(":testIamPermissions")))
            return exchange->replyJson(200, QJsonObject());
        return refuse(exchange, 403,
                      QStringLiteral("Permission 'run.services.update' denied on resource "
                                     "'%1' (or resource may not exist).")
                          .arg(serviceName()));
    case 409:
        return refuse(
            exchange, 409,
            QStringLiteral("Conflict for resource '%1'.").arg(m_world.scenario().cloudService));
    case 429:
        return refuse(exchange, 429, QStringLiteral("Quota exceeded for quota metric."));
    default:
        return refuse(exchange, status, QStringLiteral("The service is currently unavailable."));
    }
}

} // namespace pilothouse::sandbox
