#include "pipeline/act/runpermissions.h"

#include "base/words.h"
#include "pipeline/act/runorder.h"
#include "pipeline/overlay.h"

#include <algorithm>

namespace pilothouse {

namespace {

void block(Permission &permission, const QString &text, const QString &settle)
{
    permission.reasons.append({Reason::Kind::Blocks, text, settle});
}

/// What stops every order.
Permission writable(const RunActFacts &facts)
{
    Permission permission;
    if (facts.readOnly)
        block(permission, Words::tr("this console is read-only"),
              Words::tr("start it without --read-only"));
    if (!facts.access.mayWrite)
        block(permission,
              facts.access.why.isEmpty()
                  ? Words::tr("%1 does not let this account act on runs").arg(facts.system)
                  : facts.access.why,
              Words::tr("ask for the right"));
    for (const QString &verb : facts.underWay)
        block(permission, Words::tr("%1 is under way").arg(verb),
              Words::tr("wait until it has ended"));
    return permission;
}

/// What stops every order about a run.
Permission aboutRun(const RunActFacts &facts)
{
    Permission permission = writable(facts);
    if (!facts.run || !facts.age) {
        block(permission,
              facts.run ? Words::tr("%1 is not read yet").arg(runWords(*facts.run))
                        : Words::tr("no run is chosen"),
              facts.run ? Words::tr("press F5") : Words::tr("choose a job in the graph"));
    } else if (*facts.age > facts.refuseAfter) {
        block(permission, Words::tr("the run was read %1 s ago").arg(facts.age->count() / 1000),
              Words::tr("press F5"));
    }
    return permission;
}

void addRerunLimits(Permission &permission, const RunActFacts &facts)
{
    const Run &run = *facts.run;
    if (!hasEnded(run.status))
        block(permission, Words::tr("%1 has not ended").arg(runWords(run)),
              Words::tr("wait for its end, or cancel it"));
    if (run.attempt > mostReruns)
        block(permission,
              Words::tr("%1 takes no more than %2 re-runs of a run")
                  .arg(facts.system)
                  .arg(mostReruns),
              Words::tr("start the workflow anew"));
    if (!run.createdAt.isValid() || !facts.serverNow.isValid())
        return;
    const qint64 days = run.createdAt.daysTo(facts.serverNow);
    if (run.createdAt.addDays(daysForRerun) < facts.serverNow)
        block(permission,
              Words::tr("the run is %1 days old; %2 re-runs none older than %3")
                  .arg(days)
                  .arg(facts.system)
                  .arg(daysForRerun),
              Words::tr("start the workflow anew"));
}

bool isGood(RunStatus status)
{
    return status == RunStatus::Succeeded || status == RunStatus::Skipped
           || status == RunStatus::Neutral;
}

} // namespace

QStringList failedJobs(const QList<Job> &jobs)
{
    QStringList names;
    for (const Job &job : jobs) {
        if (hasEnded(job.status) && !isGood(job.status))
            names.append(job.name);
    }
    return names;
}

QList<PendingEnvironment> reviewable(const QList<PendingEnvironment> &waiting)
{
    QList<PendingEnvironment> own;
    std::copy_if(waiting.begin(), waiting.end(), std::back_inserter(own),
                 [](const PendingEnvironment &each) { return each.mayReview; });
    return own;
}

Permission mayRerunFailed(const RunActFacts &facts)
{
    Permission permission = aboutRun(facts);
    if (!facts.run)
        return permission;
    addRerunLimits(permission, facts);
    const QStringList failed = failedJobs(facts.jobs);
    // A run that failed before it had a job has nothing that could be named.
    if (failed.isEmpty() && hasEnded(facts.run->status) && isGood(facts.run->status))
        block(permission, Words::tr("no job of %1 failed").arg(runWords(*facts.run)),
              Words::tr("re-run a single job instead"));
    if (!failed.isEmpty())
        permission.reasons.append(
            {Reason::Kind::For,
             Words::tr("did not go well: %1").arg(failed.join(QStringLiteral(", "))),
             {}});
    return permission;
}

Permission mayRerunJob(const RunActFacts &facts, const JobId &job)
{
    Permission permission = aboutRun(facts);
    if (!facts.run)
        return permission;
    addRerunLimits(permission, facts);
    const auto found = std::find_if(facts.jobs.begin(), facts.jobs.end(),
                                    [&](const Job &own) { return own.id == job; });
    if (found == facts.jobs.end())
        block(permission, Words::tr("this job is not of the newest attempt"),
              Words::tr("choose it again in the graph"));
    return permission;
}

Permission mayCancel(const RunActFacts &facts)
{
    // What hangs does not stand before a cancellation, unless it is one.
    RunActFacts own = facts;
    own.underWay = facts.underWay.filter(QStringLiteral("cancel"));
    Permission permission = aboutRun(own);
    if (facts.run && hasEnded(facts.run->status))
        block(permission, Words::tr("%1 has ended").arg(runWords(*facts.run)),
              Words::tr("nothing is left to cancel"));
    return permission;
}

Permission mayReview(const RunActFacts &facts)
{
    Permission permission = aboutRun(facts);
    if (!facts.run)
        return permission;
    if (facts.waiting.isEmpty()) {
        block(permission,
              facts.waitingLost
                  ? facts.waitingLost->message
                  : Words::tr("%1 waits for no environment").arg(runWords(*facts.run)),
              facts.waitingLost ? Words::tr("press F5") : QString());
        return permission;
    }
    for (const PendingEnvironment &environment : facts.waiting) {
        if (environment.mayReview)
            permission.reasons.append(
                {Reason::Kind::For, Words::tr("%1 waits for you").arg(environment.name), {}});
    }
    if (!reviewable(facts.waiting).isEmpty())
        return permission;
    const PendingEnvironment &first = facts.waiting.first();
    const QString who = first.reviewers.join(QStringLiteral(", "));
    if (first.waitsUntil.isValid() && first.reviewers.isEmpty())
        block(permission, Words::tr("%1 waits for a timer").arg(first.name),
              Words::tr("wait until %1")
                  .arg(first.waitsUntil.toLocalTime().toString(QStringLiteral("HH:mm:ss"))));
    else
        block(permission,
              Words::tr("%1 says that this account may not decide about %2")
                  .arg(facts.system, first.name),
              who.isEmpty() ? Words::tr("ask an administrator") : Words::tr("ask %1").arg(who));
    return permission;
}

Permission mayDispatch(const RunActFacts &facts)
{
    return writable(facts);
}

} // namespace pilothouse
