#include "app/sandbox/kubernetes/apiserver.h"

#include "app/sandbox/kubernetes/discovery.h"
#include "app/sandbox/kubernetes/tables.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse::sandbox {

namespace {

QString verbOf(const QByteArray &method)
{
    if (method == "POST")
        return QStringLiteral("create");
    if (method == "PUT")
        return QStringLiteral("update");
    return QString::fromLatin1(method.toLower());
}

} // namespace

ApiServer::ApiServer(ObjectStore &store, QByteArray token, PodLogs logs, QObject *parent)
    : QObject(parent), m_store(store), m_token(std::move(token)), m_logs(std::move(logs)),
      m_watches(store)
{}

void ApiServer::answer(const ExchangePtr &exchange)
{
    const Request &request = exchange->request;
    // kubectl sends no credential over plain HTTP; whoever sends one must have the right one.
    const QByteArray credential = request.header("authorization");
    if (!credential.isEmpty() && credential != "Bearer " + m_token)
        return refuse(exchange, unauthorized());
    QString path = request.path;
    if (path.size() > 1 && path.endsWith(QLatin1Char('/')))
        path.chop(1);
    if (path == QLatin1String("/readyz") || path == QLatin1String("/livez")
        || path == QLatin1String("/healthz"))
        return exchange->reply(200, {{"Content-Type", "text/plain"}}, "ok");
    if (const auto discovery = discoveryAnswer(path); discovery && request.method == "GET")
        return exchange->replyJson(200, *discovery);
    if (request.method == "POST" && path.startsWith(QLatin1String("/apis/auth")))
        return review(exchange, path.section(QLatin1Char('/'), -1), Verdict::Allowed);
    const auto target = parse(path);
    if (!target) {
        if (path.startsWith(QLatin1String("/api")))
            return refuse(exchange, unknownResource());
        return exchange->reply(404, {{"Content-Type", "text/plain; charset=utf-8"}},
                               "404 page not found\n");
    }
    route(exchange, *target);
}

std::optional<ApiServer::Target> ApiServer::parse(const QString &path)
{
    QStringList parts = path.mid(1).split(QLatin1Char('/'));
    QString group;
    QString version;
    if (parts.size() > 2 && parts[0] == QLatin1String("api")) {
        version = parts[1];
        parts = parts.mid(2);
    } else if (parts.size() > 3 && parts[0] == QLatin1String("apis")) {
        group = parts[1];
        version = parts[2];
        parts = parts.mid(3);
    } else {
        return std::nullopt;
    }
    Target target;
    if (parts[0] == QLatin1String("namespaces") && parts.size() > 2) {
        target.nameSpace = parts[1];
        parts = parts.mid(2);
    }
    target.type = findResourceType(group, version, parts[0]);
    target.name = parts.value(1);
    target.subresource = parts.value(2);
    const bool sane
        = target.type && parts.size() <= 3
          && (target.subresource.isEmpty()
              || (target.subresource == QLatin1String("status") && target.type->statusSubresource)
              || (target.subresource == QLatin1String("log")
                  && target.type->kind == QLatin1String("Pod")));
    if (!sane)
        return std::nullopt;
    return target;
}

void ApiServer::route(const ExchangePtr &exchange, const Target &target)
{
    const QByteArray &method = exchange->request.method;
    if (target.name.isEmpty()) {
        if (method == "GET")
            return list(exchange, target);
        if (method == "POST")
            return create(exchange, target);
        return refuse(exchange, methodNotAllowed());
    }
    if (target.subresource == QLatin1String("log")) {
        const auto pod = m_store.get(*target.type, target.nameSpace, target.name);
        if (!pod)
            return refuse(exchange, pod.error());
        return m_logs(exchange, *pod);
    }
    if (method == "GET")
        return read(exchange, target);
    if (method == "PUT")
        return update(exchange, target);
    if (method == "PATCH")
        return patch(exchange, target);
    if (method == "DELETE")
        return remove(exchange, target);
    refuse(exchange, methodNotAllowed());
}

void ApiServer::read(const ExchangePtr &exchange, const Target &target)
{
    const auto object = m_store.get(*target.type, target.nameSpace, target.name);
    if (!object)
        return refuse(exchange, object.error());
    replyObject(exchange, target, 200, *object);
}

void ApiServer::replyObject(const ExchangePtr &exchange, const Target &target, int status,
                            const QJsonObject &object)
{
    const QByteArray accept = exchange->request.header("accept");
    if (asksForTable(accept))
        return exchange->replyJson(
            status, tableOf(*target.type, {object}, metadataText(object, "resourceVersion")));
    exchange->replyJson(status, asksForMetadata(accept) ? metadataOnly(object) : object);
}

