#include "app/sandbox/kubernetes/apiserver.h"

#include "app/sandbox/kubernetes/jsonpatch.h"
#include "app/sandbox/kubernetes/validation.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace pilothouse::sandbox {

namespace {

/// As the server does without fieldManager: the program's name from the user agent.
QString managerOf(const Request &request)
{
    QString named = request.parameter("fieldManager");
    if (!named.isEmpty())
        return named;
    const QByteArray agent = request.header("user-agent");
    return QString::fromLatin1(agent.left(agent.indexOf('/')));
}

ObjectStore::Writer writerOf(const Request &request, const QString &subresource)
{
    return {managerOf(request), subresource, {}};
}

ObjectStore::Keep keepOf(const Request &request)
{
    return request.parameter("dryRun") == QLatin1String("All") ? ObjectStore::Keep::DryRun
                                                               : ObjectStore::Keep::Persist;
}

FieldValidation validationOf(const Request &request)
{
    return request.parameter("fieldValidation") == QLatin1String("Strict")
               ? FieldValidation::Strict
               : FieldValidation::Ignore;
}

} // namespace

ObjectStore::Answer ApiServer::parsedBody(const Request &request, const Target &target) const
{
    const QByteArray kind = request.header("content-type").split(';').value(0).trimmed();
    if (!kind.isEmpty() && kind != "application/json")
        return tl::unexpected<Refusal>(unsupportedBody());
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(request.body, &error);
    if (!document.isObject())
        return tl::unexpected<Refusal>(badRequest(
            QStringLiteral("the object provided is unrecognized: %1").arg(error.errorString())));
    QJsonObject object = document.object();
    QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    const QString inside = metadata.value(QLatin1String("namespace")).toString();
    if (target.type->namespaced) {
        if (!inside.isEmpty() && inside != target.nameSpace)
            return tl::unexpected<Refusal>(
                badRequest(QStringLiteral("the namespace of the provided object does not match "
                                          "the namespace sent on the request")));
        metadata.insert(QStringLiteral("namespace"), target.nameSpace);
        object.insert(QStringLiteral("metadata"), metadata);
    }
    return object;
}

void ApiServer::create(const ExchangePtr &exchange, const Target &target)
{
    const Request &request = exchange->request;
    auto object = parsedBody(request, target);
    if (!object)
        return refuse(exchange, object.error());
    if (const auto wrong = validate(*target.type, *object, validationOf(request)))
        return refuse(exchange, *wrong);
    finishWrite(exchange, target, 201,
                m_store.create(*target.type, *object, writerOf(request, {}), keepOf(request)));
}

void ApiServer::update(const ExchangePtr &exchange, const Target &target)
{
    const Request &request = exchange->request;
    auto object = parsedBody(request, target);
    if (!object)
        return refuse(exchange, object.error());
    if (nameOf(*object) != target.name)
        return refuse(exchange,
                      badRequest(QStringLiteral("the name of the object (%1) does not match the "
                                                "name on the URL (%2)")
                                     .arg(nameOf(*object), target.name)));
    if (const auto wrong = validate(*target.type, *object, validationOf(request)))
        return refuse(exchange, *wrong);
    finishWrite(exchange, target, 200,
                m_store.update(*target.type, *object, writerOf(request, target.subresource),
                               keepOf(request)));
}

ObjectStore::Answer ApiServer::patched(const Request &request, const Target &target) const
{
    const QByteArray kind = request.header("content-type").split(';').value(0).trimmed();
    const bool json = kind == "application/json-patch+json";
    if (!json && kind != "application/merge-patch+json")
        return tl::unexpected<Refusal>(unsupportedPatch());
    auto before = m_store.get(*target.type, target.nameSpace, target.name);
    if (!before)
        return before;
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(request.body, &error);
    if ((json && !document.isArray()) || (!json && !document.isObject()))
        return tl::unexpected<Refusal>(
            badRequest(QStringLiteral("error decoding patch: %1").arg(error.errorString())));
    QJsonObject after;
    if (json) {
        const auto applied = applyJsonPatch(*before, document.array());
        if (!applied)
            return tl::unexpected<Refusal>(
                applied.error().kind == PatchFailure::Kind::Malformed ? badRequest(
                    QStringLiteral("error decoding patch: %1").arg(applied.error().reason))
                                                                      : patchFailed());
        after = *applied;
    } else {
        after = applyMergePatch(*before, document.object());
    }
    if (const auto wrong = validate(*target.type, after, validationOf(request)))
        return tl::unexpected<Refusal>(*wrong);
    return after;
}

