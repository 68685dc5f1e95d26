#pragma once

#include "pipeline/workflow.h"

#include <QList>
#include <QSet>
#include <QString>

namespace pilothouse {

/// One entry of `needs` that names a job of the file.
struct Need
{
    enum class Closes { Nothing, Cycle };

    QString from; ///< key of the job that comes first
    QString to;   ///< key of the job that waits
    Position at;
    Closes closes = Closes::Nothing;
};

/// All `needs` of one file. Without those that close a cycle they are an order.
struct Needs
{
    QList<Need> known; ///< in the order of the file
    QList<WorkflowReference> unknown;
    QSet<QString> hasNeeds; ///< keys of jobs that wait for another, cycles aside
    QSet<QString> isNeeded; ///< keys of jobs that another waits for, cycles aside
};

/// Which entry of a cycle closes it follows from the order of the file alone.
[[nodiscard]] Needs sortNeeds(const Workflow &workflow);

} // namespace pilothouse
