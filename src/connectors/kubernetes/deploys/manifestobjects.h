#pragma once

#include "document/yamlnode.h"

namespace pilothouse {

/// The objects of a manifest of several YAML documents, in its order; what has no kind is left out.
/// A manifest holds secrets: what is made of it is not for a log or a cache.
[[nodiscard]] QList<YamlNode> manifestObjects(const QString &manifest);

} // namespace pilothouse
