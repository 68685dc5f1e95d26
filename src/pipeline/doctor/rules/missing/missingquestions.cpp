#include "pipeline/doctor/rules/missing/missingquestions.h"

#include "pipeline/doctor/alltexts.h"
#include "pipeline/doctor/jobchain.h"
#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/helmcommands.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace pilothouse {

namespace {

QRegularExpression words(const char *pattern)
{
    return QRegularExpression(QLatin1String(pattern), QRegularExpression::CaseInsensitiveOption);
}

bool anyHas(const QStringList &texts, const QRegularExpression &form)
{
    return std::any_of(texts.begin(), texts.end(),
                       [&](const QString &text) { return form.match(text).hasMatch(); });
}

bool anyTextHas(const Scene &scene, const QRegularExpression &form)
{
    return std::any_of(scene.files.begin(), scene.files.end(), [&](const SceneFile &file) {
        return anyHas(allTexts(*file.workflow), form)
               || std::any_of(file.jobs.begin(), file.jobs.end(), [&](const SceneJob &job) {
                      return form.match(job.job->key).hasMatch();
                  });
    });
}

const QRegularExpression &telling()
{
    static const QRegularExpression form = words(
        "slack|teams|discord|telegram|mattermost|matrix\\.org|pagerduty|opsgenie|webhook|notif|"
        "announce|alert|\\bsend-?mail|\\bmail\\b|gh issue|issues?\\.create|create-an-issue|"
        "chat\\.googleapis|createDeploymentStatus|/statuses\\b");
    return form;
}

/// It looks at nothing that was deployed, whatever its words are.
bool looksAtNothing(const ShellCommand &command)
{
    static const QSet<QString> programs
        = {QStringLiteral("echo"),  QStringLiteral("printf"), QStringLiteral("sleep"),
           QStringLiteral("cd"),    QStringLiteral("set"),    QStringLiteral("export"),
           QStringLiteral("true"),  QStringLiteral("exit"),   QStringLiteral("cat"),
           QStringLiteral("ls"),    QStringLiteral("date"),   QStringLiteral("git"),
           QStringLiteral("cp"),    QStringLiteral("mv"),     QStringLiteral("rm"),
           QStringLiteral("tee"),   QStringLiteral("mkdir"),  QStringLiteral("gcloud"),
           QStringLiteral("docker")};
    const QString &program = command.program;
    if (program == QLatin1String("helm"))
        return !command.runs(program, {QStringLiteral("test")});
    if (program == QLatin1String("kubectl"))
        return !command.runs(program, {QStringLiteral("run")})
               && !command.runs(program, {QStringLiteral("exec")})
               && !command.runs(program, {QStringLiteral("port-forward")})
               && !command.runs(program, {QStringLiteral("create"), QStringLiteral("job")});
    return program.isEmpty() || programs.contains(program) || telling().match(program).hasMatch();
}

bool mayLook(const QList<ShellCommand> &commands, qsizetype from)
{
    return std::any_of(commands.begin() + from, commands.end(),
                       [](const ShellCommand &command) { return !looksAtNothing(command); });
}

/// An action that makes the job ready, keeps a file, deploys or tells.
bool isQuietAction(const SceneStep &step)
{
    static const QRegularExpression form
        = words("checkout|set-?up|log-?in|/auth$|credentials|context|kubeconfig|artifact|cache");
    return !step.action().startsWith(QLatin1String("./"))
           && (form.match(step.action()).hasMatch() || telling().match(step.action()).hasMatch()
               || isDeployAction(step));
}

/// It runs only where something before it went wrong.
bool isForFailures(const SceneStep &step)
{
    return runsAfterFailure(step) && !step.step->condition.text.contains(QLatin1String("always()"));
}

bool mayLook(const SceneStep &step)
{
    if (isForFailures(step))
        return false;
    if (!step.step->uses.isEmpty())
        return !isQuietAction(step);
    // What is no shell's script is not read.
    return step.commands.isEmpty() || mayLook(step.commands, 0);
}

} // namespace

