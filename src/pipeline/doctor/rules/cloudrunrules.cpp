#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/questions.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

bool isCloudRunAction(const SceneStep &step)
{
    return step.action() == QLatin1String("google-github-actions/deploy-cloudrun");
}

/// Calls `what(job, step, command)` for each `gcloud run deploy`.
template <typename What>
void forEachCloudRunDeployment(const SceneFile &file, What what)
{
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                if (isCloudRunDeployment(command))
                    what(job, step, command);
            }
        }
    }
}

bool isBuildsSubmit(const ShellCommand &command)
{
    return command.runs(QStringLiteral("gcloud"),
                        {QStringLiteral("builds"), QStringLiteral("submit")});
}

bool namesCommit(const QString &text)
{
    static const QRegularExpression commit(QStringLiteral("github\\.sha|GITHUB_SHA|head_sha"));
    return commit.match(text).hasMatch();
}

/// Whether a build before it has been told the commit, or nothing before it builds.
bool buildKnowsCommit(const SceneFile &file, const SceneJob &job)
{
    bool builds = false;
    for (const SceneJob *earlier : file.before(job)) {
        for (const SceneStep &step : earlier->steps) {
            if (buildsImage(step))
                return true;
            for (const ShellCommand &command : step.commands) {
                if (!isBuildsSubmit(command))
                    continue;
                builds = true;
                const bool told = std::any_of(
                    command.words.begin(), command.words.end(), [](const ShellWord &word) {
                        // Or a variable that may hold the commit.
                        return namesCommit(word.text) || word.text.contains(QLatin1String("TAG="))
                               || word.text.contains(QLatin1String("SHA="));
                    });
                if (told || command.option(QStringLiteral("--tag"))
                    || command.option(QStringLiteral("-t")))
                    return true;
            }
        }
    }
    return !builds;
}

QList<Match> imageNobodyBuilt(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    forEachCloudRunDeployment(
        file, [&](const SceneJob &job, const SceneStep &step, const ShellCommand &command) {
            for (const ShellWord &image : command.values(QStringLiteral("--image"))) {
                if (namesCommit(image.text) && !buildKnowsCommit(file, job))
                    matches.append(matchAt(
                        job, step, image,
                        Words::tr("Job %1 deploys the tag of this commit (%2), and gcloud builds "
                                  "submit was not told it")
                            .arg(job.job->key, image.text)));
            }
        });
    return matches;
}

QList<Match> allTrafficAtOnce(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const auto add = [&](const SceneJob &job, const SceneStep &step, const Position &at) {
        if (job.isProduction)
            matches.append(matchAt(
                job, step, at,
                Words::tr("Job %1 gives the new revision all traffic at once").arg(job.job->key)));
    };
    forEachCloudRunDeployment(
        file, [&](const SceneJob &job, const SceneStep &step, const ShellCommand &command) {
            if (!command.option(QStringLiteral("--no-traffic")))
                add(job, step, step.placeOf(command.at()));
        });
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const QString none = step.input(QStringLiteral("no_traffic"));
            if (isCloudRunAction(step) && (none.isEmpty() || none == QLatin1String("false"))
                && !step.input(QStringLiteral("flags")).contains(QLatin1String("--no-traffic")))
                add(job, step, step.step->uses.at);
        }
    }
    return matches;
}

QList<Match> openToAll(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QString flag = QStringLiteral("--allow-unauthenticated");
    const auto sentence = [](const SceneJob &job) {
        return Words::tr("Job %1 opens the service to everybody with each deployment")
            .arg(job.job->key);
    };
    forEachCloudRunDeployment(
        file, [&](const SceneJob &job, const SceneStep &step, const ShellCommand &command) {
            if (const auto word = command.option(flag))
                matches.append(matchAt(job, step, *word, sentence(job)));
        });
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const WorkflowSetting *flags = step.step->with.find(QStringLiteral("flags"));
            if (isCloudRunAction(step) && flags && flags->value.text.contains(flag))
                matches.append(matchAt(job, step, flags->at, sentence(job)));
        }
    }
    return matches;
}

