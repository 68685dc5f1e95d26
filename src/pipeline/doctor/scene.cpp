#include "pipeline/doctor/scene.h"

#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Whether the script is one of a Unix shell's.
bool isShellScript(const Workflow &workflow, const WorkflowJob &job, const WorkflowStep &step)
{
    QString shell = step.shell.text;
    if (shell.isEmpty())
        shell = job.defaults.shell.text;
    if (shell.isEmpty())
        shell = workflow.defaults.shell.text;
    if (shell.isEmpty())
        return !job.runsOn.text().contains(QLatin1String("windows"), Qt::CaseInsensitive);
    const QString program = shell.section(QLatin1Char(' '), 0, 0);
    return program == QLatin1String("bash") || program == QLatin1String("sh");
}

/// A cluster that the job makes for itself is nothing that anybody deploys to.
bool makesOwnCluster(const SceneJob &job)
{
    static const QStringList actions
        = {QStringLiteral("helm/kind-action"), QStringLiteral("engineerd/setup-kind"),
           QStringLiteral("medyagh/setup-minikube"), QStringLiteral("AbsaOSS/k3d-action")};
    static const QStringList programs
        = {QStringLiteral("kind"), QStringLiteral("minikube"), QStringLiteral("k3d")};
    return std::any_of(job.steps.begin(), job.steps.end(), [](const SceneStep &step) {
        return actions.contains(step.action())
               || std::any_of(
                   step.commands.begin(), step.commands.end(),
                   [](const ShellCommand &command) { return programs.contains(command.program); });
    });
}

bool isProductionJob(const SceneJob &job)
{
    if (!job.job->environment.isEmpty())
        return namesProduction(job.job->environment.name.text);
    if (namesProduction(job.job->key))
        return true;
    for (const SceneStep &step : job.steps) {
        for (const ShellCommand &command : step.commands) {
            for (const char *name : {"--namespace", "-n", "--kube-context", "--context"}) {
                for (const ShellWord &value : command.values(QLatin1String(name))) {
                    if (isDeployment(command) && namesProduction(value.text))
                        return true;
                }
            }
        }
    }
    return false;
}

} // namespace

Position SceneStep::placeOf(const Position &inScript) const
{
    const Position &from = step->run.textAt;
    if (from.line == 0)
        return step->run.at;
    return {from.line + inScript.line - 1, from.column + inScript.column - 1};
}

QString SceneStep::action() const
{
    return step->uses.text.section(QLatin1Char('@'), 0, 0);
}

QString SceneStep::actionVersion() const
{
    return step->uses.text.section(QLatin1Char('@'), 1);
}

QString SceneStep::input(const QString &key) const
{
    const WorkflowSetting *setting = step->with.find(key);
    return setting ? setting->value.text : QString();
}

bool SceneFile::deploys() const
{
    return std::any_of(jobs.begin(), jobs.end(), [](const SceneJob &job) { return job.deploys; });
}

const SceneJob *SceneFile::job(const QString &key) const
{
    const auto found = indices.constFind(key);
    return found == indices.constEnd() ? nullptr : &jobs[*found];
}

QList<const SceneJob *> SceneFile::before(const SceneJob &job) const
{
    QList<const SceneJob *> found{&job};
    QSet<const SceneJob *> seen{&job};
    for (qsizetype i = 0; i < found.size(); ++i) {
        for (const WorkflowReference &need : found[i]->job->needs) {
            const SceneJob *next = this->job(need.name);
            if (next && !seen.contains(next)) {
                seen.insert(next);
                found.append(next);
            }
        }
    }
    return found;
}

QSet<QString> SceneFile::after(bool (*question)(const SceneJob &)) const
{
    QSet<QString> keys;
    QList<const SceneJob *> found;
    for (const SceneJob &job : jobs) {
        if (question(job)) {
            keys.insert(job.job->key);
            found.append(&job);
        }
    }
    for (qsizetype i = 0; i < found.size(); ++i) {
        for (const qsizetype index : waiting.value(found[i]->job->key)) {
            const SceneJob &next = jobs[index];
            if (!keys.contains(next.job->key)) {
                keys.insert(next.job->key);
                found.append(&next);
            }
        }
    }
    return keys;
}

Scene makeScene(const QList<Workflow> &workflows, const Surroundings &surroundings)
{
    Scene scene;
    scene.surroundings = surroundings;
    for (const Workflow &workflow : workflows) {
        SceneFile file;
        file.workflow = &workflow;
        for (const WorkflowJob &job : workflow.jobs) {
            SceneJob seen;
            seen.job = &job;
            for (const WorkflowStep &step : job.steps) {
                SceneStep made{&step, int(seen.steps.size()) + 1, {}};
                if (isShellScript(workflow, job, step))
                    made.commands = readShell(step.run.text);
                seen.steps.append(made);
            }
            seen.deploys
                = !makesOwnCluster(seen)
                  && (hasCommand(seen, isDeployment)
                      || std::any_of(seen.steps.begin(), seen.steps.end(), isDeployAction));
            seen.isProduction = isProductionJob(seen);
            for (const SceneStep &step : std::as_const(seen.steps)) {
                if (buildsImage(step))
                    seen.builds.insert(buildKey(step));
            }
            for (const WorkflowReference &need : job.needs)
                file.waiting[need.name].append(file.jobs.size());
            file.indices.insert(job.key, file.jobs.size());
            file.jobs.append(seen);
        }
        scene.files.append(file);
    }
    return scene;
}

} // namespace pilothouse
