#include "ui/release/livethings.h"

#include "release/things/namedthings.h"
#include "ui/release/livemodel.h"

#include <algorithm>

namespace pilothouse {
namespace {

QString subjectOf(const CommitId &commit, const QList<ReleaseItem> &releases)
{
    const auto found = std::find_if(releases.cbegin(), releases.cend(),
                                    [&](const ReleaseItem &item) { return item.commit == commit; });
    return found == releases.cend() ? QString() : found->subject;
}

Thing placeThing(const LiveRow &row)
{
    return row.kind == LiveRow::Kind::Track ? trackThing(TrackName(row.where))
                                            : workloadThing(row.where);
}

} // namespace

QList<Thing> liveThings(const LiveRow &row, int column, const QList<ReleaseItem> &releases)
{
    const auto &side = column == LiveModel::StableColumn      ? row.stable
                       : column == LiveModel::CandidateColumn ? row.candidate
                                                              : std::nullopt;
    const Thing place = placeThing(row);
    if (!side || side->commit.value.isEmpty())
        return {place};
    Thing commit = commitThing(side->commit, subjectOf(side->commit, releases));
    const QString role
        = column == LiveModel::StableColumn ? LiveModel::tr("stable") : LiveModel::tr("candidate");
    commit.tells
        = side->weight
              ? LiveModel::tr("%1 of %2 at %3 %").arg(role, row.where).arg(side->weight->percent)
              : LiveModel::tr("live in %1").arg(row.where);
    return {commit, place};
}

Thing releaseThing(const CommitId &shown, const QList<ReleaseItem> &releases,
                   const QList<NextRow> &next)
{
    Thing thing = commitThing(shown, subjectOf(shown, releases));
    QStringList tells;
    for (const NextRow &row : next)
        tells << QStringLiteral("%1: %2").arg(row.where, row.sentence);
    thing.tells = tells.join(QStringLiteral(" · "));
    return thing;
}

} // namespace pilothouse
