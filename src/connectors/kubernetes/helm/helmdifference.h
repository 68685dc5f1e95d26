#pragma once

#include <QStringList>

namespace pilothouse {

/// What differs between two rendered manifests, an object's changes after another's, as short
/// lines: "HTTPRoute/web spec.rules[0].backendRefs[1].weight: 10 → 50", "+ Service/web-canary".
/// Never a Secret; known forms of tokens are masked, long values cut, and of very many lines the
/// first forty are given.
[[nodiscard]] QStringList manifestChanges(const QString &before, const QString &after);

} // namespace pilothouse
