#include "app/sandbox/cloudbuild/cloudbuildserver.h"

#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

std::optional<HandedBuild> buildOf(const World &world, const QString &id)
{
    for (const HandedBuild &build : handedBuilds(world)) {
        if (build.id == id)
            return build;
    }
    return {};
}

QString googleWord(int status)
{
    switch (status) {
    case 400:
        return QStringLiteral("FAILED_PRECONDITION");
    case 401:
        return QStringLiteral("UNAUTHENTICATED");
    case 403:
        return QStringLiteral("PERMISSION_DENIED");
    case 404:
        return QStringLiteral("NOT_FOUND");
    case 429:
        return QStringLiteral("RESOURCE_EXHAUSTED");
    default:
        return QStringLiteral("UNAVAILABLE");
    }
}

/// "bytes=5-9" or "bytes=5-": the first and the last byte asked for.
std::optional<std::pair<qint64, qint64>> rangeIn(const QByteArray &header)
{
    if (!header.startsWith("bytes="))
        return {};
    const QByteArrayList ends = header.mid(6).split('-');
    bool ok = false;
    const qint64 first = ends.value(0).toLongLong(&ok);
    if (!ok || ends.size() != 2)
        return {};
    const qint64 last
        = ends[1].isEmpty() ? std::numeric_limits<qint64>::max() : ends[1].toLongLong();
    return std::pair{first, last};
}

} // namespace

CloudBuildServer::CloudBuildServer(World &world, QObject *parent) : QObject(parent), m_world(world)
{
    const QString project = QLatin1String("/v1/projects/") + world.scenario().cloudProject;
    const QString builds = project + QLatin1String("/locations/{region}/builds");
    m_router.add("GET", builds, [this](const ExchangePtr &exchange, const QStringList &parts) {
        list(exchange, parts[0]);
    });
    m_router.add("GET", builds + QLatin1String("/{build}"),
                 [this](const ExchangePtr &exchange, const QStringList &parts) {
                     const auto build = buildOf(m_world, parts[1]);
                     if (!build)
                         return refuse(exchange, 404);
                     exchange->replyJson(200, buildView(m_world, *build, parts[0]));
                 });
    m_router.add("POST", builds + QLatin1String("/{build}"),
                 [this](const ExchangePtr &exchange, const QStringList &parts) {
                     act(exchange, parts[0], parts[1]);
                 });
}

void CloudBuildServer::answer(const ExchangePtr &exchange, const QString &path)
{
    if (m_router.route(exchange, path) != Router::Outcome::Routed)
        refuse(exchange, 404);
}

void CloudBuildServer::refuseWith(const ExchangePtr &exchange, int status, const QString &message)
{
    exchange->replyJson(status,
                        QJsonObject{{QStringLiteral("error"),
                                     QJsonObject{{QStringLiteral("code"), status},
                                                 {QStringLiteral("message"), message},
                                                 {QStringLiteral("status"), googleWord(status)}}}});
}

void CloudBuildServer::refuse(const ExchangePtr &exchange, int status)
{
    refuseWith(exchange, status,
               status == 404 ? QStringLiteral("Requested entity was not found.")
                             : QStringLiteral("The request cannot be served now."));
}

void CloudBuildServer::list(const ExchangePtr &exchange, const QString &region)
{
    const QList<HandedBuild> all = handedBuilds(m_world);
    const int wanted = exchange->request.parameter("pageSize").toInt();
    const int size = wanted > 0 ? std::min(wanted, 1000) : 50;
    const qsizetype from = exchange->request.parameter("pageToken").toInt();
    QJsonArray views;
    for (const HandedBuild &build : all.mid(from, size))
        views.append(buildView(m_world, build, region));
    QJsonObject page{{QStringLiteral("builds"), views}};
    if (from + size < all.size())
        page.insert(QStringLiteral("nextPageToken"), QString::number(from + size));
    exchange->replyJson(200, page);
}

