#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/alltexts.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

QList<Match> nothingHandedOn(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const auto build
            = std::find_if(job.steps.begin(), job.steps.end(), [](const SceneStep &step) {
                  return buildsImage(step) && !imageLeaves(step);
              });
        const bool hands
            = job.job->outputs.isGiven()
              || std::any_of(job.steps.begin(), job.steps.end(), [](const SceneStep &step) {
                     return step.action() == QLatin1String("actions/upload-artifact")
                            || (buildsImage(step) && imageLeaves(step));
                 });
        if (build == job.steps.end() || hands)
            continue;
        for (const SceneFile &other : scene.files) {
            if (&other == &file || !other.deploys() || !startsBeside(file, other)
                || !buildsAgain(job, other))
                continue;
            matches.append(matchAt(
                job, job.job->at,
                Words::tr("Job %1 builds an image and hands nothing on: no outputs, no artifact; "
                          "%2 builds it again")
                    .arg(job.job->key, shortPath(other))));
            break;
        }
    }
    return matches;
}

/// Whether every call of a workflow that only others start is inside a concurrency group.
bool callersTakeTurns(const Scene &scene, const SceneFile &file)
{
    for (const WorkflowTrigger &trigger : file.workflow->triggers) {
        if (trigger.event != QLatin1String("workflow_call"))
            return false;
    }
    for (const SceneFile &other : scene.files) {
        for (const SceneJob &job : other.jobs) {
            if (job.job->localCallee() == file.workflow->path && !job.job->concurrency.isGiven()
                && !other.workflow->concurrency.isGiven())
                return false;
        }
    }
    return true;
}

QList<Match> noConcurrency(const Scene &scene, const SceneFile &file)
{
    if (file.workflow->concurrency.isGiven() || callersTakeTurns(scene, file))
        return {};
    QStringList keys;
    const SceneJob *first = nullptr;
    for (const SceneJob &job : file.jobs) {
        if (!job.deploys || job.job->concurrency.isGiven())
            continue;
        if (!first)
            first = &job;
        keys.append(job.job->key);
    }
    if (!first)
        return {};
    return {matchAt(*first, first->job->at,
                    Words::tr("Two pushes run %1 at the same time on one release: no concurrency "
                              "group holds the second one back")
                        .arg(keys.join(QStringLiteral(", "))))};
}

QList<Match> cancelledDeployment(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (!job.deploys || !job.isProduction)
            continue;
        for (const WorkflowConcurrency *concurrency :
             {&job.job->concurrency, &file.workflow->concurrency}) {
            if (concurrency->cancelInProgress.text == QLatin1String("true"))
                matches.append(
                    matchAt(job, concurrency->cancelInProgress.at,
                            Words::tr("A newer run kills %1 in the middle of its deployment")
                                .arg(job.job->key)));
        }
    }
    return matches;
}

QList<Match> noTimeout(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const bool eachStepHasOne
            = std::all_of(job.steps.begin(), job.steps.end(), [](const SceneStep &step) {
                  return step.step->timeoutMinutes.isGiven();
              });
        if (!eachStepHasOne && !job.job->timeoutMinutes.isGiven())
            matches.append(matchAt(
                job, job.job->at,
                Words::tr("Job %1 has no timeout-minutes: if it hangs, it hangs for six hours")
                    .arg(job.job->key)));
    }
    return matches;
}

QList<Match> noAddress(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const WorkflowEnvironment &environment = job.job->environment;
        if (job.deploys && namesProduction(environment.name.text) && !environment.url.isGiven())
            matches.append(matchAt(
                job, environment.name.at,
                Words::tr("Environment %1 of job %2 has no url: nobody sees from the deployment "
                          "where it went")
                    .arg(environment.name.text, job.job->key)));
    }
    return matches;
}

bool givesVersion(const SceneStep &step)
{
    const QList<WorkflowSetting> &entries = step.step->with.entries;
    return std::any_of(entries.begin(), entries.end(), [](const WorkflowSetting &entry) {
        return entry.key == QLatin1String("version")
               || entry.key.endsWith(QLatin1String("-version"))
               || entry.key.endsWith(QLatin1String("-version-file"));
    });
}

QList<Match> pinnedOnlyOnce(const Scene &, const SceneFile &file)
{
    struct Use
    {
        const SceneJob *job = nullptr;
        const SceneStep *step = nullptr;
    };
    QHash<QString, Use> pinned;
    QHash<QString, QList<Use>> floating;
    QStringList order;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const QString name = step.action();
            if (!name.contains(QLatin1String("/setup-"))
                && !name.contains(QLatin1String("/install-")))
                continue;
            if (givesVersion(step))
                pinned.insert(name, {&job, &step});
            else
                floating[name].append({&job, &step});
            if (!order.contains(name))
                order.append(name);
        }
    }
    QList<Match> matches;
    for (const QString &name : order) {
        if (!pinned.contains(name) || !floating.contains(name))
            continue;
        QStringList jobs;
        for (const Use &use : floating[name])
            jobs.append(use.job->job->key);
        const Use &first = floating[name].first();
        matches.append(
            matchAt(*first.job, *first.step, first.step->step->uses.at,
                    Words::tr("%1 has a version in job %2 and none in %3")
                        .arg(name, pinned[name].job->job->key, jobs.join(QStringLiteral(", ")))));
    }
    return matches;
}

