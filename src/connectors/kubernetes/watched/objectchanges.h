#pragma once

#include <QJsonObject>
#include <QStringList>

namespace pilothouse {

/// What differs between two states of an object, a line each, in the order of its keys:
/// "spec.rules[0].weight: 10 → 50". What every write changes by itself (resourceVersion,
/// generation, managedFields) is left out; annotations of our own are "our note of it", at the end.
[[nodiscard]] QStringList objectChanges(const QJsonObject &before, const QJsonObject &after);

} // namespace pilothouse
