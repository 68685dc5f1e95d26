#pragma once

#include "app/sandbox/kubernetes/resourcetype.h"

#include <QJsonObject>
#include <QList>

namespace pilothouse::sandbox {

/// Whether an Accept header asks for the server's own table ("as=Table").
[[nodiscard]] bool asksForTable(const QByteArray &accept);
/// "as=PartialObjectMetadataList": names and labels only, as Helm's history may be read.
[[nodiscard]] bool asksForMetadata(const QByteArray &accept);

/// meta.k8s.io/v1 Table with the columns that kubectl shows for the kind.
[[nodiscard]] QJsonObject tableOf(const ResourceType &type, const QList<QJsonObject> &objects,
                                  const QString &version);
/// PartialObjectMetadata of one object.
[[nodiscard]] QJsonObject metadataOnly(const QJsonObject &object);

} // namespace pilothouse::sandbox