QList<PlacedDeployment> openDeployments(const SceneJob &job)
{
    QList<PlacedDeployment> found;
    for (const SceneStep &step : job.steps) {
        if (isForFailures(step))
            continue;
        for (const ShellCommand &command : step.commands) {
            if (isDeployment(command) && !command.option(QStringLiteral("--no-traffic"))
                && !bringsOnlyCandidate(command))
                found.append({&step, &command, step.placeOf(command.at())});
        }
        const QString none = step.input(QStringLiteral("no_traffic"));
        if (isDeployAction(step) && (none.isEmpty() || none == QLatin1String("false"))
            && !step.input(QStringLiteral("flags")).contains(QLatin1String("--no-traffic")))
            found.append({&step, nullptr, step.step->uses.at});
    }
    return found;
}

bool goesBack(const PlacedDeployment &deployment)
{
    return deployment.command
           && (deployment.command->option(QStringLiteral("--atomic"))
               || deployment.command->option(QStringLiteral("--rollback-on-failure")));
}

bool mayLookAfter(const Scene &scene, const SceneFile &file, const SceneJob &job,
                  const PlacedDeployment &deployment)
{
    if (deployment.command
        && mayLook(deployment.step->commands,
                   deployment.command - deployment.step->commands.constData() + 1))
        return true;
    for (const SceneStep &step : job.steps) {
        if (step.number > deployment.step->number && mayLook(step))
            return true;
    }
    for (const PlacedJob &later : jobsAfter(scene, {&file, &job})) {
        const QList<SceneStep> &steps = later.job->steps;
        if (!isWayOut(*later.job)
            && (!later.job->job->uses.isEmpty()
                || std::any_of(steps.begin(), steps.end(),
                               [](const SceneStep &step) { return mayLook(step); })))
            return true;
    }
    // GitHub starts these when a job with an environment has ended.
    return std::any_of(scene.files.begin(), scene.files.end(), [](const SceneFile &other) {
        return other.workflow->startsOn(QStringLiteral("deployment_status"));
    });
}

bool callsUnseen(const Scene &scene, const SceneFile &file)
{
    return std::any_of(file.jobs.begin(), file.jobs.end(), [&](const SceneJob &job) {
        const QString callee = job.job->localCallee();
        return !job.job->uses.isEmpty()
               && std::none_of(scene.files.begin(), scene.files.end(), [&](const SceneFile &other) {
                      return other.workflow->path == callee;
                  });
    });
}

bool tellsSomebody(const Scene &scene)
{
    return anyTextHas(scene, telling());
}

bool vouchesForImages(const Scene &scene)
{
    static const QRegularExpression form
        = words("trivy|grype|syft|snyk|cosign|notation sign|sbom|provenance|attest|slsa|dockle|"
                "clair|docker.?scout|(image|container)s?.?scan|scan.?(image|container)");
    if (anyTextHas(scene, form))
        return true;
    const auto isOn = [](const QString &value) {
        return !value.isEmpty() && value != QLatin1String("false");
    };
    for (const SceneFile &file : scene.files) {
        for (const SceneJob &job : file.jobs) {
            for (const SceneStep &step : job.steps) {
                for (const char *input : {"provenance", "sbom", "attests"}) {
                    if (isOn(step.input(QLatin1String(input))))
                        return true;
                }
            }
        }
    }
    return false;
}

bool leavesReport(const SceneFile &file, const SceneJob &job)
{
    static const QRegularExpression spoken
        = words("junit|nunit|allure|--report-log|json-report|--html|test-?(report|result)");
    static const QRegularExpression kept = words("\\.xml$");
    static const QRegularExpression coverage = words("cov");
    if (anyHas(allTexts(*job.job), spoken)
        || file.workflow->env.find(QStringLiteral("PYTEST_ADDOPTS"))
        || job.job->env.find(QStringLiteral("PYTEST_ADDOPTS")))
        return true;
    for (const SceneStep &step : job.steps) {
        if (step.step->env.find(QStringLiteral("PYTEST_ADDOPTS")))
            return true;
        const QString paths = step.input(QStringLiteral("path"));
        for (const QString &path : paths.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            // By the configuration of pytest it may be written all the same.
            if (kept.match(path.trimmed()).hasMatch() && !coverage.match(path).hasMatch())
                return true;
        }
    }
    return false;
}

QString meansOf(const PlacedDeployment &deployment)
{
    if (deployment.command)
        return deployment.command->program;
    return deployment.step->action().contains(QLatin1String("cloudrun"))
               ? QStringLiteral("gcloud")
               : QStringLiteral("kubectl");
}

} // namespace pilothouse
