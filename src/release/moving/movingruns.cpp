#include "release/moving/movingruns.h"

#include "base/words.h"
#include "pipeline/act/runorder.h"
#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

namespace {

using RunSightKind = MovingRuns::Sight;

/// ".github/workflows/deploy-standalone.yml": "deploy-standalone"
QString workflowName(const QString &path)
{
    return path.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, -2);
}

MovingRun::State stateOf(const Run &run)
{
    switch (run.status) {
    case RunStatus::Waiting:
        return MovingRun::State::WaitsAtGate;
    case RunStatus::Queued:
        return MovingRun::State::Queued;
    default:
        return MovingRun::State::Running;
    }
}

QString stateText(const MovingRun &run)
{
    switch (run.state) {
    case MovingRun::State::WaitsAtGate:
        return run.gates.isEmpty()
                   ? Words::tr("waits for an approval")
                   : Words::tr("waits at %1").arg(run.gates.join(QStringLiteral(", ")));
    case MovingRun::State::Queued:
        return Words::tr("queued");
    case MovingRun::State::Running:
        break;
    }
    return Words::tr("running");
}

QString runsText(const QList<MovingRun> &runs)
{
    QStringList texts;
    for (const MovingRun &run : runs)
        texts.append(runText(run));
    return texts.join(QStringLiteral(", "));
}

PreviewRow runsRow(PreviewRow::Kind kind, const QString &text)
{
    return {kind, Words::tr("Runs"), text};
}

/// Why not all of them are seen, for a confirmation; no text = they are.
PreviewRow unseenRow(const MovingRuns &runs)
{
    const auto row = &runsRow;
    switch (runs.sight) {
    case RunSightKind::NotNamed:
        return row(PreviewRow::Kind::Unknown,
                   Words::tr("pilothouse.yaml names no workflow of this track: runs that can still "
                             "promote are not seen"));
    case RunSightKind::NotRead:
        return row(PreviewRow::Kind::Unknown,
                   Words::tr("%1 has not answered yet: runs that can still promote are not seen")
                       .arg(runs.host));
    case RunSightKind::Lost:
        return row(
            PreviewRow::Kind::Unknown,
            runs.runs.isEmpty()
                ? Words::tr("%1 is lost: runs that can still promote are not seen").arg(runs.host)
                : Words::tr("%1 is lost: runs that can still promote are not seen; seen "
                            "last: %2")
                      .arg(runs.host, runsText(runs.runs)));
    case RunSightKind::Seen:
        break;
    }
    return {};
}

/// `there` says with %1 what becomes of the runs that there are.
PreviewRow confirmationRow(const MovingRuns &runs, const QString &there)
{
    const PreviewRow unseen = unseenRow(runs);
    return !unseen.text.isEmpty()
               ? unseen
               : runsRow(PreviewRow::Kind::Plain, runs.runs.isEmpty()
                                                      ? Words::tr("no run can move this traffic")
                                                      : there.arg(runsText(runs.runs)));
}

/// What a hold cancels; `atWork` becomes those that it leaves.
QList<MovingRun> stoppedByHold(const MovingRuns &runs, QList<MovingRun> &atWork)
{
    QList<MovingRun> stopped;
    for (const MovingRun &run : runs.runs)
        (run.state == MovingRun::State::Running ? atWork : stopped).append(run);
    return stopped;
}

PreviewRow holdRow(const MovingRuns &runs)
{
    PreviewRow unseen = unseenRow(runs);
    if (!unseen.text.isEmpty())
        return unseen;
    QList<MovingRun> atWork;
    const QList<MovingRun> stopped = stoppedByHold(runs, atWork);
    QStringList texts;
    if (!stopped.isEmpty())
        texts << Words::tr("cancels %1").arg(runsText(stopped));
    if (!atWork.isEmpty())
        texts << Words::tr("not cancelled, for it is at work: %1").arg(runsText(atWork));
    if (texts.isEmpty())
        texts << Words::tr("no run can move this traffic");
    return runsRow(atWork.isEmpty() ? PreviewRow::Kind::Plain : PreviewRow::Kind::Against,
                   texts.join(QStringLiteral("; ")));
}

/// The first half of a line: its full stop would end it.
QString halfSentence(const QString &sentence)
{
    return sentence.endsWith(QLatin1Char('.')) ? sentence.chopped(1) : sentence;
}