void ApiServer::list(const ExchangePtr &exchange, const Target &target)
{
    const Request &request = exchange->request;
    const auto labels = Selector::parse(request.parameter("labelSelector"), Selector::Of::Labels);
    const auto fields = Selector::parse(request.parameter("fieldSelector"), Selector::Of::Fields);
    if (!labels || !fields)
        return refuse(exchange, badRequest(labels ? fields.error() : labels.error()));
    if (request.flag("watch"))
        return watch(exchange, target, *labels, *fields);

    QList<QJsonObject> found;
    for (const QJsonObject &object : m_store.list(*target.type, target.nameSpace))
        if (labels->matches(object) && fields->matches(object))
            found.append(object);
    const QString version = QString::number(m_store.version());
    QJsonObject metadata{{QStringLiteral("resourceVersion"), version}};

    // A page is continued from the place in the list; its version says whether it still holds.
    const qsizetype limit = request.parameter("limit").toInt();
    const QString token = request.parameter("continue");
    qsizetype from = 0;
    if (!token.isEmpty()) {
        const QByteArray plain = QByteArray::fromBase64(token.toLatin1());
        const qint64 asked = plain.split('/').value(0).toLongLong();
        if (asked < m_store.oldestVersion())
            return refuse(exchange, expired(asked, m_store.oldestVersion()));
        from = plain.split('/').value(1).toInt();
    }
    if (from > 0)
        found = found.mid(from);
    if (limit > 0 && found.size() > limit) {
        metadata.insert(QStringLiteral("remainingItemCount"), qint64(found.size() - limit));
        metadata.insert(
            QStringLiteral("continue"),
            QString::fromLatin1(
                (version.toLatin1() + '/' + QByteArray::number(from + limit)).toBase64()));
        found = found.mid(0, limit);
    }

    const QByteArray accept = request.header("accept");
    if (asksForTable(accept)) {
        QJsonObject table = tableOf(*target.type, found, version);
        table.insert(QStringLiteral("metadata"), metadata);
        return exchange->replyJson(200, table);
    }
    const bool slim = asksForMetadata(accept);
    QJsonArray items;
    for (const QJsonObject &object : found)
        items.append(slim ? metadataOnly(object) : object);
    exchange->replyJson(
        200, QJsonObject{{QStringLiteral("kind"), slim ? QStringLiteral("PartialObjectMetadataList")
                                                       : target.type->kind + QLatin1String("List")},
                         {QStringLiteral("apiVersion"),
                          slim ? QStringLiteral("meta.k8s.io/v1") : target.type->groupVersion()},
                         {QStringLiteral("metadata"), metadata},
                         {QStringLiteral("items"), items}});
}

void ApiServer::watch(const ExchangePtr &exchange, const Target &target, const Selector &labels,
                      const Selector &fields)
{
    const Request &request = exchange->request;
    WatchRequest wanted;
    wanted.type = target.type;
    wanted.nameSpace = target.nameSpace;
    wanted.labels = labels;
    wanted.fields = fields;
    wanted.since = request.parameter("resourceVersion").toLongLong();
    wanted.bookmarks = request.flag("allowWatchBookmarks");
    wanted.initialEvents = request.flag("sendInitialEvents");
    wanted.table = asksForTable(request.header("accept"));
    wanted.timeoutSeconds = request.parameter("timeoutSeconds").toInt();
    if (wanted.initialEvents)
        wanted.since = 0;
    m_watches.open(exchange, wanted);
}

void ApiServer::refuse(const ExchangePtr &exchange, const Refusal &refusal)
{
    HeaderList headers;
    if (refusal.code == 429)
        headers.emplaceBack("Retry-After", "1");
    exchange->replyJson(refusal.code, refusal.status, headers);
}

void ApiServer::refuse(const ExchangePtr &exchange, int status)
{
    const auto target = parse(exchange->request.path);
    switch (status) {
    case 401:
        return refuse(exchange, unauthorized());
    case 403:
        if (!target)
            return review(exchange, exchange->request.path.section(QLatin1Char('/'), -1),
                          Verdict::Denied);
        return refuse(exchange, forbidden(*target->type, target->nameSpace, target->name,
                                          verbOf(exchange->request.method)));
    case 409:
        return refuse(exchange, target ? conflict(*target->type, target->name) : unavailable());
    case 410:
        if (exchange->request.flag("watch")) {
            exchange->begin(200, {{"Content-Type", "application/json"}});
            exchange->write(
                jsonBytes(QJsonObject{
                    {QStringLiteral("type"), QStringLiteral("ERROR")},
                    {QStringLiteral("object"),
                     expired(exchange->request.parameter("resourceVersion").toLongLong(),
                             m_store.version())
                         .status}})
                + '\n');
            return exchange->end();
        }
        return refuse(exchange, expired(m_store.oldestVersion(), m_store.version()));
    case 429:
        return refuse(exchange, tooManyRequests());
    default:
        return refuse(exchange, unavailable());
    }
}

} // namespace pilothouse::sandbox
