#pragma once

#include <QDateTime>
#include <QJsonObject>

namespace pilothouse::sandbox {

struct FieldWriter
{
    QString manager;
    QString subresource; ///< "status" or empty
};

/// `after` with metadata.managedFields brought up to date: the writer owns every field whose value
/// differs from `before`, and nobody else owns it any more. Lists are owned as a whole.
/// An invalid time means now.
[[nodiscard]] QJsonObject withManagedFields(const QJsonObject &before, QJsonObject after,
                                            const FieldWriter &writer, const QDateTime &at);

} // namespace pilothouse::sandbox
