#include "ui/release/livemodel.h"

#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

namespace pilothouse {
namespace {

QString revisionText(const std::optional<LiveRevision> &revision)
{
    if (!revision)
        return QStringLiteral("–");
    QStringList parts;
    parts << (revision->commit.value.isEmpty() ? LiveModel::tr("unknown commit")
                                               : shortSha(revision->commit));
    if (revision->weight)
        parts << LiveModel::tr("%1 %").arg(revision->weight->percent);
    if (revision->wanted > 0)
        parts << QStringLiteral("%1/%2").arg(revision->ready).arg(revision->wanted);
    if (revision->mixed)
        parts << LiveModel::tr("MIXED");
    if (!revision->note.isEmpty())
        parts << revision->note;
    return parts.join(QStringLiteral("   "));
}

} // namespace

int LiveModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant LiveModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case WhereColumn:
        return tr("Live");
    case StableColumn:
        return tr("Stable");
    case CandidateColumn:
        return tr("Candidate");
    case SinceColumn:
        return tr("Since · by");
    case WayBackColumn:
        return tr("Way back");
    case AgeColumn:
        return tr("Read");
    default:
        return {};
    }
}

QVariant LiveModel::cell(const LiveRow &row, int column, int role) const
{
    // What could not be read now, or not in time, is grey: it must not look fresh.
    if (role == Qt::ForegroundRole && (row.old || !row.error.isEmpty()))
        return Theme::instance().color(ColorRole::Faint);
    if (role == Qt::ToolTipRole)
        return row.old && row.error.isEmpty() ? tr("Nothing newer came in time.") : row.error;
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case WhereColumn:
        return row.where;
    case StableColumn:
        return row.age ? revisionText(row.stable) : tr("not read yet");
    case CandidateColumn:
        return revisionText(row.candidate);
    case SinceColumn:
        if (!row.since.isValid())
            return QStringLiteral("–");
        return row.by.isEmpty() ? whenText(row.since, QDateTime::currentDateTimeUtc())
                                : QStringLiteral("%1 · %2").arg(
                                    whenText(row.since, QDateTime::currentDateTimeUtc()), row.by);
    case WayBackColumn:
        return row.wayBackWords;
    case AgeColumn:
        if (!row.error.isEmpty())
            return row.age ? tr("lost, %1 old").arg(ageText(*row.age)) : tr("lost");
        if (row.old && row.age)
            return tr("old %1").arg(ageText(*row.age));
        return row.age ? ageText(*row.age) : QString();
    default:
        return {};
    }
}

} // namespace pilothouse
