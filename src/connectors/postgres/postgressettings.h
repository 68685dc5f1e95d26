#pragma once

#include <QString>

namespace pilothouse {

/// Where a database is. Nothing secret: libpq takes the password from pgpass or its service file.
struct PostgresSettings
{
    QString service; ///< a libpq service; else the four below
    QString host;
    int port = 0; ///< 0 = libpq's default
    QString dbname;
    QString user; ///< empty = libpq's default, or the service's

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
