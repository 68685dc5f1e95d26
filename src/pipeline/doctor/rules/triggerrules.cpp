#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <algorithm>

namespace pilothouse {

namespace {

QList<Match> unknownNeeds(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        QStringList names;
        Position first;
        QString elsewhere;
        for (const WorkflowReference &need : job.job->needs) {
            if (file.job(need.name))
                continue;
            if (names.isEmpty())
                first = need.at;
            names.append(need.name);
            for (const SceneFile &other : scene.files) {
                if (other.job(need.name))
                    elsewhere = shortPath(other);
            }
        }
        if (names.isEmpty())
            continue;
        const QString all = names.join(QStringLiteral(", "));
        matches.append(matchAt(
            job, first,
            elsewhere.isEmpty()
                ? Words::tr("Job %1 needs %2, which this file does not have: the file never starts")
                      .arg(job.job->key, all)
                : Words::tr("Job %1 needs %2 of %3; needs sees only jobs of its own file, so this "
                            "file never starts")
                      .arg(job.job->key, all, elsewhere)));
    }
    return matches;
}

bool mentionsConclusion(const SceneJob &job)
{
    const QLatin1String word("conclusion");
    return job.job->condition.text.contains(word)
           || std::any_of(job.steps.begin(), job.steps.end(), [&](const SceneStep &step) {
                  return step.step->condition.text.contains(word)
                         || step.step->run.text.contains(word);
              });
}

QList<Match> unreadConclusion(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const WorkflowTrigger *trigger = file.workflow->trigger(QStringLiteral("workflow_run"));
    if (!trigger)
        return matches;
    const QSet<QString> checked = file.after(mentionsConclusion);
    const QSet<QString> afterDeployment
        = file.after([](const SceneJob &job) { return job.deploys; });
    for (const SceneJob &job : file.jobs) {
        if (!job.deploys || checked.contains(job.job->key))
            continue;
        // Of deployments that follow each other the first one is told.
        const bool isFirst = std::none_of(
            job.job->needs.begin(), job.job->needs.end(),
            [&](const WorkflowReference &need) { return afterDeployment.contains(need.name); });
        if (isFirst)
            matches.append(
                matchAt(job, job.job->at,
                        Words::tr("Job %1 deploys when %2 has ended, whether it succeeded or not")
                            .arg(job.job->key, trigger->workflows.isEmpty()
                                                   ? Words::tr("the other workflow")
                                                   : trigger->workflows.first().name)));
    }
    return matches;
}

QList<Match> otherCommitCheckedOut(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    if (!file.workflow->startsOn(QStringLiteral("workflow_run")))
        return matches;
    for (const SceneJob &job : file.jobs) {
        const bool builds = std::any_of(job.steps.begin(), job.steps.end(), buildsImage);
        for (const SceneStep &step : job.steps) {
            if ((job.deploys || builds) && step.action() == QLatin1String("actions/checkout")
                && step.input(QStringLiteral("ref")).isEmpty()
                && step.input(QStringLiteral("repository")).isEmpty())
                matches.append(matchAt(
                    job, step, step.step->uses.at,
                    Words::tr("Job %1 checks out the tip of the default branch, not the commit "
                              "that was tested")
                        .arg(job.job->key)));
        }
    }
    return matches;
}

bool hasChecks(const SceneJob &job)
{
    return hasCommand(job, isCheck);
}

/// The file's name tells of a workflow of checks that a deployment has reason to wait for.
bool isCheckingFile(const SceneFile &file)
{
    return !file.deploys() && std::any_of(file.jobs.begin(), file.jobs.end(), hasChecks);
}

QList<Match> raceWithTests(const Scene &scene, const SceneFile &file)
{
    const QStringList branches = pushedBranches(*file.workflow);
    const auto deploying = std::find_if(file.jobs.begin(), file.jobs.end(),
                                        [](const SceneJob &job) { return job.deploys; });
    if (branches.isEmpty() || deploying == file.jobs.end())
        return {};
    for (const SceneJob *job : file.before(*deploying)) {
        if (hasChecks(*job) || !job->job->uses.isEmpty())
            return {};
    }
    for (const SceneFile &other : scene.files) {
        if (&other == &file || !isCheckingFile(other) || !startsBeside(file, other)
            || pushedBranches(*other.workflow).isEmpty())
            continue;
        return {{file.workflow->trigger(QStringLiteral("push"))->at,
                 {},
                 0,
                 Words::tr("The push that starts %1 starts this file as well: job %2 deploys "
                           "while the tests still run")
                     .arg(shortPath(other), deploying->job->key)}};
    }
    return {};
}

const SceneJob *productionJob(const SceneFile &file)
{
    const auto found = std::find_if(file.jobs.begin(), file.jobs.end(), [](const SceneJob &job) {
        return job.deploys && job.isProduction;
    });
    return found == file.jobs.end() ? nullptr : &*found;
}

QList<Match> dispatchWithoutInputs(const Scene &, const SceneFile &file)
{
    const WorkflowTrigger *dispatch = file.workflow->trigger(QStringLiteral("workflow_dispatch"));
    const SceneJob *job = productionJob(file);
    if (!dispatch || !job || !dispatch->inputs.isEmpty())
        return {};
    return {{dispatch->at,
             {},
             0,
             Words::tr("Whoever starts this by hand cannot choose the build that job %1 deploys")
                 .arg(job->job->key)}};
}

QList<Match> noWayToStart(const Scene &, const SceneFile &file)
{
    const SceneJob *job = productionJob(file);
    const Workflow &workflow = *file.workflow;
    const bool chosen = std::any_of(
        workflow.triggers.begin(), workflow.triggers.end(), [](const WorkflowTrigger &trigger) {
            static const QStringList byHand = {QStringLiteral("workflow_dispatch"),
                                               QStringLiteral("workflow_call"),
                                               QStringLiteral("repository_dispatch"),
                                               QStringLiteral("deployment"),
                                               QStringLiteral("release"),
                                               QStringLiteral("create")};
            return byHand.contains(trigger.event) || trigger.tags.isGiven();
        });
    if (!job || chosen || workflow.triggers.isEmpty())
        return {};
    return {{workflow.onAt,
             {},
             0,
             Words::tr("Nobody can start this by hand: job %1 cannot be given an earlier build to "
                       "go back to")
                 .arg(job->job->key)}};
}

} // namespace

