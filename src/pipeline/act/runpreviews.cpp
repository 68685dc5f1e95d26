#include "pipeline/act/runpreviews.h"

#include "base/words.h"
#include "pipeline/act/runorder.h"

#include <algorithm>

namespace pilothouse {

namespace {

using RunRow = PreviewRow;

QString workflowFile(const QString &path)
{
    return path.section(QLatin1Char('/'), -1);
}

QString environmentNames(const ReviewEnvironments &review)
{
    QStringList names;
    for (const PendingEnvironment &each : review.environments)
        names.append(each.name);
    return names.join(QStringLiteral(", "));
}

void addRun(Preview &preview, const RunActFacts &facts)
{
    if (!facts.run)
        return;
    const Run &run = *facts.run;
    QStringList parts{Words::tr("%1 attempt %2").arg(runWords(run)).arg(run.attempt),
                      workflowFile(run.workflowPath), shortSha(run.commit)};
    if (!run.actor.isEmpty())
        parts.append(Words::tr("begun by %1").arg(run.actor));
    preview.rows.append({RunRow::Kind::Plain, Words::tr("Run"), parts.join(QStringLiteral(" · "))});
    if (facts.age)
        preview.rows.append({RunRow::Kind::Plain, Words::tr("Read"),
                             Words::tr("%1 s ago").arg(facts.age->count() / 1000)});
}

void addRunReasons(Preview &preview, const Permission &permission)
{
    for (const Reason &reason : permission.reasons) {
        switch (reason.kind) {
        case Reason::Kind::For:
            preview.rows.append({RunRow::Kind::For, Words::tr("For"), reason.text});
            break;
        case Reason::Kind::Against:
            preview.rows.append({RunRow::Kind::Against, Words::tr("Against"), reason.text});
            break;
        case Reason::Kind::Blocks:
            preview.rows.append({RunRow::Kind::Against, Words::tr("Off"), reason.text});
            break;
        case Reason::Kind::Unknown:
            preview.rows.append({RunRow::Kind::Unknown, Words::tr("Unknown"), reason.text});
            break;
        }
    }
}

/// Title, button, what to type and what comes of it, an order each.
class FillOrder
{
public:
    FillOrder(Preview &preview, const RunActFacts &facts, const RunId &run)
        : m_preview(preview), m_run(facts.run.value_or(Run()))
    {
        if (!facts.run)
            m_run.id = run;
    }

    void operator()(const RerunFailedJobs &order) const
    {
        m_preview.title = Words::tr("Re-run the failed jobs of %1").arg(runWords(m_run));
        m_preview.verb = Words::tr("Re-run failed jobs");
        attempts(order.attempt);
        then(Words::tr("the jobs that did not go well and all that need them run again, with the "
                       "same commit and the first run's rights; the others keep their results"));
        type(runKey(m_run), Words::tr("Type its number"));
    }
    void operator()(const RerunJob &order) const
    {
        m_preview.title = Words::tr("Re-run %1 of %2").arg(order.name, runWords(m_run));
        m_preview.verb = Words::tr("Re-run job");
        attempts(order.attempt);
        then(Words::tr("%1 and the jobs that need it run again, with the same commit")
                 .arg(order.name));
        type(runKey(m_run), Words::tr("Type its number"));
    }
    void operator()(const CancelRun &order) const
    {
        const bool force = order.force == CancelRun::Force::Yes;
        m_preview.title = force ? Words::tr("Force the end of %1").arg(runWords(m_run))
                                : Words::tr("Cancel %1").arg(runWords(m_run));
        m_preview.verb = force ? Words::tr("Force its end") : Words::tr("Cancel it");
        then(force ? Words::tr("every job ends at once, those that clean up with always() too")
                   : Words::tr("its jobs are asked to end; those with always() still run. "
                               "What was deployed stays as it is"));
        type(runKey(m_run), Words::tr("Type its number"));
    }
    void operator()(const ReviewEnvironments &order) const
    {
        const QString names = environmentNames(order);
        const bool approves = order.state == ReviewState::Approved;
        // A build that waits is what is decided about.
        const QString what
            = names == runWords(m_run) ? names : Words::tr("%1 for %2").arg(names, runWords(m_run));
        m_preview.title
            = approves ? Words::tr("Approve %1").arg(what) : Words::tr("Reject %1").arg(what);
        m_preview.verb
            = approves ? Words::tr("Approve %1").arg(names) : Words::tr("Reject %1").arg(names);
        then(approves ? Words::tr("the jobs that wait for %1 begin").arg(names)
                      : Words::tr("the jobs that wait for %1 end as failed").arg(names));
        m_preview.reasonRequired = !approves;
        type(names, Words::tr("Type the environment"));
    }
    void operator()(const DispatchWorkflow &order) const
    {
        const QString file = workflowFile(order.workflowPath);
        m_preview.title = Words::tr("Run %1 on %2").arg(file, order.ref);
        m_preview.verb = Words::tr("Run workflow");
        row(Words::tr("To"), Words::tr("a new run of %1 on %2").arg(file, order.ref));
        for (const DispatchValue &each : order.inputs)
            row(Words::tr("Input"), QStringLiteral("%1 = %2").arg(each.key, each.value));
        then(Words::tr("what the workflow does on %1, with these inputs").arg(order.ref));
        type(file, Words::tr("Type the workflow's file"));
    }

private:
    void row(const QString &label, const QString &text) const
    {
        m_preview.rows.append({RunRow::Kind::Plain, label, text});
    }
    void then(const QString &text) const { row(Words::tr("Then"), text); }
    void attempts(int attempt) const
    {
        row(Words::tr("From"), Words::tr("attempt %1").arg(attempt));
        row(Words::tr("To"),
            Words::tr("attempt %1, of %2 at most").arg(attempt + 1).arg(mostReruns + 1));
    }
    void type(const QString &text, const QString &prompt) const
    {
        if (m_preview.environment.kind == EnvironmentMark::Kind::Other)
            return;
        m_preview.typed = text;
        m_preview.typedPrompt = prompt;
    }

