#pragma once

#include <QString>

namespace pilothouse {

/// An action of another repository in its oldest version that runners still carry out.
struct ActionVersion
{
    QString action; ///< "actions/cache", without the folder that may stand behind it
    int major = 0;  ///< 0 = this program does not know the action
};

/// Looks up "actions/cache/restore" and the like; case does not count.
[[nodiscard]] ActionVersion oldestLiving(const QString &action);

} // namespace pilothouse
