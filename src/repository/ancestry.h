#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QFuture>

namespace pilothouse {

/// How two commits stand to each other, by Git ancestry alone; dates say nothing.
enum class Relation { Same, Older, Newer, Unrelated };

/// Questions about the order of commits. A missing commit (shallow clone) is NotFound and every
/// rule reads that as "cannot tell".
class Ancestry
{
public:
    virtual ~Ancestry() = default;

    /// How `a` stands to `b`: Older = `a` is an ancestor of `b`.
    [[nodiscard]] virtual QFuture<Result<Relation>> relation(const CommitId &a, const CommitId &b)
        = 0;
};

} // namespace pilothouse
