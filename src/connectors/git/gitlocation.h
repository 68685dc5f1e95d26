#pragma once

#include <QDateTime>
#include <QString>

namespace pilothouse {

/// Where a repository is read from.
struct GitLocation
{
    QString clone;  ///< the user's clone or a folder in it; only ever read
    QString mirror; ///< a folder of our own for what we fetch ourselves; made when needed
};

/// When something was last fetched into the mirror, UTC, by this machine's clock; invalid = never.
[[nodiscard]] QDateTime mirrorFetchedAt(const QString &mirror);

} // namespace pilothouse