void CloudBuildServer::act(const ExchangePtr &exchange, const QString &region,
                           const QString &idAndVerb)
{
    const auto build = buildOf(m_world, idAndVerb.section(QLatin1Char(':'), 0, 0));
    const QString verb = idAndVerb.section(QLatin1Char(':'), 1);
    if (!build)
        return refuse(exchange, 404);
    if (verb == QLatin1String("approve"))
        return decide(exchange, *build, region);
    if (verb != QLatin1String("cancel"))
        return refuse(exchange, 404);
    const qint64 run = build->run->id;
    if (build->job->phase == RunJob::Phase::Done
        || !m_world.runs().forceCancel(run, m_world.clockSecond()))
        return refuseWith(exchange, 400, QStringLiteral("Build has already finished."));
    exchange->replyJson(200, buildView(m_world, *buildOf(m_world, build->id), region));
}

void CloudBuildServer::decide(const ExchangePtr &exchange, const HandedBuild &build,
                              const QString &region)
{
    const QJsonObject body = QJsonDocument::fromJson(exchange->request.body).object();
    const QString decision = body.value(QLatin1String("approvalResult"))
                                 .toObject()
                                 .value(QLatin1String("decision"))
                                 .toString();
    const bool approves = decision == QLatin1String("APPROVED");
    if (!approves && decision != QLatin1String("REJECTED"))
        return refuseWith(exchange, 400, QStringLiteral("approval_result.decision must be set."));
    if (build.job->phase != RunJob::Phase::Waiting)
        return refuseWith(exchange, 400, QStringLiteral("Build is not pending approval."));
    const qint64 run = build.run->id;
    const QString environment = build.job->plan.environment;
    if (!m_world.runs().review(run, environment,
                               approves ? QStringLiteral("approved") : QStringLiteral("rejected"),
                               m_world.clockSecond()))
        return refuse(exchange, 400);
    const QString name
        = QStringLiteral("operations/build/%1/%2").arg(m_world.scenario().cloudProject, build.id);
    exchange->replyJson(
        200, QJsonObject{{QStringLiteral("name"), name},
                         {QStringLiteral("metadata"),
                          QJsonObject{{QStringLiteral("build"),
                                       buildView(m_world, *buildOf(m_world, build.id), region)}}}});
}

void CloudBuildServer::answerStorage(const ExchangePtr &exchange, const QString &path)
{
    const QString prefix = QLatin1Char('/') + logsBucket(m_world) + QLatin1String("/log-");
    const QString id = path.startsWith(prefix) && path.endsWith(QLatin1String(".txt"))
                           ? path.mid(prefix.size()).chopped(4)
                           : QString();
    const auto build = buildOf(m_world, id);
    const QByteArray text = build ? buildLog(m_world, *build) : QByteArray();
    const HeaderList xml{{"Content-Type", "application/xml; charset=UTF-8"}};
    if (exchange->request.method != "GET")
        return exchange->reply(405, xml, "<?xml version='1.0'?><Error/>");
    if (text.isEmpty())
        return exchange->reply(404, xml,
                               "<?xml version='1.0' encoding='UTF-8'?><Error><Code>NoSuchKey</Code>"
                               "<Message>The specified key does not exist.</Message></Error>");
    const QByteArray size = QByteArray::number(text.size());
    const auto range = rangeIn(exchange->request.header("range"));
    if (!range)
        return exchange->reply(200, {{"Content-Type", "text/plain"}}, text);
    if (range->first >= text.size())
        return exchange->reply(416,
                               {{"Content-Type", "application/xml; charset=UTF-8"},
                                {"Content-Range", "bytes */" + size}},
                               "<?xml version='1.0' encoding='UTF-8'?><Error><Code>InvalidRange"
                               "</Code></Error>");
    const qint64 last = std::min<qint64>(range->second, text.size() - 1);
    exchange->reply(206,
                    {{"Content-Type", "text/plain"},
                     {"Content-Range", "bytes " + QByteArray::number(range->first) + '-'
                                           + QByteArray::number(last) + '/' + size}},
                    text.mid(range->first, last - range->first + 1));
}

} // namespace pilothouse::sandbox
