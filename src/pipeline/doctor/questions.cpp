#include "pipeline/doctor/questions.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <utility>

namespace pilothouse {

namespace {

bool runsVerb(const ShellCommand &command, const char *program,
              std::initializer_list<const char *> verbs)
{
    if (command.program != QLatin1String(program))
        return false;
    return std::any_of(verbs.begin(), verbs.end(), [&](const char *verb) {
        return command.runs(QLatin1String(program),
                            QString::fromLatin1(verb).split(QLatin1Char(' ')));
    });
}

bool runsManagePy(const ShellCommand &command, const char *verb)
{
    const QList<ShellWord> words = command.effective();
    for (qsizetype i = 0; i < 2 && i + 1 < words.size(); ++i) {
        if (words[i].text.endsWith(QLatin1String("manage.py"))
            || words[i].text == QLatin1String("django-admin"))
            return words[i + 1].text == QLatin1String(verb);
    }
    return false;
}

bool takesBack(const ShellCommand &command)
{
    return runsVerb(command, "helm", {"rollback"}) || runsVerb(command, "kubectl", {"rollout undo"})
           || runsVerb(command, "gcloud", {"run services update-traffic"})
           || std::any_of(command.words.begin(), command.words.end(), [](const ShellWord &word) {
                  return word.text.contains(QLatin1String("rollback"), Qt::CaseInsensitive)
                         || word.text.contains(QLatin1String("roll-back"), Qt::CaseInsensitive)
                         || word.text == QLatin1String("canary.weight=0");
              });
}

bool haveCommon(const QStringList &a, const QStringList &b)
{
    const QString all = QStringLiteral("**");
    return std::any_of(a.begin(), a.end(), [&](const QString &branch) {
        return b.contains(branch) || b.contains(all) || (branch == all && !b.isEmpty());
    });
}

} // namespace

bool isDeployment(const ShellCommand &command)
{
    return isHelmDeployment(command) || isCloudRunDeployment(command)
           || (runsVerb(command, "kubectl", {"apply", "set image", "rollout restart", "replace"})
               && !command.option(QStringLiteral("--dry-run")))
           || runsVerb(command, "gcloud",
                       {"run services replace", "run services update", "app deploy"});
}

bool isDeployAction(const SceneStep &step)
{
    static const QStringList actions
        = {QStringLiteral("google-github-actions/deploy-cloudrun"),
           QStringLiteral("azure/k8s-deploy"), QStringLiteral("Azure/k8s-deploy")};
    return actions.contains(step.action());
}

bool isMigration(const ShellCommand &command)
{
    return runsVerb(command, "alembic", {"upgrade"}) || runsManagePy(command, "migrate")
           || runsVerb(command, "flyway", {"migrate"}) || runsVerb(command, "liquibase", {"update"})
           || runsVerb(command, "prisma", {"migrate deploy"})
           || runsVerb(command, "flask", {"upgrade"}) || runsVerb(command, "rails", {"db:migrate"})
           || runsVerb(command, "rake", {"db:migrate"})
           || runsVerb(command, "dbmate", {"up", "migrate"}) || runsVerb(command, "goose", {"up"})
           || runsVerb(command, "atlas", {"migrate apply"});
}

bool isCheck(const ShellCommand &command)
{
    static const QSet<QString> checks
        = {QStringLiteral("pytest"),   QStringLiteral("tox"),       QStringLiteral("nox"),
           QStringLiteral("ctest"),    QStringLiteral("bandit"),    QStringLiteral("safety"),
           QStringLiteral("mypy"),     QStringLiteral("pip-audit"), QStringLiteral("ruff"),
           QStringLiteral("flake8"),   QStringLiteral("pylint"),    QStringLiteral("eslint"),
           QStringLiteral("jest"),     QStringLiteral("vitest"),    QStringLiteral("phpunit"),
           QStringLiteral("rspec"),    QStringLiteral("semgrep"),   QStringLiteral("trivy"),
           QStringLiteral("grype"),    QStringLiteral("gosec"),     QStringLiteral("golangci-lint"),
           QStringLiteral("gotestsum")};
    return checks.contains(command.program) || runsManagePy(command, "test")
           || runsVerb(command, "npm", {"test", "run test", "t"})
           || runsVerb(command, "yarn", {"test"}) || runsVerb(command, "pnpm", {"test"})
           || runsVerb(command, "go", {"test", "vet"})
           || runsVerb(command, "cargo", {"test", "clippy"})
           || runsVerb(command, "mvn", {"test", "verify"})
           || runsVerb(command, "gradlew", {"test", "check"})
           || runsVerb(command, "gradle", {"test", "check"})
           || runsVerb(command, "make", {"test", "check"}) || runsVerb(command, "dotnet", {"test"});
}

bool isInstallation(const ShellCommand &command)
{
    return runsVerb(command, "pip", {"install", "sync"}) || runsVerb(command, "pip3", {"install"})
           || runsVerb(command, "poetry", {"install", "sync"})
           || runsVerb(command, "uv", {"sync", "pip install", "pip sync", "run"})
           || runsVerb(command, "pipenv", {"install", "sync"})
           || runsVerb(command, "pdm", {"install"})
           || runsVerb(command, "conda", {"install", "env create"})
           || command.program == QLatin1String("make") || command.program == QLatin1String("just")
           || command.program == QLatin1String("task");
}

bool isHelmDeployment(const ShellCommand &command)
{
    return runsVerb(command, "helm", {"upgrade", "install"})
           && !command.option(QStringLiteral("--dry-run"))
           && !command.runs(QStringLiteral("helm"), {QStringLiteral("plugin")});
}

bool isCloudRunDeployment(const ShellCommand &command)
{
    return runsVerb(command, "gcloud", {"run deploy"});
}

QList<ShellWord> helmSettings(const ShellCommand &command, const QStringList &options)
{
    QList<ShellWord> found;
    for (const QString &option : options) {
        for (const ShellWord &value : command.values(option)) {
            ShellWord rest = value;
            int quote = value.raw.startsWith(QLatin1Char('"')) ? 1 : 0;
            for (const QString &one : value.text.split(QLatin1Char(','))) {
                rest.text = one;
                found.append(rest);
                rest.at.column += int(one.size()) + 1 + std::exchange(quote, 0);
            }
        }
    }
    return found;
}

bool hasCommand(const SceneStep &step, bool (*question)(const ShellCommand &))
{
    return std::any_of(step.commands.begin(), step.commands.end(), question);
}

bool hasCommand(const SceneJob &job, bool (*question)(const ShellCommand &))
{
    return std::any_of(job.steps.begin(), job.steps.end(),
                       [&](const SceneStep &step) { return hasCommand(step, question); });
}

bool runsAfterFailure(const SceneStep &step)
{
    const QString &condition = step.step->condition.text;
    return condition.contains(QLatin1String("always()"))
           || condition.contains(QLatin1String("failure()"))
           || condition.contains(QLatin1String("cancelled()"));
}

bool hasWayBack(const SceneFile &file, const SceneJob &job)
{
    const auto isWayBack = [](const SceneStep &step) {
        return hasCommand(step, takesBack)
               || step.action().contains(QLatin1String("rollback"), Qt::CaseInsensitive);
    };
    for (const SceneStep &step : job.steps) {
        if (runsAfterFailure(step) && isWayBack(step))
            return true;
        // `deploy || roll back` and traps stand in the script itself.
        if (hasCommand(step, isDeployment) && isWayBack(step))
            return true;
    }
    for (const qsizetype index : file.waiting.value(job.job->key)) {
        const SceneJob &other = file.jobs[index];
        const QString &condition = other.job->condition.text;
        const bool afterFailure = condition.contains(QLatin1String("failure()"))
                                  || condition.contains(QLatin1String("always()"))
                                  || condition.contains(QLatin1String("cancelled()"));
        if (afterFailure
            && (std::any_of(other.steps.begin(), other.steps.end(), isWayBack)
                || other.job->uses.text.contains(QLatin1String("rollback"), Qt::CaseInsensitive)))
            return true;
    }
    return false;
}

QStringList pushedBranches(const Workflow &workflow)
{
    const WorkflowTrigger *push = workflow.trigger(QStringLiteral("push"));
    if (!push || (push->tags.isGiven() && !push->branches.isGiven()))
        return {};
    return push->branches.isGiven() ? push->branches.texts() : QStringList{QStringLiteral("**")};
}

bool follows(const Workflow &workflow, const Workflow &first)
{
    const WorkflowTrigger *trigger = workflow.trigger(QStringLiteral("workflow_run"));
    return trigger
           && std::any_of(trigger->workflows.begin(), trigger->workflows.end(),
                          [&](const WorkflowReference &name) { return name.name == first.name; });
}

bool startsBeside(const SceneFile &a, const SceneFile &b)
{
    return haveCommon(pushedBranches(*a.workflow), pushedBranches(*b.workflow))
           || follows(*a.workflow, *b.workflow) || follows(*b.workflow, *a.workflow);
}

int majorVersion(const QString &version)
{
    static const QRegularExpression form(QStringLiteral("^v?(\\d{1,3})(\\.|$)"));
    return form.match(version).captured(1).toInt();
}

bool namesProduction(const QString &name)
{
    static const QRegularExpression word(QStringLiteral("(^|[^a-z])prod(uction)?([^a-z]|$)"),
                                         QRegularExpression::CaseInsensitiveOption);
    return word.match(name).hasMatch();
}

Match matchAt(const SceneJob &job, const Position &at, const QString &sentence)
{
    return {at, job.job->key, 0, sentence};
}

Match matchAt(const SceneJob &job, const SceneStep &step, const Position &at,
              const QString &sentence)
{
    return {at, job.job->key, step.number, sentence};
}

Match matchAt(const SceneJob &job, const SceneStep &step, const ShellWord &word,
              const QString &sentence)
{
    return matchAt(job, step, step.placeOf(word.at), sentence);
}

QString shortPath(const SceneFile &file)
{
    return file.workflow->path.section(QLatin1Char('/'), -1);
}

} // namespace pilothouse
