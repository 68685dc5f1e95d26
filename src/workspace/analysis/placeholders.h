#pragma once

#include "document/fields.h"

namespace pilothouse {

/// The names that stand in for either side: "stable.revision", …
[[nodiscard]] QStringList sidePlaces();
/// The same, and the candidate's short ones: what may stand in a query.
[[nodiscard]] QStringList queryPlaces();

/// Reports a ${name} that nothing is put in for. `fields` has `key` with this text.
void checkPlaces(Fields &fields, const char *key, const QString &text, const QStringList &known);

} // namespace pilothouse