/// A script of the repository may read any variable.
bool runsOwnScripts(const SceneFile &file)
{
    static const QStringList runners
        = {QStringLiteral("make"),          QStringLiteral("just"), QStringLiteral("task"),
           QStringLiteral("npm"),           QStringLiteral("yarn"), QStringLiteral("pnpm"),
           QStringLiteral("bash"),          QStringLiteral("sh"),   QStringLiteral("source"),
           QStringLiteral("docker-compose")};
    for (const SceneJob &job : file.jobs) {
        if (!job.job->localCallee().isEmpty())
            return true;
        for (const SceneStep &step : job.steps) {
            if (step.action().startsWith(QLatin1String("./"))
                || (!step.step->run.isEmpty() && step.commands.isEmpty()))
                return true;
            for (const ShellCommand &command : step.commands) {
                const QString first
                    = command.words.isEmpty() ? QString() : command.words.first().text;
                const bool isScript = std::any_of(
                    command.words.begin(), command.words.end(), [](const ShellWord &word) {
                        static const QRegularExpression name(
                            QStringLiteral("\\.(py|sh|js|ts|mjs|rb|pl)$"));
                        return name.match(word.text).hasMatch();
                    });
                if (isScript || first.contains(QLatin1Char('/'))
                    || runners.contains(command.program)
                    || command.runs(QStringLiteral("docker"), {QStringLiteral("compose")}))
                    return true;
            }
        }
    }
    return false;
}

QList<Match> unusedVersion(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const Workflow &workflow = *file.workflow;
    if (runsOwnScripts(file))
        return matches;
    const QStringList texts = allTexts(workflow);
    for (const WorkflowSetting &setting : workflow.env.entries) {
        const bool isUsed = std::any_of(texts.begin(), texts.end(), [&](const QString &text) {
            return text.contains(setting.key);
        });
        if (setting.key.endsWith(QLatin1String("_VERSION")) && !isUsed)
            matches.append({setting.at,
                            {},
                            0,
                            Words::tr("%1 is set to %2 and nothing in this file reads it")
                                .arg(setting.key, setting.value.text)});
    }
    return matches;
}

} // namespace

QList<Rule> jobRules()
{
    using Severity = Finding::Severity;
    return {
        {QStringLiteral("PD-03"), Severity::Gate, Words::tr("nothing is handed on"),
         Words::tr("What a job has made dies with its runner. Tests tell about the deployed image "
                   "only if that very image, by its digest, is handed from job to job."),
         QStringLiteral("build:\n"
                        "  outputs:\n"
                        "    digest: ${{ steps.push.outputs.digest }}\n"),
         nothingHandedOn},
        {QStringLiteral("PD-04"), Severity::Risk, Words::tr("deployments do not take turns"),
         Words::tr("Without a concurrency group two pushes deploy side by side and meet in one "
                   "release. A group keeps one running and one waiting."),
         QStringLiteral("concurrency:\n"
                        "  group: production\n"
                        "  cancel-in-progress: false\n"),
         noConcurrency},
        {QStringLiteral("PD-04b"), Severity::Risk, Words::tr("a deployment can be cut off"),
         Words::tr("cancel-in-progress ends a deployment between two of its steps: a weight stays "
                   "where it is, a release stays pending."),
         QStringLiteral("concurrency:\n"
                        "  group: production\n"
                        "  cancel-in-progress: false\n"),
         cancelledDeployment},
        {QStringLiteral("PD-08"), Severity::Hygiene, Words::tr("no time limit"),
         Words::tr("A job without timeout-minutes is ended after six hours, and holds its runner "
                   "and its concurrency group until then."),
         QStringLiteral("jobs:\n"
                        "  build:\n"
                        "    timeout-minutes: 15\n"),
         noTimeout},
        {QStringLiteral("PD-10"), Severity::Hygiene, Words::tr("environment without an address"),
         Words::tr("The url of an environment is shown with each deployment and is where a "
                   "reviewer looks first."),
         QStringLiteral("environment:\n"
                        "  name: production\n"
                        "  url: https://context.example.org\n"),
         noAddress},
        {QStringLiteral("PD-23"), Severity::Hygiene, Words::tr("a tool is pinned in one job only"),
         Words::tr("The same tool comes in one version in one job and in whatever is newest in "
                   "the others: their results do not belong together."),
         QStringLiteral("- uses: snok/install-poetry@<commit SHA>\n"
                        "  with:\n"
                        "    version: ${{ env.POETRY_VERSION }}\n"),
         pinnedOnlyOnce},
        {QStringLiteral("PD-44"), Severity::Hygiene, Words::tr("a version that nothing reads"),
         Words::tr("A version in env looks like a pin. Where nothing reads it, the thing comes in "
                   "whatever version it happens to have."),
         QStringLiteral("- run: helm upgrade context oci://registry.example.org/charts/context "
                        "--version \"$HELM_CHART_VERSION\"\n"),
         unusedVersion},
    };
}

} // namespace pilothouse
