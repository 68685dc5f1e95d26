#include "release/releaserows.h"

#include "base/words.h"
#include "release/commitfacts.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

LiveRevision live(const RevisionState &revision, std::optional<Weight> weight)
{
    return {revision.commit,         weight,         revision.readyReplicas,
            revision.wantedReplicas, revision.mixed, {}};
}

QString due(const ChangeView &view)
{
    if (!view.change.contractDue.isValid() || view.state == ChangeState::Contracted)
        return {};
    const QString day = view.change.contractDue.toString(QStringLiteral("d MMM"));
    return view.daysLeft < 0
               ? Words::tr("CONTRACT was due %1, %2 days late").arg(day).arg(-view.daysLeft)
               : Words::tr("CONTRACT due %1, in %2 days").arg(day).arg(view.daysLeft);
}

} // namespace

NextRow nextRow(const RolloutController &track)
{
    const NextAction action = track.nextAction();
    NextRow row;
    row.kind = NextRow::Kind::Track;
    row.where = track.track().value;
    row.track = track.track();
    row.sentence = action.sentence;
    row.action = action.kind;
    row.verb = action.verb;
    row.asks = action.bakes ? QString() : action.verb;
    row.frozen = action.frozen;
    if (track.mayRollBack().allowed())
        row.otherwise = action.otherwise;
    switch (action.kind) {
    case NextAction::Kind::RollBack:
        row.permission = track.mayRollBack();
        break;
    case NextAction::Kind::Lift:
        row.permission = track.mayHold();
        break;
    case NextAction::Kind::Promote:
        row.permission = track.mayPromote();
        break;
    case NextAction::Kind::Nothing:
    case NextAction::Kind::Wait:
    case NextAction::Kind::Settle:
        break;
    }
    return row;
}

bool isOpen(const ChangeView &change)
{
    return !change.facts || change.state != ChangeState::Cleaned || !change.drift.isEmpty();
}

NextRow nextRow(const ChangeView &change)
{
    NextRow row;
    row.kind = NextRow::Kind::Schema;
    row.where = Words::tr("schema");
    row.change = change.key;
    row.verb = Words::tr("Open");
    QStringList parts;
    if (!change.facts) {
        parts.append(change.error ? change.error->message
                                  : Words::tr("the database is being read"));
    } else {
        parts.append(change.stateWords);
    }
    for (const StepView &step : change.steps) {
        if (change.next && step.step.id == *change.next) {
            row.asks = Words::tr("next %1 %2").arg(stepWord(step.step.id), step.step.title);
            parts.append(row.asks);
            row.permission = step.may;
        }
    }
    if (!change.drift.isEmpty())
        parts.append(Words::tr("DRIFT: %1").arg(change.drift.first()));
    if (const QString when = due(change); !when.isEmpty())
        parts.append(when);
    row.sentence
        = Words::tr("%1 on %2: %3")
              .arg(change.change.column, change.key.database, parts.join(QStringLiteral(" · ")));
    return row;
}

LiveRow liveRow(const RolloutController &track)
{
    LiveRow row;
    row.kind = LiveRow::Kind::Track;
    row.where = track.track().value;
    row.wayBack = track.wayBack();
    row.wayBackWords = row.wayBack.words;
    if (row.wayBack.target) {
        row.wayBackWords
            = revisionWord(*row.wayBack.target) + QStringLiteral("  ") + row.wayBack.words;
    }
    if (const auto error = track.trafficSource().error)
        row.error = error->message;
    const auto &reading = track.traffic();
    if (!reading)
        return row;
    const TrafficState &traffic = reading->value;
    row.age = track.weights().trafficAge;
    row.old = track.trafficSource().health == SourceState::Health::Old;
    const Weight candidate = traffic.accepted.value_or(traffic.asked);
    if (traffic.stable)
        row.stable = live(*traffic.stable, Weight{100 - candidate.percent});
    if (traffic.candidate) {
        row.candidate = live(*traffic.candidate, candidate);
        const bool named = std::any_of(traffic.reachable.cbegin(), traffic.reachable.cend(),
                                       [&traffic](const RevisionState &revision) {
                                           return revision.name == traffic.candidate->name;
                                       });
        if (named)
            row.candidate->note = Words::tr("tag");
    }
    if (!traffic.changes.isEmpty() && !movedPast(traffic)) {
        row.since = traffic.changes.first().at;
        row.by = traffic.changes.first().actor;
    } else {
        row.since = traffic.lastWrittenAt;
        row.by = traffic.lastWriter;
    }
    return row;
}

LiveRow liveRow(const Workload &workload, const CommitId &reference, CommitFacts &facts)
{
    LiveRow row;
    row.kind = LiveRow::Kind::Workload;
    row.where = workload.name;
    row.since = workload.since;
    row.by = workload.by;
    row.wayBackWords = Words::tr("not moved by traffic");
    if (workload.error) {
        row.error = workload.error->message;
        return row;
    }
    LiveRevision revision{workload.commit, {}, workload.ready, workload.wanted, workload.mixed, {}};
    const auto relation = facts.relation(workload.commit, reference);
    if (workload.commit.value.isEmpty())
        revision.note = Words::tr("unknown commit");
    else if (relation == Relation::Older)
        revision.note = Words::tr("older than %1").arg(shortSha(reference));
    else if (relation == Relation::Newer)
        revision.note = Words::tr("newer than %1").arg(shortSha(reference));
    row.stable = revision;
    return row;
}

QList<PathChip> pathChips(const Graph &graph, const Overlay &overlay, const QDateTime &serverNow,
                          const RolloutController *track)
{
    QList<PathChip> chips;
    for (const NodeId &id : overlay.criticalPath) {
        const GraphNode *node = graph.node(id);
        const NodeOverlay *state = overlay.of(id);
        if (node && state)
            chips.append({node->title, state->status, state->elapsed(serverNow)});
    }
    if (!track)
        return chips;
    for (const StageView &stage : track->stages()) {
        PathChip chip;
        chip.name = stage.kind == StageView::Kind::Finishing
                        ? Words::tr("finishing")
                        : Words::tr("%1 %").arg(stage.weight.percent);
        switch (stage.state) {
        case StageView::State::Done:
            chip.status = RunStatus::Succeeded;
            break;
        case StageView::State::Current:
            chip.status = RunStatus::Running;
            chip.took = stage.elapsed;
            break;
        case StageView::State::Held:
            chip.status = RunStatus::Waiting;
            chip.took = stage.elapsed;
            break;
        case StageView::State::ToCome:
            break;
        }
        chips.append(chip);
    }
    return chips;
}

std::optional<milliseconds> machineTime(const Overlay &overlay, const QDateTime &serverNow)
{
    std::optional<milliseconds> sum;
    for (const NodeId &id : overlay.criticalPath) {
        const NodeOverlay *state = overlay.of(id);
        if (!state || state->status == RunStatus::Waiting)
            continue;
        if (const auto took = state->elapsed(serverNow))
            sum = sum.value_or(milliseconds(0)) + *took;
    }
    return sum;
}

QList<Job> allJobs(const Overlay &overlay)
{
    QList<Job> jobs = overlay.unmatched;
    for (const NodeOverlay &node : overlay.nodes)
        jobs.append(node.jobs);
    std::sort(jobs.begin(), jobs.end(), [](const Job &a, const Job &b) { return a.id < b.id; });
    return jobs;
}

} // namespace pilothouse
