#pragma once

#include "app/sandbox/parts/gitmaker.h"

#include <QList>
#include <QString>

namespace pilothouse::sandbox {

/// A commit of the rehearsal before it is made: everything but its SHA, and the folder below
/// `tree/` whose files it adds or replaces.
struct PlannedCommit
{
    QString layer;
    MadeCommit commit;
};

/// The main line, oldest first.
[[nodiscard]] QList<PlannedCommit> plannedHistory();

} // namespace pilothouse::sandbox
