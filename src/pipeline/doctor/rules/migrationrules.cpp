#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/alltexts.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <algorithm>

namespace pilothouse {

namespace {

bool deploysToCluster(const ShellCommand &command)
{
    return isDeployment(command) && !isCloudRunDeployment(command);
}

bool mentionsMigrations(const SceneFile &file)
{
    const QStringList texts = allTexts(*file.workflow);
    return std::any_of(file.jobs.begin(), file.jobs.end(),
                       [](const SceneJob &job) { return hasCommand(job, isMigration); })
           || std::any_of(texts.begin(), texts.end(), [](const QString &text) {
                  return text.contains(QLatin1String("migrat"), Qt::CaseInsensitive)
                         || text.contains(QLatin1String("alembic"));
              });
}

QList<Match> neverMigrated(const Scene &scene, const SceneFile &file)
{
    // Where the console takes the database through its changes, a step here would do it twice.
    if (scene.surroundings.migrations == Surroundings::Migrations::ByConsole)
        return {};
    const auto production
        = std::find_if(file.jobs.begin(), file.jobs.end(), [](const SceneJob &job) {
              return job.deploys && job.isProduction && hasCommand(job, deploysToCluster);
          });
    if (production == file.jobs.end() || mentionsMigrations(file))
        return {};
    // With tests of its own it is a thing of its own, whatever else the repository holds.
    for (const SceneJob *job : file.before(*production)) {
        if (hasCommand(*job, isCheck))
            return {};
    }
    for (const SceneFile &other : scene.files) {
        if (other.deploys())
            continue;
        for (const SceneJob &job : other.jobs) {
            if (hasCommand(job, isMigration))
                return {matchAt(*production, production->job->at,
                                Words::tr("%1 migrates the database of its tests in job %2; no "
                                          "step here migrates that of production (a hook of the "
                                          "chart cannot be seen)")
                                    .arg(shortPath(other), job.job->key))};
        }
    }
    return {};
}

QList<Match> migrationMadeHere(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                const auto word = command.option(QStringLiteral("makemigrations"));
                if (word && !command.option(QStringLiteral("--check"))
                    && !command.option(QStringLiteral("--dry-run")))
                    matches.append(matchAt(
                        job, step, *word,
                        Words::tr("Job %1 writes a migration that nobody has read and nothing "
                                  "keeps")
                            .arg(job.job->key)));
            }
        }
    }
    return matches;
}

bool usesProject(const ShellCommand &command)
{
    static const QStringList installing = {QStringLiteral("uv"), QStringLiteral("uvx"),
                                           QStringLiteral("hatch"), QStringLiteral("rye")};
    const QList<ShellWord> words = command.effective();
    if (command.words.isEmpty() || installing.contains(command.words.first().text))
        return false; // they bring what is missing
    return command.program == QLatin1String("alembic")
           || (command.program.startsWith(QLatin1String("python"))
               && words.value(1).text.endsWith(QLatin1String("manage.py")));
}

/// It may bring the project's packages along.
bool mayInstall(const ShellCommand &command)
{
    const QString first = command.words.isEmpty() ? QString() : command.words.first().text;
    return isInstallation(command) || first.contains(QLatin1Char('/'))
           || first == QLatin1String("source") || first == QLatin1String(".");
}

QList<Match> nothingInstalled(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (job.job->container.isGiven()
            || job.job->runsOn.text().contains(QLatin1String("self-hosted")))
            continue;
        bool isReady = false;
        for (const SceneStep &step : job.steps) {
            isReady = isReady || step.action().startsWith(QLatin1String("./"))
                      || (!step.step->run.isEmpty() && step.commands.isEmpty());
            for (const ShellCommand &command : step.commands) {
                if (!isReady && usesProject(command)) {
                    matches.append(
                        matchAt(job, step, command.words.first(),
                                Words::tr("Job %1 runs %2 and has installed nothing that it needs")
                                    .arg(job.job->key, command.effective().value(1).text.endsWith(
                                                           QLatin1String("manage.py"))
                                                           ? QStringLiteral("manage.py")
                                                           : command.program)));
                    isReady = true; // told once a job
                }
                isReady = isReady || mayInstall(command);
            }
        }
    }
    return matches;
}

bool isCloudBuild(const ShellCommand &command)
{
    return command.runs(QStringLiteral("gcloud"),
                        {QStringLiteral("builds"), QStringLiteral("submit")});
}

QList<Match> migratedTooEarly(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (!job.deploys)
            continue;
        for (const SceneStep &step : job.steps) {
            const auto build
                = std::find_if(job.steps.begin(), job.steps.end(), [&](const SceneStep &later) {
                      return later.number > step.number
                             && (buildsImage(later) || hasCommand(later, isCloudBuild));
                  });
            if (build == job.steps.end())
                continue;
            for (const ShellCommand &command : step.commands) {
                if (isMigration(command))
                    matches.append(matchAt(
                        job, step, command.words.first(),
                        Words::tr("Job %1 migrates the database before \"%2\": if that fails, the "
                                  "schema is ahead of the code")
                            .arg(job.job->key, build->step->shownName())));
            }
        }
    }
    return matches;
}

} // namespace

QList<Rule> migrationRules()
{
    using Severity = Finding::Severity;
    return {
        // No more than a risk: a hook of the chart, which cannot be seen, may do it.
        {QStringLiteral("PD-33"), Severity::Risk, Words::tr("production is never migrated"),
         Words::tr(
             "What the tests run on has the new schema; what goes to production comes "
             "without it. Expand before the deployment, in a job with a lock timeout; or name the "
             "database and its change files in pilothouse.yaml and let the console do it."),
         QStringLiteral("- name: Expand the schema\n"
                        "  run: kubectl create job \"migrate-$COMMIT\" --from=cronjob/migrate\n"),
         neverMigrated},
        {QStringLiteral("PD-52"), Severity::Risk, Words::tr("a migration made on the way"),
         Words::tr("makemigrations writes code from what it finds. That belongs into a commit that "
                   "somebody reviews; a pipeline only checks that none is missing."),
         QStringLiteral("- run: python manage.py makemigrations --check --dry-run\n"),
         migrationMadeHere},
        {QStringLiteral("PD-53"), Severity::Blocks, Words::tr("nothing is installed"),
         Words::tr("Each job begins on a bare runner. Run the migration from the built image, "
                   "which has all it needs, near the database."),
         QStringLiteral("- run: gcloud run jobs execute migrate --region=us-central1 --wait\n"),
         nothingInstalled},
        {QStringLiteral("PD-54"), Severity::Risk, Words::tr("migrated before the build"),
         Words::tr("Build first, then expand the schema, then give traffic: then a failure leaves "
                   "what runs and what it needs together."),
         QStringLiteral("- run: gcloud builds submit --substitutions=_TAG=${{ github.sha }}\n"
                        "- run: gcloud run jobs execute migrate --wait\n"
                        "- run: gcloud run deploy context --no-traffic --tag=candidate\n"),
         migratedTooEarly},
    };
}

} // namespace pilothouse