    Preview &m_preview;
    Run m_run;
};

QString fingerprintOf(const RunOrder &order, const RunActFacts &facts)
{
    QStringList parts{verbOf(order), subjectOf(order)};
    if (const auto *dispatch = std::get_if<DispatchWorkflow>(&order)) {
        parts.append({dispatch->workflowPath, dispatch->ref});
        for (const DispatchValue &each : dispatch->inputs)
            parts.append(each.key + QLatin1Char('=') + each.value);
        return parts.join(QLatin1Char('\n'));
    }
    if (facts.run)
        parts.append({QString::number(facts.run->id.value), QString::number(facts.run->attempt)});
    if (const auto *review = std::get_if<ReviewEnvironments>(&order)) {
        for (const PendingEnvironment &each : review->environments) {
            const bool waits = std::any_of(
                facts.waiting.begin(), facts.waiting.end(),
                [&](const PendingEnvironment &own) { return own.id == each.id && own.mayReview; });
            parts.append(each.name + (waits ? QStringLiteral(" waits") : QString()));
        }
    }
    return parts.join(QLatin1Char('\n'));
}

} // namespace

Permission mayCarryOut(const RunOrder &order, const RunActFacts &facts)
{
    if (std::holds_alternative<RerunFailedJobs>(order))
        return mayRerunFailed(facts);
    if (const auto *job = std::get_if<RerunJob>(&order))
        return mayRerunJob(facts, job->job);
    if (std::holds_alternative<CancelRun>(order))
        return mayCancel(facts);
    if (const auto *review = std::get_if<ReviewEnvironments>(&order)) {
        Permission permission = mayReview(facts);
        // Rejecting is what a held track wants.
        if (review->state == ReviewState::Approved)
            permission.reasons += facts.againstApproval;
        return permission;
    }
    return mayDispatch(facts);
}

Preview previewOf(const RunOrder &order, const RunActFacts &facts,
                  const EnvironmentMark &environment, const PlannedCall &call)
{
    Preview preview;
    preview.environment = environment;
    preview.scope = facts.system;
    addRun(preview, facts);
    std::visit(FillOrder(preview, facts, runOf(order)), maskedOrder(order));
    preview.rows.append({RunRow::Kind::Plain, Words::tr("Sends"), call.summary});
    preview.calls = {call};
    const Permission permission = mayCarryOut(order, facts);
    addRunReasons(preview, permission);
    preview.reasonRequired = preview.reasonRequired || permission.count(Reason::Kind::Against) > 0;
    preview.fingerprint = fingerprintOf(order, facts);
    return preview;
}

} // namespace pilothouse
