#pragma once

#include <QUrl>

namespace pilothouse {

/// The port that a URL means, named or not.
[[nodiscard]] quint16 portOf(const QUrl &url);

/// Same scheme, host and port (a scheme's own port counts as named): where a credential may go.
[[nodiscard]] bool sameOrigin(const QUrl &a, const QUrl &b);

/// localhost, 127.0.0.0/8 or ::1: what is sent there does not leave the machine.
[[nodiscard]] bool isLoopback(const QUrl &url);

} // namespace pilothouse