/// `lost` says why a host that is lost shows none.
QList<StillAble> stillAble(const MovingRuns &runs, const QString &lost)
{
    QList<StillAble> able;
    for (const MovingRun &run : runs.runs) {
        const QString what = run.said.isEmpty()
                                 ? runText(run)
                                 : Words::tr("%1: %2").arg(runText(run), halfSentence(run.said));
        able.append({what, run.state == MovingRun::State::WaitsAtGate
                               ? Words::tr("cancel it on the Pipeline page, and approve nothing")
                               : Words::tr("cancel it on the Pipeline page")});
    }
    if (runs.sight == RunSightKind::Lost || runs.sight == RunSightKind::NotRead)
        able.append({Words::tr("runs of %1 are not seen: %2")
                         .arg(runs.workflow,
                              runs.sight == RunSightKind::Lost ? lost : Words::tr("no answer yet")),
                     Words::tr("cancel them at %1").arg(runs.host)});
    return able;
}

bool tookAway(const TrafficState &traffic)
{
    if (traffic.changes.isEmpty())
        return false;
    const WeightChange &last = traffic.changes.first();
    const bool ofAnother = traffic.candidate && !last.candidate.value.isEmpty()
                           && last.candidate != traffic.candidate->commit;
    return last.to.percent == 0 && last.from.percent > 0 && !ofAnother;
}

} // namespace

MovingRuns runsThatMove(const QString &workflowPath, const RunsSight &sight)
{
    MovingRuns found;
    found.host = sight.host;
    if (workflowPath.isEmpty())
        return found;
    found.workflow = workflowName(workflowPath);
    found.sight = sight.lost   ? RunSightKind::Lost
                  : sight.read ? RunSightKind::Seen
                               : RunSightKind::NotRead;
    found.why = sight.lost ? sight.lost->message : QString();
    for (const Run &run : sight.active) {
        if (run.workflowPath != workflowPath || hasEnded(run.status))
            continue;
        MovingRun moving{run.id, runWords(run), found.workflow,          run.commit, stateOf(run),
                         {},     run.createdAt, sight.said.value(run.id)};
        if (moving.state == MovingRun::State::WaitsAtGate) {
            // A build is its own gate.
            for (const PendingEnvironment &each : sight.waiting.value(run.id)) {
                if (each.name != moving.name)
                    moving.gates.append(each.name);
            }
        }
        found.runs.append(moving);
    }
    std::sort(found.runs.begin(), found.runs.end(),
              [](const MovingRun &a, const MovingRun &b) { return a.id < b.id; });
    return found;
}

bool isStoppedByHold(RunStatus status)
{
    return status == RunStatus::Waiting || status == RunStatus::Queued;
}

bool isStopped(const TrafficState &traffic)
{
    return traffic.asked.percent == 0 && (traffic.hold || tookAway(traffic));
}

QString runText(const MovingRun &run)
{
    return Words::tr("%1 (%2, %3)").arg(run.name, run.workflow, stateText(run));
}

RunsLine runsLine(const MovingRuns &runs, const std::optional<TrafficState> &traffic)
{
    RunsLine line;
    line.row = confirmationRow(runs, Words::tr("cancels %1"));
    line.beside = confirmationRow(runs, Words::tr("can still move it: %1"));
    if (!runs.runs.isEmpty())
        line.cancels = RunsLine::Cancels::Runs;
    line.holdRow = holdRow(runs);
    QList<MovingRun> atWork;
    if (!stoppedByHold(runs, atWork).isEmpty())
        line.holdCancels = RunsLine::Cancels::Runs;
    // What is only not read yet will be in a moment.
    if (runs.sight != MovingRuns::Sight::NotRead)
        line.able = stillAble(runs, Words::tr("%1 is lost").arg(runs.host));
    if (traffic && isStopped(*traffic))
        line.stillAble = stillAble(runs, halfSentence(runs.why));
    return line;
}

QList<Reason> againstApproval(const TrackName &track, const TrafficState &traffic)
{
    if (traffic.hold)
        return {{Reason::Kind::Against,
                 Words::tr("%1 is held by %2: %3")
                     .arg(track.value, traffic.hold->by, traffic.hold->why),
                 Words::tr("lift the hold first")}};
    if (isStopped(traffic))
        return {
            {Reason::Kind::Against,
             Words::tr("%1 was rolled back by %2").arg(track.value, traffic.changes.first().actor),
             {}}};
    return {};
}

} // namespace pilothouse
