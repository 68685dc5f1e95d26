#include "ui/migration/changewords.h"

#include "base/words.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QLocale>

namespace pilothouse {
namespace {

QString count(qint64 number)
{
    return QLocale(QLocale::English).toString(number);
}

QString blockerWords(const Blocker &blocker)
{
    QString words = Words::tr("%1 (pid %2), %3")
                        .arg(blocker.app.isEmpty() ? blocker.user : blocker.app)
                        .arg(blocker.pid)
                        .arg(blocker.state);
    if (blocker.since.isValid())
        words += Words::tr(", since %1")
                     .arg(blocker.since.toLocalTime().toString(QStringLiteral("HH:mm:ss")));
    return words;
}

} // namespace

QString phaseWords(const ChangeView &view)
{
    const Theme &theme = Theme::instance();
    const auto phase = [&](ChangePhase which, const QString &name, const QString &remark) {
        const bool done = view.phase > which || view.state == ChangeState::Cleaned;
        const bool current = view.phase == which && !done;
        const QColor color = done      ? theme.color(Tone::Success)
                             : current ? theme.color(Tone::Info)
                                       : theme.color(ColorRole::Muted);
        const QString mark = done      ? QStringLiteral("✓")
                             : current ? QStringLiteral("●")
                                       : QStringLiteral("○");
        const QString text = QStringLiteral("%1 %2 %3").arg(mark, name, remark).trimmed();
        return QStringLiteral("<span style=\"color:%1\">%2</span>")
            .arg(color.name(), current ? QStringLiteral("<b>%1</b>").arg(text) : text);
    };
    const QString due
        = view.state == ChangeState::Cleaned ? QString()
          : view.daysLeft < 0
              ? (view.daysLeft == -1 ? Words::tr("1 day late")
                                     : Words::tr("%1 days late").arg(-view.daysLeft))
              : (view.daysLeft == 1 ? Words::tr("due %1, in %2 day")
                                    : Words::tr("due %1, in %2 days"))
                    .arg(QLocale(QLocale::English)
                             .toString(view.change.contractDue, QStringLiteral("d MMM")))
                    .arg(view.daysLeft);
    return QStringList{phase(ChangePhase::Expand, QStringLiteral("EXPAND"), {}),
                       phase(ChangePhase::Migrate, QStringLiteral("MIGRATE"), {}),
                       phase(ChangePhase::Contract, QStringLiteral("CONTRACT"), due)}
        .join(QStringLiteral("&nbsp;&nbsp;━━━━━━&nbsp;&nbsp;"));
}

QString progressWords(const RunView &run)
{
    if (run.doing == MigrationRun::Doing::Returning)
        return Words::tr("an answer was lost; looks what came of it");
    if (run.current != StepId::M2 && run.current != StepId::M3) {
        QString words
            = run.doing == MigrationRun::Doing::Waiting ? Words::tr("waits for the next try")
              : !run.wait.blockedBy.isEmpty()
                  ? Words::tr("waits for the lock; readers queue behind it for at most 1 s")
                  : Words::tr("at work");
        if (run.maxTries > 1 && run.tries > 0)
            words += Words::tr(" · try %1 of %2").arg(run.tries).arg(run.maxTries);
        return words;
    }
    QStringList parts{
        Words::tr("%1 of %2 rows").arg(count(run.progress.done), count(run.progress.total))};
    if (const double rate = run.progress.rowsPerSecond(); rate > 0)
        parts << Words::tr("%1 rows/s").arg(count(qint64(rate)));
    if (const auto left = run.progress.remaining())
        parts << Words::tr("%1 to %2 to go").arg(durationText(left->from), durationText(left->to));
    if (run.heldByLimit)
        parts << Words::tr("held by the limit in pilothouse.yaml");
    if (run.pausing)
        parts << Words::tr("pauses at the next batch");
    return parts.join(QStringLiteral(" · "));
}

QString waitWords(const RunView &run, const QList<Blocker> &inTheWay)
{
    QStringList lines;
    const QList<Blocker> &blockers = run.wait.blockedBy.isEmpty() ? inTheWay : run.wait.blockedBy;
    for (const Blocker &blocker : blockers)
        lines << Words::tr("In the way: %1").arg(blockerWords(blocker));
    if (run.wait.queuedBehind > 0)
        lines << Words::tr("queued behind: %1, longest %2")
                     .arg(run.wait.queuedBehind)
                     .arg(ageText(run.wait.longestWait));
    if (!run.wait.phase.isEmpty())
        lines << (run.wait.fraction >= 0
                      ? Words::tr("%1, %2 %").arg(run.wait.phase).arg(int(run.wait.fraction * 100))
                      : run.wait.phase);
    return lines.join(QLatin1Char('\n'));
}

QString pausedWords(const BackfillRow &row)
{
    QString words = Words::tr("%1 of %2 rows done; nothing is lost")
                        .arg(count(row.rowsScanned), count(row.rowsTotal));
    if (!row.pausedReason.isEmpty())
        words += Words::tr(" · %1").arg(row.pausedReason);
    return words;
}

QString lastRunWords(const LastRun &run)
{
    QStringList steps;
    for (const StepId step : run.steps)
        steps << stepWord(step);
    const QString what = steps.join(QStringLiteral(", "));
    const QString when = run.at.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    switch (run.ending) {
    case MigrationRun::Ending::Done:
        return Words::tr("%1 done at %2").arg(what, when);
    case MigrationRun::Ending::Paused:
        return Words::tr("%1 paused at %2").arg(what, when);
    default:
        return Words::tr("%1 ended at %2: %3").arg(what, when, run.error.message);
    }
}

QString statementsOf(const ChangeStep &step)
{
    if (step.groups.isEmpty())
        return Words::tr("-- nothing to run here: the release itself does this step");
    QStringList statements;
    for (const StatementGroup &group : step.groups)
        statements << wrapped(group);
    return statements.join(QStringLiteral(";\n")) + QLatin1Char(';');
}

QString lockWords(const ChangeStep &step)
{
    QStringList parts;
    for (const StatementGroup &group : step.groups) {
        for (const TableLock &lock : group.locks) {
            const QString words
                = Words::tr("lock %1 on %2").arg(lockModeWords(lock.mode), lock.table.text());
            if (!parts.contains(words))
                parts << words;
        }
    }
    if (!step.blocks.isEmpty())
        parts << Words::tr("blocks %1").arg(step.blocks);
    if (!step.duration.isEmpty())
        parts << step.duration;
    if (!step.breaksWords.isEmpty())
        parts << Words::tr("breaks %1").arg(step.breaksWords);
    return parts.join(QStringLiteral(" · "));
}

} // namespace pilothouse
