#pragma once

#include "base/id.h"

#include <QDateTime>

namespace pilothouse {

/// A way back that was retired, as the traffic object remembers it.
struct Retirement
{
    QString what;    ///< what it is known by: a commit, an image digest, "web#41", a revision
    CommitId commit; ///< empty = it is not known
    QString by;
    QDateTime at; ///< UTC
    IntentId intent;

    bool operator==(const Retirement &) const = default;
};

} // namespace pilothouse
