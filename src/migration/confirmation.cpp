#include "migration/confirmation.h"

#include "base/words.h"
#include "migration/recipe/numberwords.h"
#include "migration/recipe/stepsql.h"

#include <QCryptographicHash>

namespace pilothouse {

namespace {

using RowKind = PreviewRow::Kind;

const QString &dot()
{
    static const QString text = QStringLiteral(" · ");
    return text;
}

QString range(const QList<ChangeStep> &steps)
{
    const QString first = stepWord(steps.first().id);
    return steps.size() == 1 ? first : Words::tr("%1 to %2").arg(first, stepWord(steps.last().id));
}

QString column(const Change &change)
{
    return change.table.name + QLatin1Char('.') + change.column;
}

/// "C1 C3 C4 ACCESS EXCLUSIVE on public.conversations" for each mode and table, strongest first.
QString lockWords(const QList<ChangeStep> &steps, bool undo)
{
    QList<std::pair<TableLock, QStringList>> found;
    for (const ChangeStep &step : steps) {
        for (const StatementGroup &group : undo ? step.undo.groups : step.groups) {
            for (const TableLock &lock : group.locks) {
                auto it = std::find_if(found.begin(), found.end(),
                                       [&](const auto &entry) { return entry.first == lock; });
                if (it == found.end())
                    it = found.insert(found.end(), {lock, {}});
                if (!it->second.contains(stepWord(step.id)))
                    it->second << stepWord(step.id);
            }
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto &a, const auto &b) { return a.first.mode > b.first.mode; });
    QStringList parts;
    for (const auto &[lock, words] : found) {
        parts << Words::tr("%1 %2 on %3")
                     .arg(words.join(QLatin1Char(' ')), lockModeWords(lock.mode),
                          lock.table.text());
    }
    return parts.join(dot());
}

QString blockerWords(const ConfirmationInput &input)
{
    if (!input.inTheWayKnown)
        return Words::tr("in the way: not known yet");
    if (input.inTheWay.isEmpty())
        return Words::tr("in the way: nobody");
    QStringList parts;
    for (const Blocker &blocker : input.inTheWay) {
        QString part
            = Words::tr("%1 (pid %2, %3)")
                  .arg(blocker.app.isEmpty() ? blocker.user : blocker.app)
                  .arg(blocker.pid)
                  .arg(blocker.state.isEmpty() ? Words::tr("hidden from us") : blocker.state);
        if (blocker.since.isValid() && input.facts.at.isValid()) {
            const std::chrono::milliseconds age(
                std::max<qint64>(0, blocker.since.msecsTo(input.facts.at)));
            part += Words::tr(" for %1").arg(spanWords(age));
        }
        if (blocker.wraparoundVacuum)
            part += Words::tr(", a wraparound vacuum that does not give way");
        parts << part;
    }
    return Words::tr("in the way: %1").arg(parts.join(QStringLiteral(", ")));
}

QString codeWords(const QList<RevisionReadiness> &readiness)
{
    if (readiness.isEmpty())
        return Words::tr("not known which code runs");
    QStringList parts;
    for (const RevisionReadiness &revision : readiness) {
        const QString mark = revision.state == RevisionReadiness::State::Ready ? Words::tr("ready")
                             : revision.state == RevisionReadiness::State::NotReady
                                 ? Words::tr("NOT READY")
                                 : Words::tr("cannot tell");
        const QString commit = revision.commit.value.isEmpty() ? Words::tr("unknown commit")
                                                               : shortSha(revision.commit);
        parts << revision.where + QLatin1Char(' ') + commit + QLatin1Char(' ') + mark;
    }
    return parts.join(dot());
}

QString failureWords(const ConfirmationInput &input, const QList<ChangeStep> &steps)
{
    QStringList parts;
    bool waits = false;
    for (const ChangeStep &step : steps) {
        switch (step.id) {
        case StepId::M2:
            parts << Words::tr("killed at any moment: it goes on at its cursor");
            break;
        case StepId::M3:
            parts << Words::tr("a row has no source value: it says how many, nothing is lost");
            break;
        case StepId::M4:
            parts << Words::tr("the build is cut: an INVALID index stays, running M4 again drops "
                               "it first");
            break;
        case StepId::C2:
            parts << Words::tr("C2 finds a NULL: %1 stays, one press drops it")
                         .arg(stepsql::guardName(input.change));
            break;
        case StepId::M5:
        case StepId::E3:
            break;
        default:
            waits = true;
            break;
        }
    }
    if (waits) {
        parts.prepend(Words::tr("%1 waits at most 1 s, up to %2 tries, then stops: nothing changed")
                          .arg(stepWord(steps.first().id))
                          .arg(input.tries));
    }
    return parts.join(dot());
}

QString batchWords(const BackfillLimits &limits)
{
    QString text = Words::tr("%1–%2 rows each, aimed at %3 ms, a rest of half that after each")
                       .arg(countWords(limits.smallest), countWords(limits.largest))
                       .arg(limits.target.count());
    if (limits.rowsPerSecond > 0)
        text += Words::tr(", at most %1 rows/s").arg(countWords(limits.rowsPerSecond));
    return text + Words::tr("; can be paused and closed at any time");
}

QString breaksWords(const QList<ChangeStep> &steps)
{
    const ChangeStep *worst = &steps.first();
    for (const ChangeStep &step : steps) {
        if (step.breaks > worst->breaks)
            worst = &step;
    }
    return worst->breaksWords;
}

QString wayBackWords(const QList<ChangeStep> &steps)
{
    QStringList parts;
    bool loses = false;
    for (const ChangeStep &step : steps) {
        if (step.undo.groups.isEmpty())
            continue;
        parts << step.undo.words;
        loses = loses || step.undo.losesData;
    }
    parts.removeDuplicates();
    if (parts.isEmpty())
        return steps.last().undo.words;
    if (!loses)
        parts << Words::tr("no point of no return here");
    return parts.join(dot());
}

void addReasons(Preview &preview, const Permission &may)
{
    for (const Reason &reason : may.reasons) {
        switch (reason.kind) {
        case Reason::Kind::For:
            preview.rows.append({RowKind::For, Words::tr("For"), reason.text});
            break;
        case Reason::Kind::Against:
            preview.rows.append({RowKind::Against, Words::tr("Against"), reason.text});
            preview.reasonRequired = true;
            break;
        case Reason::Kind::Unknown:
            preview.rows.append({RowKind::Unknown, Words::tr("Unknown"), reason.text});
            break;
        case Reason::Kind::Blocks:
            preview.rows.append({RowKind::Against, Words::tr("Refused"),
                                 reason.settle.isEmpty()
                                     ? reason.text
                                     : reason.text + QStringLiteral(": ") + reason.settle});
            break;
        }
    }
}

/// What may not change between reading and pressing. Counts and ages move by themselves.
QString fingerprint(const ConfirmationInput &input, const Preview &preview)
{
    QStringList parts{preview.title,
                      input.change.name.value,
                      stepsql::planHash(input.change),
                      driftOf(input.change, input.facts).join(QLatin1Char('|')),
                      QString::number(input.may.count(Reason::Kind::Blocks)),
                      QString::number(input.may.count(Reason::Kind::Against))};
    for (const ChangeStep &step : input.steps) {
        // E3 follows the readiness below; a backfill under way moves its proof, not its state.
        parts << stepWord(step.id) + QString::number(static_cast<int>(step.state));
    }
    for (const PlannedCall &call : preview.calls) {
        // The sample batch shows the cursor of the moment.
        const bool batch = call.exact.contains(QLatin1String("AS MATERIALIZED"));
        parts << (batch ? QStringLiteral("batch") : call.exact);
    }
    for (const RevisionReadiness &revision : input.readiness)
        parts << revision.where << revision.commit.value
              << QString::number(static_cast<int>(revision.state));
    return QString::fromLatin1(QCryptographicHash::hash(parts.join(QChar(QChar::LineFeed)).toUtf8(),
                                                        QCryptographicHash::Sha256)
                                   .toHex());
}

QList<ChangeStep> chosen(const ConfirmationInput &input, const QList<StepId> &ids)
{
    QList<ChangeStep> steps;
    for (const StepId id : ids) {
        if (const ChangeStep *step = findStep(input.steps, id))
            steps << *step;
    }
    return steps;
}

void addDuration(QList<PlannedCall> &calls, const QList<ChangeStep> &steps)
{
    for (PlannedCall &call : calls) {
        for (const ChangeStep &step : steps) {
            if (call.summary.startsWith(stepWord(step.id) + QLatin1Char(' ')))
                call.summary += QStringLiteral("   ") + step.duration;
        }
    }
}

Preview frame(const ConfirmationInput &input)
{
    Preview preview;
    preview.environment = input.environment;
    preview.scope = input.place;
    preview.target = input.change.name.value;
    return preview;
}

QString sizeWords(const TableFacts &table)
{
    return Words::tr("%1 rows (estimate), %2 heap, %3 with indexes")
        .arg(estimateWords(table.rowEstimate), bytesWords(table.heapBytes),
             bytesWords(table.totalBytes));
}

bool typing(const EnvironmentMark &environment)
{
    return environment.kind != EnvironmentMark::Kind::Other;
}

} // namespace

Preview confirmSteps(const ConfirmationInput &input, const QList<StepId> &ids)
{
    Preview preview = frame(input);
    const QList<ChangeStep> steps = chosen(input, ids);
    if (steps.isEmpty())
        return preview;
    const ChangePhase phase = phaseOfStep(steps.first().id);
    const QString phaseWord = phase == ChangePhase::Expand    ? Words::tr("EXPAND")
                              : phase == ChangePhase::Migrate ? Words::tr("MIGRATE")
                                                              : Words::tr("CONTRACT");
    preview.title = Words::tr("%1 %2, %3").arg(phaseWord, column(input.change), range(steps));
    preview.verb = Words::tr("Run %1").arg(range(steps));
    preview.calls = callsOf(steps);
    addDuration(preview.calls, steps);

    auto &rows = preview.rows;
    rows.append({RowKind::Plain, Words::tr("Locks"), lockWords(steps, false)});
    rows.append({RowKind::Plain, Words::tr("Blocks"),
                 steps.first().blocks + QStringLiteral("; ") + steps.first().duration});
    if (input.facts.table)
        rows.append({RowKind::Plain, Words::tr("Size"), sizeWords(*input.facts.table)});
    if (steps.first().id == StepId::M2 || steps.first().id == StepId::M3)
        rows.append({RowKind::Plain, Words::tr("Batches"), batchWords(input.backfill)});
    rows.append({RowKind::Plain, Words::tr("Now"), blockerWords(input)});
    if (!input.facts.server.seesOthers) {
        rows.append({RowKind::Unknown, Words::tr("Unknown"),
                     Words::tr("%1 is not in pg_monitor: statements of other users are hidden")
                         .arg(input.facts.server.user)});
    }
    if (phase == ChangePhase::Contract)
        rows.append({RowKind::Plain, Words::tr("Code"), codeWords(input.readiness)});
    addReasons(preview, input.may);
    rows.append({RowKind::Plain, Words::tr("Breaks"), breaksWords(steps)});
    rows.append({RowKind::Plain, Words::tr("If it fails"), failureWords(input, steps)});
    rows.append({RowKind::Plain, Words::tr("Way back"), wayBackWords(steps)});
    rows.append({RowKind::Plain, Words::tr("As"),
                 Words::tr("%1 on %2, for %3")
                     .arg(input.facts.server.user, input.facts.server.database, input.actor)});
    if (phase == ChangePhase::Contract && typing(input.environment)) {
        preview.typed = steps.first().id == StepId::C5
                            ? Words::tr("drop trigger")
                            : Words::tr("%1 not null").arg(input.change.column);
        preview.typedPrompt = Words::tr("Type what will hold");
    }
    preview.fingerprint = fingerprint(input, preview);
    return preview;
}

Preview confirmUndo(const ConfirmationInput &input, StepId id)
{
    Preview preview = frame(input);
    const QList<ChangeStep> steps = chosen(input, {id});
    if (steps.isEmpty())
        return preview;
    ChangeStep back = steps.first();
    back.groups = back.undo.groups;
    preview.title
        = Words::tr("Undo %1 %2 of %3").arg(stepWord(id), back.title, column(input.change));
    preview.verb = Words::tr("Undo %1").arg(stepWord(id));
    preview.calls = callsOf({back});
    auto &rows = preview.rows;
    rows.append({RowKind::Plain, Words::tr("Does"), back.undo.words});
    rows.append({RowKind::Plain, Words::tr("Locks"), lockWords(steps, true)});
    rows.append({RowKind::Plain, Words::tr("Now"), blockerWords(input)});
    addReasons(preview, input.may);
    rows.append(
        {RowKind::Plain, Words::tr("Way back"), Words::tr("run %1 again").arg(stepWord(id))});
    if (back.undo.losesData && typing(input.environment)) {
        preview.typed = input.change.table.text() + QLatin1Char('.') + input.change.column;
        preview.typedPrompt = Words::tr("Type the column that is dropped");
    }
    preview.fingerprint = fingerprint(input, preview);
    return preview;
}

Preview confirmCancel(const EnvironmentMark &environment, const QString &place,
                      const Blocker &blocker)
{
    Preview preview;
    preview.environment = environment;
    preview.scope = place;
    preview.title = blocker.idle() ? Words::tr("End the session of pid %1").arg(blocker.pid)
                                   : Words::tr("Cancel the statement of pid %1").arg(blocker.pid);
    preview.verb = blocker.idle() ? Words::tr("End the session") : Words::tr("Cancel it");
    const QString sql = QStringLiteral("SELECT %1(%2)")
                            .arg(blocker.idle() ? QStringLiteral("pg_terminate_backend")
                                                : QStringLiteral("pg_cancel_backend"))
                            .arg(blocker.pid);
    preview.calls.append(
        {PlannedCall::Language::Sql, sql, sql + QLatin1Char(';'), sql + QLatin1Char(';'), {}});
    auto &rows = preview.rows;
    rows.append({RowKind::Plain, Words::tr("Who"), blocker.user + QLatin1Char(' ') + blocker.app});
    rows.append({RowKind::Plain, Words::tr("State"), blocker.state});
    rows.append({RowKind::Plain, Words::tr("Query"), blocker.query});
    rows.append(
        {RowKind::Plain, Words::tr("Way back"), Words::tr("its owner runs the statement again")});
    if (blocker.idle()) {
        rows.append({RowKind::Against, Words::tr("Against"),
                     Words::tr("it is idle in a transaction: there is no statement to cancel, so "
                               "its session ends and its transaction is rolled back")});
    }
    preview.target = QString::number(blocker.pid);
    preview.fingerprint = preview.target;
    return preview;
}

} // namespace pilothouse
