#pragma once

#include "action/preview.h"
#include "pipeline/act/runpermissions.h"

namespace pilothouse {

/// What a confirmation of an order shows, tokens in inputs masked. `call` is what the port would
/// send, of the masked order. Its fingerprint
/// changes when what the order is about changed: another attempt, other environments, other inputs.
[[nodiscard]] Preview previewOf(const RunOrder &order, const RunActFacts &facts,
                                const EnvironmentMark &environment, const PlannedCall &call);

/// The reasons of that order.
[[nodiscard]] Permission mayCarryOut(const RunOrder &order, const RunActFacts &facts);

} // namespace pilothouse
