#pragma once

#include "crash/weather/trackpass.h"

#include <functional>

namespace pilothouse {

/// One pass, in whatever thread calls it.
using Pass = std::function<PassResult(FaultyServer::Speaks, const Disturbance &)>;

/// What a whole storm came to.
struct StormResult
{
    QStringList failures; ///< "503 at PATCH …: why"
    int calls = 0;        ///< of an undisturbed pass
    int tried = 0;        ///< passes that were disturbed
    int missed = 0;       ///< passes whose call did not come
    int pressedAgain = 0; ///< passes in which something was not done at the first press
};

/// Runs an undisturbed pass three times to learn its calls, then one for each call and fault, and
/// with TLS one for each connection, several side by side. What it counts it prints.
[[nodiscard]] StormResult storm(const QString &name, const Pass &pass);

} // namespace pilothouse
