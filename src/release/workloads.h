#pragma once

#include "base/id.h"
#include "base/reading.h"
#include "base/result.h"

#include <QFuture>
#include <QList>

namespace pilothouse {

/// A place that runs our code without routed traffic (`also_live`): it counts for CONTRACT and is
/// named under "Not moved".
struct Workload
{
    QString name;    ///< the workspace's: "celery worker"
    CommitId commit; ///< empty = unknown commit
    int ready = 0;   ///< pods
    int wanted = 0;
    bool mixed = false; ///< pods of two images at once: `commit` is the older template's guess
    QDateTime since;    ///< UTC, when the present template was written; invalid = not told
    QString by;         ///< who wrote it, as the system tells
    std::optional<Error> error; ///< this one could not be read; the rest of the list holds

    bool operator==(const Workload &) const = default;
};

/// Where `also_live` is read. All of one workspace in one answer, in the workspace's order. GUI
/// thread.
class Workloads
{
public:
    virtual ~Workloads() = default;

    [[nodiscard]] virtual QFuture<Result<Reading<QList<Workload>>>> read() = 0;
};

} // namespace pilothouse
