#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/helmcommands.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

QList<Match> typedTag(const Scene &, const SceneFile &file)
{
    // The whole value, or it could not be a number.
    static const QRegularExpression sha(
        QStringLiteral("^[^=]*[tT]ag=(\\$\\{\\{[^}]*(sha|commit)[^}]*\\}\\}|\\$\\{?\\w*(sha|commit)"
                       "\\w*(:[^}]*)?\\}?)$"),
        QRegularExpression::CaseInsensitiveOption);
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            for (const ShellWord &word : helmSettings(*placed.command, {QStringLiteral("--set")})) {
                if (sha.match(word.text).hasMatch())
                    matches.append(
                        matchAt(job, *placed.step, word,
                                Words::tr("Helm reads %1 as a number if the commit looks like one "
                                          "(all digits, or digits with one e)")
                                    .arg(word.text)));
            }
        }
    }
    return matches;
}

QList<Match> noWayBack(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (!job.isProduction || hasWayBack(file, job))
            continue;
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            if (bringsOnlyCandidate(*placed.command)
                || placed.command->option(QStringLiteral("--atomic"))
                || placed.command->option(QStringLiteral("--rollback-on-failure")))
                continue;
            matches.append(matchAt(
                job, *placed.step, placed.command->words.first(),
                Words::tr("When this fails, job %1 leaves production as it is: neither --atomic "
                          "nor a step with if: failure() takes it back")
                    .arg(job.job->key)));
            break;
        }
    }
    return matches;
}

QList<Match> reusedValues(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            if (const auto word = placed.command->option(QStringLiteral("--reuse-values")))
                matches.append(matchAt(
                    job, *placed.step, *word,
                    Words::tr("Job %1 takes the values of whatever revision was last, that of "
                              "another run too")
                        .arg(job.job->key)));
        }
    }
    return matches;
}

/// What is installed or upgraded, by the name of its release.
QString releaseOf(const ShellCommand &command)
{
    QStringList plain;
    const QList<ShellWord> words = command.effective();
    for (const ShellWord &word : words.mid(1)) {
        if (!word.text.startsWith(QLatin1Char('-')))
            plain.append(word.text);
    }
    return plain.value(1);
}

struct ProductionRelease
{
    const SceneJob *job = nullptr;
    const ShellCommand *command = nullptr;
};

QHash<QString, ProductionRelease> productionReleases(const SceneFile &file)
{
    QHash<QString, ProductionRelease> releases;
    for (const SceneJob &job : file.jobs) {
        if (!job.isProduction)
            continue;
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            const QString release = releaseOf(*placed.command);
            if (!releases.contains(release))
                releases.insert(release, {&job, placed.command});
        }
    }
    return releases;
}

QList<Match> otherTopology(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QHash<QString, ProductionRelease> releases = productionReleases(file);
    for (const SceneJob &job : file.jobs) {
        if (job.isProduction)
            continue;
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            const ProductionRelease production = releases.value(releaseOf(*placed.command));
            if (!production.command || production.command->option(QStringLiteral("--values"))
                || production.command->option(QStringLiteral("-f")))
                continue;
            const QList<ShellWord> theirs = helmSettings(*production.command);
            QStringList names;
            Position first;
            for (const ShellWord &setting : helmSettings(*placed.command)) {
                const QString key = setting.text.section(QLatin1Char('='), 0, 0);
                if (!setting.text.endsWith(QLatin1String(".enabled=true"))
                    || key.startsWith(QLatin1String("canary")) || settingOf(theirs, {key}))
                    continue;
                if (names.isEmpty())
                    first = placed.step->placeOf(setting.at);
                names.append(key.section(QLatin1Char('.'), 0, -2));
            }
            if (!names.isEmpty())
                matches.append(
                    matchAt(job, *placed.step, first,
                            Words::tr("Job %1 switches on %2 and job %3 says nothing about it: one "
                                      "is no rehearsal of the other")
                                .arg(job.job->key, names.join(QStringLiteral(", ")),
                                     production.job->job->key)));
        }
    }
    return matches;
}

bool runsHelm(const ShellCommand &command)
{
    return command.program == QLatin1String("helm");
}

bool installsHelm(const SceneJob &job)
{
    return job.job->container.isGiven()
           || std::any_of(job.steps.begin(), job.steps.end(), [](const SceneStep &step) {
                  return step.action().endsWith(QLatin1String("/setup-helm"))
                         || step.action().startsWith(QLatin1String("./"))
                         || step.step->run.text.contains(QLatin1String("get-helm"))
                         || step.step->run.text.contains(QLatin1String("get.helm.sh"));
              });
}

QList<Match> helmOfTheRunner(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const auto installing = std::find_if(file.jobs.begin(), file.jobs.end(), installsHelm);
    if (installing == file.jobs.end())
        return matches;
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedCommand> commands = commandsOf(job, runsHelm);
        if (!commands.isEmpty() && !installsHelm(job))
            matches.append(matchAt(
                job, *commands.first().step, commands.first().command->words.first(),
                Words::tr("Job %1 runs the Helm that the runner happens to have; job %2 installs "
                          "a chosen one")
                    .arg(job.job->key, installing->job->key)));
    }
    return matches;
}

} // namespace

QList<Rule> helmRules()
{
    using Severity = Finding::Severity;
    return {
        {QStringLiteral("PD-29"), Severity::Risk, Words::tr("a commit read as a number"),
         Words::tr("--set gives values a type. A short commit of digits only, or with one e among "
                   "them, becomes a number and names no image."),
         QStringLiteral("--set-string image.tag=${{ github.sha }}\n"), typedTag},
        {QStringLiteral("PD-34"), Severity::Gate, Words::tr("no rollback after a failure"),
         Words::tr("Nothing here goes back by itself. Take the traffic away first, then the "
                   "revision, then tell somebody."),
         wayBackStep(), noWayBack},
        {QStringLiteral("PD-36"), Severity::Risk, Words::tr("values of the last revision"),
         Words::tr("--reuse-values takes what the last revision had, whoever made it, and hides "
                   "new defaults of the chart."),
         QStringLiteral("helm upgrade context ./helm/context --reset-then-reuse-values \\\n"
                        "  --values values-production.yaml\n"),
         reusedValues},
        {QStringLiteral("PD-38"), Severity::Risk, Words::tr("staging is built otherwise"),
         Words::tr("What is switched on by hand for one environment is missing or chosen by the "
                   "chart's defaults in the other. Write each environment's values down."),
         QStringLiteral("--values helm/context/values-production.yaml\n"), otherTopology},
        {QStringLiteral("PD-41"), Severity::Hygiene, Words::tr("Helm comes from the runner"),
         Words::tr("Two jobs of one deployment use two versions of Helm, and one of them changes "
                   "with the runner's image."),
         QStringLiteral("- uses: azure/setup-helm@<commit SHA>\n"
                        "  with:\n"
                        "    version: v3.16.3\n"),
         helmOfTheRunner},
    };
}

} // namespace pilothouse
