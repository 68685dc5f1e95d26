#pragma once

#include "app/sandbox/http/exchange.h"
#include "base/result.h"

#include <QObject>

#include <chrono>
#include <optional>

namespace pilothouse::sandbox {

/// What goes wrong at one server.
struct Fault
{
    enum class Kind {
        Lost,        ///< every connection breaks before an answer
        ServerError, ///< 503
        Slow,        ///< answers come late by `amount` milliseconds
        Cut,         ///< the answer breaks off in its middle; a stream after `amount` pieces
        Unauthorized,
        Forbidden, ///< GitHub: everything; elsewhere writes, and what asks whether they are allowed
        Conflict,  ///< writes only
        Gone,      ///< lists and watches
        RateLimited,
        Malformed, ///< JSON that ends too early
        Skew,      ///< the Date header is off by `amount` seconds
    };
    Kind kind = Kind::ServerError;
    int amount = 0;
    int times = -1; ///< how many requests it still meets; negative = until it is cleared

    bool operator==(const Fault &) const = default;
};

/// The faults of all servers: "github", "kubernetes", "cloudrun", "prometheus", "postgres".
class FaultPlan final : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// Reads `SERVER=KIND[:AMOUNT][*TIMES]`, several parted by commas; `SERVER=none` clears.
    /// KIND is lost, 5xx, slow, cut, 401, 403, 409, 410, 429, malformed or skew. All or nothing:
    /// BadInput names the first part that cannot be read.
    [[nodiscard]] Result<> apply(const QString &spec);

    [[nodiscard]] QList<Fault> of(const QString &server) const { return m_faults.value(server); }
    [[nodiscard]] bool isLost(const QString &server) const;

    /// A handler that lets the faults of `server` meet each request before and after `inner`.
    /// `speak` words a refusal as that server does.
    using Speak = std::function<void(const ExchangePtr &exchange, int status)>;
    [[nodiscard]] Handler wrap(const QString &server, Handler inner, Speak speak);

Q_SIGNALS:
    void changed(const QString &server);

private:
    /// The first fault of that kind, with one of its times used up.
    std::optional<Fault> take(const QString &server, Fault::Kind kind);

    QHash<QString, QList<Fault>> m_faults;
};

} // namespace pilothouse::sandbox
