#pragma once

#include <QString>

namespace pilothouse {

/// Where a repository is read from.
struct GitLocation
{
    QString clone;  ///< the user's clone or a folder in it; only ever read
    QString mirror; ///< a folder of our own for what we fetch ourselves; made when needed
};

} // namespace pilothouse
