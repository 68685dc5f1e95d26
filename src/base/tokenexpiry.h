#pragma once

#include "base/secret.h"

#include <QDateTime>

namespace pilothouse {

/// A credential that was told how long what it keeps is good for.
class ExpiringCredential
{
public:
    virtual ~ExpiringCredential() = default;

    /// UTC; invalid = nothing is kept, or it was not told.
    [[nodiscard]] virtual QDateTime expiresAt() const = 0;
};

/// Until when a JSON web token says that it is good, UTC; invalid for every other kind of token,
/// and for one that does not say. Nothing is verified.
[[nodiscard]] QDateTime expiryOf(const Secret &token);

} // namespace pilothouse