QList<Rule> triggerRules()
{
    using Severity = Finding::Severity;
    return {
        {QStringLiteral("PD-01"), Severity::Blocks, Words::tr("needs a job of another file"),
         Words::tr("needs names jobs of the same file only. GitHub refuses a file that names any "
                   "other, so nothing of it ever runs."),
         QStringLiteral("on:\n"
                        "  workflow_run:\n"
                        "    workflows: [CI Pipeline]\n"
                        "    types: [completed]\n"
                        "jobs:\n"
                        "  deploy:\n"
                        "    if: github.event.workflow_run.conclusion == 'success'\n"),
         unknownNeeds},
        {QStringLiteral("PD-01b"), Severity::Risk, Words::tr("deploys after a failed run too"),
         Words::tr("workflow_run with the type completed starts after every end: success, failure "
                   "and cancellation alike. The job itself must look."),
         QStringLiteral("jobs:\n"
                        "  deploy:\n"
                        "    if: github.event.workflow_run.conclusion == 'success'\n"),
         unreadConclusion},
        {QStringLiteral("PD-01c"), Severity::Risk, Words::tr("checks out another commit"),
         Words::tr("In a workflow_run the checkout without a ref takes the tip of the default "
                   "branch. That may be newer than the commit that the tests ran on."),
         QStringLiteral("- uses: actions/checkout@<commit SHA>\n"
                        "  with:\n"
                        "    ref: ${{ github.event.workflow_run.head_sha }}\n"),
         otherCommitCheckedOut},
        {QStringLiteral("PD-02"), Severity::Blocks, Words::tr("deployment races the tests"),
         Words::tr("Two files that start on the same push run side by side. Nothing makes the "
                   "deployment wait for the tests of the other file."),
         QStringLiteral("on:\n"
                        "  workflow_run:\n"
                        "    workflows: [CI Pipeline]\n"
                        "    types: [completed]\n"
                        "    branches: [main]\n"),
         raceWithTests},
        {QStringLiteral("PD-06"), Severity::Risk, Words::tr("started by hand without a choice"),
         Words::tr("A deployment that is started by hand must be told what to deploy; otherwise "
                   "it can bring neither a chosen build nor an earlier one."),
         QStringLiteral("on:\n"
                        "  workflow_dispatch:\n"
                        "    inputs:\n"
                        "      digest: {type: string, required: true}\n"
                        "      reason: {type: string, required: true}\n"),
         dispatchWithoutInputs},
        {QStringLiteral("PD-06b"), Severity::Risk, Words::tr("cannot be started by hand"),
         Words::tr("Going back to an earlier build needs a way to start the deployment with that "
                   "build; a new push is none."),
         QStringLiteral("on:\n"
                        "  workflow_dispatch:\n"
                        "    inputs:\n"
                        "      digest: {type: string, required: true}\n"),
         noWayToStart},
    };
}

} // namespace pilothouse