QList<Match> variablesReplaced(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                const bool changes
                    = isCloudRunDeployment(command)
                      || command.runs(QStringLiteral("gcloud"),
                                      {QStringLiteral("run"), QStringLiteral("services"),
                                       QStringLiteral("update")});
                const auto word = command.option(QStringLiteral("--set-env-vars"));
                if (changes && word)
                    matches.append(matchAt(
                        job, step, *word,
                        Words::tr("Job %1 removes every variable of the service that is not in "
                                  "this list")
                            .arg(job.job->key)));
            }
        }
    }
    return matches;
}

bool givesAllTraffic(const SceneStep &step)
{
    return std::any_of(step.commands.begin(), step.commands.end(), [](const ShellCommand &command) {
        return isCloudRunDeployment(command) && !command.option(QStringLiteral("--no-traffic"));
    });
}

QList<Match> checkedTooLate(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        bool isDeployed = false;
        for (const SceneStep &step : job.steps) {
            const bool checks = std::any_of(step.commands.begin(), step.commands.end(),
                                            [](const ShellCommand &command) {
                                                return command.program == QLatin1String("curl")
                                                       || command.program == QLatin1String("wget");
                                            });
            for (const ShellCommand &command : step.commands) {
                const bool asksUrl
                    = command.runs(QStringLiteral("gcloud"),
                                   {QStringLiteral("run"), QStringLiteral("services"),
                                    QStringLiteral("describe")})
                      && std::any_of(command.words.begin(), command.words.end(),
                                     [](const ShellWord &word) {
                                         return word.text.contains(QLatin1String("status.url"));
                                     });
                if (isDeployed && asksUrl && checks)
                    matches.append(matchAt(
                        job, step, command.words.first(),
                        Words::tr("Job %1 checks the service after all traffic is on the new "
                                  "revision, at the address that any revision answers")
                            .arg(job.job->key)));
            }
            isDeployed = isDeployed || givesAllTraffic(step);
        }
    }
    return matches;
}

QList<Match> noWayBackOnCloudRun(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    forEachCloudRunDeployment(file, [&](const SceneJob &job, const SceneStep &step,
                                        const ShellCommand &command) {
        if (job.isProduction && !command.option(QStringLiteral("--no-traffic"))
            && !hasWayBack(file, job))
            matches.append(
                matchAt(job, step, command.words.first(),
                        Words::tr("If a later step of job %1 fails, the new revision keeps all the "
                                  "traffic")
                            .arg(job.job->key)));
    });
    return matches;
}

QList<Match> unquotedAddress(const Scene &, const SceneFile &file)
{
    static const QRegularExpression variable(QStringLiteral("^\\$\\{?([A-Za-z_][A-Za-z0-9_]*)"));
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            QStringList asked; // variables that hold what a command answered
            for (const ShellCommand &command : step.commands) {
                for (const ShellWord &assignment : command.assignments) {
                    if (assignment.raw.contains(QLatin1String("$(")))
                        asked.append(assignment.raw.section(QLatin1Char('='), 0, 0));
                }
                if (command.program != QLatin1String("curl"))
                    continue;
                for (const ShellWord &word : command.words) {
                    const QString name = variable.match(word.raw).captured(1);
                    if (asked.contains(name))
                        matches.append(matchAt(
                            job, step, word,
                            Words::tr("%1 is not in quotes: what the command before it answered "
                                      "may be empty or several words")
                                .arg(word.raw)));
                }
            }
        }
    }
    return matches;
}

QList<Match> needlessPlatform(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                const QList<ShellWord> platform = command.values(QStringLiteral("--platform"));
                if (command.runs(QStringLiteral("gcloud"), {QStringLiteral("run")})
                    && !platform.isEmpty() && platform.first().text == QLatin1String("managed"))
                    matches.append(matchAt(job, step, *command.option(QStringLiteral("--platform")),
                                           Words::tr("--platform=managed says what is so anyway")));
            }
        }
    }
    return matches;
}

