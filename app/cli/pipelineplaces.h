#pragma once

#include "base/result.h"
#include "pipeline/doctor/surroundings.h"
#include "pipeline/workflow.h"

#include <QStringList>

namespace pilothouse {

/// One place that workflow files are read from.
struct PipelinePlace
{
    QString root;      ///< top of the work tree, or of a repository
    QString workflows; ///< the folder that holds them on disk; empty = at `commit`
    QString commit;    ///< empty = as they lie on disk
    QStringList paths; ///< ".github/workflows/ci.yml"; empty = all there are

    /// How a file of it is named to the user.
    [[nodiscard]] QString shown(const QString &path) const;

    bool operator==(const PipelinePlace &) const = default;
};

/// Which places the arguments of the command mean: a workflow file, a folder of them, the top of a
/// work tree (its .github/workflows), and with a commit a repository. Files of one folder are one
/// place, so that they can call each other.
[[nodiscard]] Result<QList<PipelinePlace>> placesOf(const QStringList &paths,
                                                    const QString &commit);

struct PlaceContent
{
    QList<Workflow> workflows; ///< with those that they call
    Surroundings surroundings; ///< as the pilothouse.yaml at the top tells them, if there is one
};

/// Waits; not for a thread with a window.
[[nodiscard]] Result<PlaceContent> readPlace(const PipelinePlace &place);

} // namespace pilothouse
