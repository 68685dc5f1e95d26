#include "logs/runsearch/runsearchrows.h"

#include "base/words.h"

#include <QLocale>

namespace pilothouse {
namespace {

QString linesCounted(qint64 lines)
{
    return lines == 1 ? Words::tr("1 line")
                      : Words::tr("%1 lines").arg(QLocale(QLocale::English).toString(lines));
}

QString jobsCounted(int jobs)
{
    return jobs == 1 ? Words::tr("1 job") : Words::tr("%1 jobs").arg(jobs);
}

/// What was found, told of no more jobs than were searched.
QString foundWords(const RunSearchTotals &totals)
{
    if (totals.withHits > 0)
        return Words::tr("%1 in %2 of %3")
            .arg(linesCounted(totals.lines))
            .arg(totals.withHits)
            .arg(jobsCounted(totals.jobs));
    if (totals.searched == 0)
        return totals.pending > 0 ? Words::tr("No job is searched yet")
                                  : Words::tr("No job could be searched");
    if (totals.searched == totals.jobs)
        return totals.jobs == 1 ? Words::tr("No hit in the only job")
                                : Words::tr("No hit in all %1").arg(jobsCounted(totals.jobs));
    return Words::tr("No hit in the %1 of %2 that %3 searched")
        .arg(totals.searched)
        .arg(jobsCounted(totals.jobs), totals.searched == 1 ? Words::tr("is") : Words::tr("are"));
}

} // namespace

RunSearchTotals totalsOf(const QList<RunSearchRow> &rows)
{
    using State = RunSearchRow::State;
    RunSearchTotals totals;
    totals.jobs = int(rows.size());
    for (const RunSearchRow &row : rows) {
        totals.lines += row.hitLines;
        totals.withHits += row.hitLines > 0 ? 1 : 0;
        switch (row.state) {
        case State::NoLogYet:
            ++totals.running;
            break;
        case State::NeverRan:
            ++totals.neverRan;
            break;
        case State::Waiting:
        case State::Reading:
        case State::Searching:
            ++totals.pending;
            break;
        case State::Searched:
            ++totals.searched;
            break;
        case State::Failed:
            ++totals.failed;
            break;
        }
    }
    return totals;
}

QString totalsSentence(const RunSearchTotals &totals)
{
    QStringList parts{foundWords(totals)};
    if (totals.pending > 0)
        parts << Words::tr("%1 to go").arg(totals.pending);
    if (totals.running > 0)
        parts << Words::tr("%1 still running").arg(totals.running);
    if (totals.failed > 0)
        parts << Words::tr("%1 not read").arg(totals.failed);
    if (totals.neverRan > 0)
        parts << Words::tr("%1 skipped").arg(totals.neverRan);
    return parts.join(QStringLiteral(", "));
}

QString stateWords(const RunSearchRow &row)
{
    using State = RunSearchRow::State;
    switch (row.state) {
    case State::NoLogYet:
        return Words::tr("no log before the job ends");
    case State::NeverRan:
        return Words::tr("skipped: it has no log");
    case State::Waiting:
        return Words::tr("waiting for its turn");
    case State::Reading:
        return Words::tr("reading…");
    case State::Searching:
        return row.hitLines > 0 ? Words::tr("%1 so far").arg(linesCounted(row.hitLines))
                                : Words::tr("searching…");
    case State::Searched:
        return row.hitLines > 0 ? linesCounted(row.hitLines) : Words::tr("no hit");
    case State::Failed:
        break;
    }
    return row.error ? Words::tr("not read: %1").arg(row.error->message) : Words::tr("not read");
}

} // namespace pilothouse