QList<Match> noServiceAccount(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    forEachCloudRunDeployment(
        file, [&](const SceneJob &job, const SceneStep &step, const ShellCommand &command) {
            if (!command.option(QStringLiteral("--service-account"))
                && !command.option(QStringLiteral("--flags-file")))
                matches.append(matchAt(
                    job, step, command.words.first(),
                    Words::tr("Job %1 does not say as whom the service runs; by default it is the "
                              "project's own account, which may do nearly everything")
                        .arg(job.job->key)));
        });
    return matches;
}

} // namespace

QList<Rule> cloudRunRules()
{
    using Severity = Finding::Severity;
    const QString gradual
        = QStringLiteral("gcloud run deploy context --image=\"$IMAGE_BY_DIGEST\" \\\n"
                         "  --no-traffic --tag=candidate\n"
                         "curl --fail --retry 5 \"$CANDIDATE_URL/health\"\n"
                         "gcloud run services update-traffic context --to-tags=candidate=10\n");
    return {
        {QStringLiteral("PD-50"), Severity::Blocks, Words::tr("deploys an image nobody built"),
         Words::tr("A manual gcloud builds submit knows no commit: $COMMIT_SHA is empty in it. The "
                   "tag must be handed over, or the digest read back."),
         QStringLiteral("gcloud builds submit --config=cloudbuild.yaml \\\n"
                        "  --substitutions=_TAG=${{ github.sha }}\n"),
         imageNobodyBuilt},
        {QStringLiteral("PD-55"), Severity::Risk, Words::tr("all traffic at once"),
         Words::tr("Without --no-traffic the new revision serves everybody before anything has "
                   "looked at it."),
         gradual, allTrafficAtOnce},
        {QStringLiteral("PD-56"), Severity::Risk, Words::tr("open to everybody"),
         Words::tr("Each deployment makes the service public again, whatever was decided "
                   "meanwhile. Who may call it belongs to the infrastructure's code."),
         QStringLiteral("gcloud run deploy context --no-allow-unauthenticated\n"), openToAll},
        {QStringLiteral("PD-57"), Severity::Risk, Words::tr("all variables replaced"),
         Words::tr("--set-env-vars removes what it does not name."),
         QStringLiteral("--update-env-vars=DJANGO_SETTINGS_MODULE=coditect.settings.production\n"),
         variablesReplaced},
        {QStringLiteral("PD-58"), Severity::Risk, Words::tr("checked too late"),
         Words::tr("A check helps before the traffic. The service's own address answers from "
                   "whichever revision has the traffic; the address of a tag does not."),
         gradual, checkedTooLate},
        {QStringLiteral("PD-58b"), Severity::Risk, Words::tr("no way back on Cloud Run"),
         Words::tr("The revision before stands ready; sending the traffic back to it takes "
                   "seconds."),
         QStringLiteral("- if: failure() || cancelled()\n"
                        "  run: gcloud run services update-traffic context "
                        "--to-revisions=\"$PREVIOUS\"=100\n"),
         noWayBackOnCloudRun},
        {QStringLiteral("PD-58c"), Severity::Hygiene, Words::tr("address without quotes"),
         Words::tr("The shell splits what is not quoted, and an empty answer disappears."),
         QStringLiteral("curl --fail --retry 5 \"$URL/health\"\n"), unquotedAddress},
        {QStringLiteral("PD-60b"), Severity::Hygiene, Words::tr("needless --platform"),
         Words::tr("Cloud Run has had no other platform for years."),
         QStringLiteral("gcloud run deploy context --region=us-central1\n"), needlessPlatform},
        {QStringLiteral("PD-60c"), Severity::Hygiene, Words::tr("no account chosen"),
         Words::tr("A service that runs as the project's default account can do far more than it "
                   "needs."),
         QStringLiteral("--service-account=context@PROJECT.iam.gserviceaccount.com\n"),
         noServiceAccount},
    };
}

} // namespace pilothouse