void ApiServer::patch(const ExchangePtr &exchange, const Target &target)
{
    const Request &request = exchange->request;
    const auto object = patched(request, target);
    if (!object)
        return refuse(exchange, object.error());
    finishWrite(exchange, target, 200,
                m_store.update(*target.type, *object, writerOf(request, target.subresource),
                               keepOf(request)));
}

void ApiServer::remove(const ExchangePtr &exchange, const Target &target)
{
    const auto removed
        = m_store.remove(*target.type, target.nameSpace, target.name, keepOf(exchange->request));
    if (!removed)
        return refuse(exchange, removed.error());
    exchange->replyJson(
        200, QJsonObject{{QStringLiteral("kind"), QStringLiteral("Status")},
                         {QStringLiteral("apiVersion"), QStringLiteral("v1")},
                         {QStringLiteral("metadata"), QJsonObject()},
                         {QStringLiteral("status"), QStringLiteral("Success")},
                         {QStringLiteral("details"),
                          QJsonObject{{QStringLiteral("name"), target.name},
                                      {QStringLiteral("group"), target.type->group},
                                      {QStringLiteral("kind"), target.type->plural},
                                      {QStringLiteral("uid"), metadataText(*removed, "uid")}}}});
}

void ApiServer::finishWrite(const ExchangePtr &exchange, const Target &target, int status,
                            const ObjectStore::Answer &answer)
{
    if (!answer)
        return refuse(exchange, answer.error());
    replyObject(exchange, target, status, *answer);
    const QString resource = target.type->qualified();
    if (keepOf(exchange->request) == ObjectStore::Keep::DryRun)
        Q_EMIT dryRunSeen(resource, *answer);
    else
        Q_EMIT written(resource, *answer, managerOf(exchange->request));
}

void ApiServer::review(const ExchangePtr &exchange, const QString &resource, Verdict verdict)
{
    QJsonObject body = QJsonDocument::fromJson(exchange->request.body).object();
    if (resource == QLatin1String("selfsubjectaccessreviews")) {
        body.insert(QStringLiteral("kind"), QStringLiteral("SelfSubjectAccessReview"));
        body.insert(QStringLiteral("apiVersion"), QStringLiteral("authorization.k8s.io/v1"));
        QJsonObject status{{QStringLiteral("allowed"), verdict == Verdict::Allowed}};
        // RBAC gives a reason for what it allows, none for what it does not.
        if (verdict == Verdict::Allowed)
            status.insert(QStringLiteral("reason"),
                          QStringLiteral("RBAC: allowed by ClusterRoleBinding "
                                         "\"release-managers\""));
        body.insert(QStringLiteral("status"), status);
        return exchange->replyJson(201, body);
    }
    if (resource == QLatin1String("selfsubjectreviews")) {
        body.insert(QStringLiteral("kind"), QStringLiteral("SelfSubjectReview"));
        body.insert(QStringLiteral("apiVersion"), QStringLiteral("authentication.k8s.io/v1"));
        const QJsonObject user{
            {QStringLiteral("username"), QStringLiteral("release-manager")},
            {QStringLiteral("groups"), QJsonArray{QStringLiteral("release-managers"),
                                                  QStringLiteral("system:authenticated")}}};
        body.insert(QStringLiteral("status"), QJsonObject{{QStringLiteral("userInfo"), user}});
        return exchange->replyJson(201, body);
    }
    refuse(exchange, unknownResource());
}

} // namespace pilothouse::sandbox
