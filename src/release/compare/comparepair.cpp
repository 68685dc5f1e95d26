#include "release/compare/comparepair.h"

#include "base/words.h"

namespace pilothouse {

namespace {

QString stableOf(const LiveRow &row)
{
    return row.kind == LiveRow::Kind::Track ? Words::tr("stable of %1").arg(row.where) : row.where;
}

CommitId stableCommit(const LiveRow &row)
{
    return row.stable ? row.stable->commit : CommitId();
}

} // namespace

std::optional<ComparePair> shownPair(const CommitId &shown, const QList<LiveRow> &live)
{
    std::optional<ComparePair> itself;
    for (const LiveRow &row : live) {
        const CommitId stable = stableCommit(row);
        if (row.kind != LiveRow::Kind::Track || stable.value.isEmpty() || shown.value.isEmpty())
            continue;
        const ComparePair pair{stable, shown, stableOf(row)};
        if (stable != shown)
            return pair;
        if (!itself)
            itself = pair;
    }
    return itself;
}

std::optional<ComparePair> livePair(const LiveRow &row, const CommitId &shown)
{
    const CommitId from = stableCommit(row);
    const CommitId to = row.candidate ? row.candidate->commit : shown;
    if (from.value.isEmpty() || to.value.isEmpty())
        return {};
    return ComparePair{from, to, stableOf(row)};
}

} // namespace pilothouse
