#include "app/sandbox/kubernetes/status.h"

#include <QJsonArray>

namespace pilothouse::sandbox {

namespace {

Refusal refusal(int code, const char *reason, const QString &message,
                const QJsonObject &details = {})
{
    QJsonObject status{{QStringLiteral("kind"), QStringLiteral("Status")},
                       {QStringLiteral("apiVersion"), QStringLiteral("v1")},
                       {QStringLiteral("metadata"), QJsonObject()},
                       {QStringLiteral("status"), QStringLiteral("Failure")},
                       {QStringLiteral("message"), message},
                       {QStringLiteral("reason"), QString::fromLatin1(reason)},
                       {QStringLiteral("code"), code}};
    if (!details.isEmpty())
        status.insert(QStringLiteral("details"), details);
    return {code, status};
}

QJsonObject detailsOf(const ResourceType &type, const QString &name)
{
    QJsonObject details{{QStringLiteral("name"), name}, {QStringLiteral("kind"), type.plural}};
    if (!type.group.isEmpty())
        details.insert(QStringLiteral("group"), type.group);
    return details;
}

Refusal unsupported(const char *accepted)
{
    return refusal(415, "UnsupportedMediaType",
                   QStringLiteral("the body of the request was in an unknown format - accepted "
                                  "media types include: ")
                       + QLatin1String(accepted));
}

} // namespace

Refusal notFound(const ResourceType &type, const QString &name)
{
    return refusal(404, "NotFound",
                   QStringLiteral("%1 \"%2\" not found").arg(type.qualified(), name),
                   detailsOf(type, name));
}

Refusal unknownResource()
{
    return refusal(404, "NotFound",
                   QStringLiteral("the server could not find the requested resource"));
}

Refusal conflict(const ResourceType &type, const QString &name)
{
    return refusal(409, "Conflict",
                   QStringLiteral("Operation cannot be fulfilled on %1 \"%2\": the object has been "
                                  "modified; please apply your changes to the latest version and "
                                  "try again")
                       .arg(type.qualified(), name),
                   detailsOf(type, name));
}

Refusal alreadyExists(const ResourceType &type, const QString &name)
{
    return refusal(409, "AlreadyExists",
                   QStringLiteral("%1 \"%2\" already exists").arg(type.qualified(), name),
                   detailsOf(type, name));
}

Refusal expired(qint64 asked, qint64 oldest)
{
    return refusal(410, "Expired",
                   QStringLiteral("too old resource version: %1 (%2)").arg(asked).arg(oldest));
}

Refusal unsupportedPatch()
{
    return unsupported("application/json-patch+json, application/merge-patch+json");
}

Refusal unsupportedBody()
{
    return unsupported("application/json");
}

Refusal patchFailed()
{
    return refusal(
        422, "Invalid",
        QStringLiteral("the server rejected our request due to an error in our request"));
}

Refusal badRequest(const QString &message)
{
    return refusal(400, "BadRequest", message);
}

Refusal unauthorized()
{
    return refusal(401, "Unauthorized", QStringLiteral("Unauthorized"));
}

Refusal forbidden(const ResourceType &type, const QString &nameSpace, const QString &name,
                  const QString &verb)
{
    const QString what = name.isEmpty() ? type.qualified()
                                        : QStringLiteral("%1 \"%2\"").arg(type.qualified(), name);
    return refusal(403, "Forbidden",
                   QStringLiteral("%1 is forbidden: User \"release-manager\" cannot %2 resource "
                                  "\"%3\" in API group \"%4\" in the namespace \"%5\"")
                       .arg(what, verb, type.plural, type.group, nameSpace),
                   detailsOf(type, name));
}

Refusal methodNotAllowed()
{
    return refusal(405, "MethodNotAllowed",
                   QStringLiteral("the server does not allow this method on the requested "
                                  "resource"));
}

Refusal tooManyRequests()
{
    return refusal(429, "TooManyRequests",
                   QStringLiteral("the server has received too many requests and has asked us to "
                                  "try again later"),
                   {{QStringLiteral("retryAfterSeconds"), 1}});
}

Refusal unavailable()
{
    return refusal(503, "ServiceUnavailable",
                   QStringLiteral("the server is currently unable to handle the request"));
}

Refusal invalidField(const ResourceType &type, const QString &name, const QString &field,
                     const QString &detail)
{
    QJsonObject details{{QStringLiteral("name"), name}, {QStringLiteral("kind"), type.kind}};
    if (!type.group.isEmpty())
        details.insert(QStringLiteral("group"), type.group);
    details.insert(
        QStringLiteral("causes"),
        QJsonArray{QJsonObject{{QStringLiteral("reason"), QStringLiteral("FieldValueInvalid")},
                               {QStringLiteral("message"), detail},
                               {QStringLiteral("field"), field}}});
    const QString kind
        = type.group.isEmpty() ? type.kind : type.kind + QLatin1Char('.') + type.group;
    return refusal(422, "Invalid",
                   QStringLiteral("%1 \"%2\" is invalid: %3: %4").arg(kind, name, field, detail),
                   details);
}

} // namespace pilothouse::sandbox
