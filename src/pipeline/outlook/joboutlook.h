#pragma once

#include "pipeline/expression/value.h"

#include <QString>

namespace pilothouse {

/// What can be said of whether a job runs before its host says anything about it.
struct JobOutlook
{
    /// True: nothing known speaks against it. Unknown: its condition asks for what only the run
    /// can tell. False: it will be skipped, or was.
    Truth runs = Truth::True;
    QString condition; ///< the `if` that decides, or will decide, as written; empty = none
    QString caller;    ///< title of the calling job whose `if` that is; empty = its own
    /// Title of the job that decides by not having succeeded; there is no `condition` then.
    QString afterFailed;
    QString afterSkipped;

    bool operator==(const JobOutlook &) const = default;
};

} // namespace pilothouse
