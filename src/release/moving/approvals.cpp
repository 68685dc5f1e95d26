#include "release/moving/approvals.h"

#include "base/words.h"
#include "pipeline/act/runorder.h"

#include <algorithm>

namespace pilothouse {
namespace {

const QString comma = QStringLiteral(", ");

/// An environment with the runs that wait for it, oldest first.
struct WaitedGate
{
    PendingEnvironment environment; ///< no name = it could not be read
    QList<WaitingRun> runs;
    QDateTime since;
};

bool needsPerson(const PendingEnvironment &environment)
{
    return environment.mayReview || !environment.reviewers.isEmpty();
}

/// GitHub tells it only of some gates; a job that waits was made when its turn came.
QDateTime waitsSince(const WaitingRun &waiting, const PendingEnvironment &environment,
                     const QList<Job> &jobs)
{
    if (environment.since.isValid())
        return environment.since;
    QDateTime since;
    for (const Job &job : jobs) {
        const bool waits = job.run == waiting.run.id && job.status == RunStatus::Waiting;
        if (waits && job.createdAt.isValid() && (!since.isValid() || job.createdAt < since))
            since = job.createdAt;
    }
    return since.isValid() ? since : waiting.run.updatedAt;
}

void addTo(QList<WaitedGate> &gates, const WaitingRun &waiting,
           const PendingEnvironment &environment, const QDateTime &since)
{
    const auto known = std::find_if(gates.begin(), gates.end(), [&](const WaitedGate &each) {
        return each.environment.name == environment.name;
    });
    if (known == gates.end()) {
        gates.append({environment, {waiting}, since});
        return;
    }
    known->runs.append(waiting);
    known->environment.mayReview |= environment.mayReview;
    if (since.isValid() && (!known->since.isValid() || since < known->since))
        known->since = since;
}

QString runsText(const QList<WaitingRun> &runs)
{
    QStringList texts;
    for (const WaitingRun &each : runs)
        texts.append(Words::tr("%1 (%2)").arg(
            runWords(each.run),
            each.run.workflowPath.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, -2)));
    return texts.join(comma);
}

QString sentenceOf(const WaitedGate &gate)
{
    const PendingEnvironment &environment = gate.environment;
    const QString reviewers = environment.reviewers.join(comma);
    const QString runs = runsText(gate.runs);
    if (environment.name.isEmpty())
        return Words::tr("%1 waits for an approval; of what could not be read").arg(runs);
    if (environment.mayReview)
        return reviewers.isEmpty()
                   ? Words::tr("%1 waits for your approval: %2").arg(environment.name, runs)
                   : Words::tr("%1 waits for your approval: %2 · may approve: %3")
                         .arg(environment.name, runs, reviewers);
    return Words::tr("%1 waits for an approval by %2: %3").arg(environment.name, reviewers, runs);
}

Permission permissionOf(const WaitedGate &gate)
{
    const WaitingRun &first = gate.runs.first();
    const PendingEnvironment &environment = gate.environment;
    Permission may;
    if (environment.mayReview)
        may.reasons.append(
            {Reason::Kind::For, Words::tr("%1 says that you may approve").arg(first.host), {}});
    else if (!environment.name.isEmpty())
        may.reasons.append({Reason::Kind::Blocks,
                            Words::tr("%1 lets others approve, not you").arg(first.host),
                            Words::tr("ask %1").arg(environment.reviewers.join(comma))});
    for (const WaitingRun &each : gate.runs)
        may.reasons += each.against;
    if (!first.lost.isEmpty())
        may.reasons.append({Reason::Kind::Unknown,
                            Words::tr("it may be over: as seen last. %1").arg(first.lost),
                            {}});
    return may;
}

NextRow rowOf(const WaitedGate &gate)
{
    NextRow row;
    row.kind = NextRow::Kind::Approval;
    row.where = Words::tr("approval");
    row.sentence = sentenceOf(gate);
    row.since = gate.since;
    row.verb = Words::tr("Open");
    row.permission = permissionOf(gate);
    row.run = gate.runs.first().run.id;
    row.environment = gate.environment.name;
    if (gate.environment.mayReview)
        row.asks = Words::tr("approve %1").arg(gate.environment.name);
    return row;
}

} // namespace

QList<NextRow> approvalRows(const QList<WaitingRun> &waiting, const TrackName &track,
                            const CommitId &release, const QList<Job> &jobs)
{
    QList<WaitingRun> own;
    for (const WaitingRun &each : waiting) {
        const TrackName placed = each.tracks.isEmpty() ? TrackName() : each.tracks.first();
        if (each.run.commit == release && placed == track)
            own.append(each);
    }
    std::sort(own.begin(), own.end(),
              [](const WaitingRun &a, const WaitingRun &b) { return a.run.id < b.run.id; });
    QList<WaitedGate> gates;
    for (const WaitingRun &each : std::as_const(own)) {
        if (!each.environments) {
            addTo(gates, each, {}, waitsSince(each, {}, jobs));
            continue;
        }
        for (const PendingEnvironment &environment : *each.environments) {
            if (needsPerson(environment))
                addTo(gates, each, environment, waitsSince(each, environment, jobs));
        }
    }
    QList<NextRow> rows;
    for (const WaitedGate &gate : std::as_const(gates))
        rows.append(rowOf(gate));
    return rows;
}

} // namespace pilothouse
