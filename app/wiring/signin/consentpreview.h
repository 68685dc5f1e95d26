#pragma once

#include "action/preview.h"
#include "connectors/secrets/consentfile.h"

namespace pilothouse {

/// What a person is shown before a sign-in program may run for the first time.
[[nodiscard]] Preview consentPreview(const ProgramUse &use, const Consent &known,
                                     const EnvironmentMark &environment);

} // namespace pilothouse
