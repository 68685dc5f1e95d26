#pragma once

#include "connectors/http/client.h"

namespace pilothouse {

/// The Error of a status of 400 and more, as HttpClient promises it. `now` is this machine's wall
/// clock: retryAt is told by it, whatever the server's clock says.
[[nodiscard]] Error statusError(const QString &systemName, int status, const HttpHeaders &headers,
                                const QByteArray &body, const QDateTime &now);

/// The status in the detail of such an Error ("HTTP 404 …"); 0 if it was no answer of a server.
[[nodiscard]] int statusOf(const Error &error);
/// The body kept in the detail, at most its first 2,000 characters.
[[nodiscard]] QByteArray bodyOf(const Error &error);

/// "Tue, 24 Nov 2026 13:30:00 GMT" to UTC; invalid for anything else.
[[nodiscard]] QDateTime httpDate(const QByteArray &text);

} // namespace pilothouse
