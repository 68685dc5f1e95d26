#pragma once

#include "app/sandbox/parts/servers/pgsession.h"
#include "app/sandbox/parts/servers/serverplace.h"
#include "base/result.h"

#include <QByteArrayList>
#include <QTest>

#include <chrono>
#include <optional>

namespace pilothouse::sandbox {

/// Waits for `ready` or `failed` of a server; the failure, or nothing.
template <typename Server>
[[nodiscard]] std::optional<Error> started(Server &server)
{
    std::optional<Error> failure;
    bool ready = false;
    QObject::connect(&server, &Server::ready, &server, [&] { ready = true; });
    QObject::connect(&server, &Server::failed, &server,
                     [&](const Error &error) { failure = error; });
    server.start();
    if (!QTest::qWaitFor([&] { return ready || failure; }, 60'000))
        failure = Error{ErrorKind::TimedOut, QStringLiteral("neither ready nor failed"), {}, {}};
    server.disconnect();
    return failure;
}

/// Asks one statement over a session of its own.
[[nodiscard]] Result<PgSession::Rows> asked(const PgSession::Place &place, const QByteArray &sql);

/// The only value of a one-row answer, or the error's text.
[[nodiscard]] QByteArray value(const PgSession::Place &place, const QByteArray &sql);

} // namespace pilothouse::sandbox

/// Ends the test function where the server's programs are missing: a failure in CI, a skip
/// elsewhere.
#define REQUIRE_PROGRAMS(folder)                                                                   \
    do {                                                                                           \
        const auto found = (folder);                                                               \
        if (!found && qEnvironmentVariableIsSet("CI"))                                             \
            QFAIL(qPrintable(found.error().message));                                              \
        if (!found)                                                                                \
            QSKIP(qPrintable(found.error().message));                                              \
    } while (false)
