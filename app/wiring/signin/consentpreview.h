#pragma once

#include "action/preview.h"
#include "connectors/secrets/consentfile.h"

namespace pilothouse {

/// What a person is shown before a sign-in program may run for the first time.
[[nodiscard]] Preview consentPreview(const ProgramUse &use, const Consent &known,
                                     const EnvironmentMark &environment);

/// What speaks against a Google sign-in program that takes the application-default credentials:
/// they are a key. Empty for all others.
[[nodiscard]] QString keyWarning(const ProgramUse &use);

} // namespace pilothouse
