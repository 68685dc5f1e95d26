#include "release/gate.h"

#include "base/words.h"
#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

namespace {

bool proves(const GateRule &rule, const Job &job)
{
    return std::any_of(rule.words.cbegin(), rule.words.cend(), [&job](const QString &word) {
        return job.name.contains(word, Qt::CaseInsensitive);
    });
}

QString took(const Job &job)
{
    const qint64 seconds = job.startedAt.secsTo(job.completedAt);
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

Gate gateOf(const GateRule &rule, const QList<Job> &proofs)
{
    Gate gate;
    gate.name = rule.name;
    if (proofs.isEmpty()) {
        gate.text = Words::tr("no job of this name");
        return gate;
    }
    const Job *worst = &proofs.first();
    for (const Job &job : proofs) {
        if (worse(job.status, worst->status) != worst->status)
            worst = &job;
    }
    gate.at = worst->completedAt.isValid() ? worst->completedAt : worst->startedAt;
    switch (worst->status) {
    case RunStatus::Succeeded:
        gate.state = Gate::State::Pass;
        gate.text = Words::tr("passed in %1").arg(took(*worst));
        break;
    case RunStatus::Failed:
    case RunStatus::TimedOut:
        gate.state = Gate::State::Fail;
        gate.text = Words::tr("%1 failed").arg(worst->name);
        break;
    case RunStatus::Queued:
    case RunStatus::Waiting:
    case RunStatus::Running:
        gate.state = Gate::State::Running;
        gate.text = Words::tr("%1 is under way").arg(worst->name);
        break;
    case RunStatus::Cancelled:
    case RunStatus::Skipped:
    case RunStatus::Neutral:
    case RunStatus::Unknown:
        // Nothing was proved.
        gate.text = Words::tr("%1 gave no result").arg(worst->name);
        break;
    }
    return gate;
}

} // namespace

QList<GateRule> usualGates()
{
    return {{Words::tr("unit"), {QStringLiteral("unit")}},
            {Words::tr("integration"), {QStringLiteral("integration")}},
            {Words::tr("security"),
             {QStringLiteral("security"), QStringLiteral("bandit"), QStringLiteral("zap")}},
            {Words::tr("lint"), {QStringLiteral("lint")}}};
}

QList<Gate> gatesOf(const QList<GateRule> &rules, const QList<Job> &jobs)
{
    QList<Gate> gates;
    for (const GateRule &rule : rules) {
        QList<Job> proofs;
        std::copy_if(jobs.cbegin(), jobs.cend(), std::back_inserter(proofs),
                     [&rule](const Job &job) { return proves(rule, job); });
        gates.append(gateOf(rule, proofs));
    }
    return gates;
}

} // namespace pilothouse
