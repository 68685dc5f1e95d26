#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QDateTime>
#include <QFuture>
#include <QList>

namespace pilothouse {

/// A deed that a system remembers, whoever did it and from wherever.
struct SeenDeed
{
    QDateTime at; ///< UTC, the system's clock
    QString who;  ///< as the system tells it: "b-novak", "helm"; empty = it does not
    QString what; ///< "9f3c2a1 deployed to production"
    QString key;  ///< the same for the same deed, whoever tells it; empty = told once
    QString mark; ///< how a traffic object notes it, see Deed::what: "helm 45"; empty = none does
    TrackName track; ///< whose traffic object that is; empty = of no track
    CommitId commit; ///< empty = not told
    RunId run;       ///< that did it; 0 = not told

    bool operator==(const SeenDeed &) const = default;
};

/// A system that can be asked who did what lately. GUI thread.
class SeenSource
{
public:
    virtual ~SeenSource() = default;

    [[nodiscard]] virtual QString systemName() const = 0; ///< "GitHub"
    /// What it tells of, for the sentence that it does not answer: "GitHub deployments".
    [[nodiscard]] virtual QString subject() const = 0;
    /// The newest that it remembers, some dozens at most, in no order.
    [[nodiscard]] virtual QFuture<Result<QList<SeenDeed>>> newest() = 0;
};

} // namespace pilothouse
