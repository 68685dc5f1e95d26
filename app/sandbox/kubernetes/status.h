#pragma once

#include "app/sandbox/kubernetes/resourcetype.h"

#include <QJsonObject>

namespace pilothouse::sandbox {

/// A refusal as the API server words it: the HTTP code stands in the Status itself.
struct Refusal
{
    int code = 500;
    QJsonObject status;
};

[[nodiscard]] Refusal notFound(const ResourceType &type, const QString &name);
/// An unknown path below /api or /apis.
[[nodiscard]] Refusal unknownResource();
[[nodiscard]] Refusal conflict(const ResourceType &type, const QString &name);
[[nodiscard]] Refusal alreadyExists(const ResourceType &type, const QString &name);
/// A watch or list from a version that is forgotten.
[[nodiscard]] Refusal expired(qint64 asked, qint64 oldest);
[[nodiscard]] Refusal unsupportedPatch();
/// A body that is no JSON: protobuf, or YAML.
[[nodiscard]] Refusal unsupportedBody();
/// A JSON patch that does not apply.
[[nodiscard]] Refusal patchFailed();
[[nodiscard]] Refusal badRequest(const QString &message);
[[nodiscard]] Refusal unauthorized();
[[nodiscard]] Refusal methodNotAllowed();
/// `verb` in the server's words: "patch", "create" …
[[nodiscard]] Refusal forbidden(const ResourceType &type, const QString &nameSpace,
                                const QString &name, const QString &verb);
[[nodiscard]] Refusal tooManyRequests();
[[nodiscard]] Refusal unavailable();
/// A field with a value it cannot have; `detail` is what comes after the colon.
[[nodiscard]] Refusal invalidField(const ResourceType &type, const QString &name,
                                   const QString &field, const QString &detail);

} // namespace pilothouse::sandbox
