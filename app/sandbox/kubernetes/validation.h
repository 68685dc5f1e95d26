#pragma once

#include "app/sandbox/kubernetes/status.h"

#include <optional>

namespace pilothouse::sandbox {

/// What to do about fields that the schema does not have.
enum class FieldValidation { Ignore, Strict };

/// What the schema of a kind refuses. Only HTTPRoute is looked at: the rehearsal writes no other
/// kind by hand. Strict also refuses fields that the schema does not have.
[[nodiscard]] std::optional<Refusal> validate(const ResourceType &type, const QJsonObject &object,
                                              FieldValidation fields);

} // namespace pilothouse::sandbox
