#pragma once

#include <QString>

#include <chrono>

namespace pilothouse {

/// Where a database is. Nothing secret: libpq takes the password from pgpass or its service file.
struct PostgresSettings
{
    QString service; ///< a libpq service; else the four below
    QString host;
    int port = 0; ///< 0 = libpq's default
    QString dbname;
    QString user; ///< empty = libpq's default, or the service's
    /// Numeric: reached there, though it is known (and certified) as `host`. Empty = as it is
    /// known.
    QString address = {};
    /// A server that says nothing for so long is given up: longer than what it is given itself for
    /// a statement. One that may need more is waited for while the server is at it.
    std::chrono::milliseconds patience{15'000};

    /// "context-production", or "host:port/dbname".
    [[nodiscard]] QString place() const
    {
        if (!service.isEmpty())
            return service;
        const QString where = port == 0 ? host : QStringLiteral("%1:%2").arg(host).arg(port);
        return where + QLatin1Char('/') + dbname;
    }
};

} // namespace pilothouse
