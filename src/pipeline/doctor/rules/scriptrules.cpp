#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/questions.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// Calls `what(job, step, command)` for every command of the file.
template <typename What>
void forEachCommand(const SceneFile &file, What what)
{
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands)
                what(job, step, command);
        }
    }
}

bool isKubectlRun(const ShellCommand &command)
{
    return command.program == QLatin1String("kubectl") && command.words.size() > 2
           && command.words[1].text == QLatin1String("run");
}

QList<Match> fixedPodName(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    forEachCommand(file, [&](const SceneJob &job, const SceneStep &step,
                             const ShellCommand &command) {
        if (!isKubectlRun(command))
            return;
        const ShellWord &name = command.words[2];
        if (!name.text.contains(QLatin1Char('$')) && !name.text.startsWith(QLatin1Char('-')))
            matches.append(matchAt(
                job, step, name,
                Words::tr("Job %1 starts a pod that is always called %2: one left over makes the "
                          "next run fail")
                    .arg(job.job->key, name.text)));
    });
    return matches;
}

QList<Match> floatingTestImage(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    forEachCommand(
        file, [&](const SceneJob &job, const SceneStep &step, const ShellCommand &command) {
            if (!isKubectlRun(command))
                return;
            for (const ShellWord &image : command.values(QStringLiteral("--image"))) {
                if (image.text.endsWith(QLatin1String(":latest")))
                    matches.append(matchAt(job, step, image,
                                           Words::tr("Job %1 tests with whatever %2 is today")
                                               .arg(job.job->key, image.text)));
            }
        });
    return matches;
}

QList<Match> askedOnce(const Scene &, const SceneFile &file)
{
    static const QRegularExpression probe(QStringLiteral(
        "/(health|healthz|healthcheck|ready|readyz|live|livez|ping|status|version)(/|\\?|$)"));
    QList<Match> matches;
    if (!file.deploys())
        return matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (qsizetype i = 0; i < step.commands.size(); ++i) {
                const ShellCommand &command = step.commands[i];
                const auto curl = command.option(QStringLiteral("curl"));
                const bool probes = std::any_of(
                    command.words.begin(), command.words.end(), [&](const ShellWord &word) {
                        return probe.match(word.text).hasMatch()
                               && !word.text.contains(QLatin1String("//localhost"))
                               && !word.text.contains(QLatin1String("//127.0.0.1"));
                    });
                if (!curl || !probes || command.loops > 0
                    || command.option(QStringLiteral("--retry")))
                    continue;
                const bool exits = command.then == ShellCommand::Then::Or
                                   && i + 1 < step.commands.size()
                                   && step.commands[i + 1].program == QLatin1String("exit");
                matches.append(matchAt(
                    job, step, *curl,
                    exits ? Words::tr("Job %1 asks once, with no --retry and no --max-time; "
                                      "|| exit 1 adds nothing, the step fails anyway")
                                .arg(job.job->key)
                          : Words::tr("Job %1 asks once, with no --retry and no --max-time")
                                .arg(job.job->key)));
            }
        }
    }
    return matches;
}

/// Later commands of the step choose what is checked out.
bool isPinnedLater(const SceneStep &step, const ShellCommand &clone)
{
    return std::any_of(step.commands.begin(), step.commands.end(), [&](const ShellCommand &later) {
        return clone.at() < later.at()
               && (later.runs(QStringLiteral("git"), {QStringLiteral("checkout")})
                   || later.runs(QStringLiteral("git"), {QStringLiteral("switch")})
                   || later.runs(QStringLiteral("git"), {QStringLiteral("reset")}));
    });
}

QList<Match> unpinnedClone(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    if (!file.deploys())
        return matches; // data of tests and the like
    forEachCommand(file, [&](const SceneJob &job, const SceneStep &step,
                             const ShellCommand &command) {
        if (!command.runs(QStringLiteral("git"), {QStringLiteral("clone")})
            || command.option(QStringLiteral("--branch")) || command.option(QStringLiteral("-b"))
            || isPinnedLater(step, command))
            return;
        for (const ShellWord &word : command.words) {
            if (word.text.startsWith(QLatin1String("https://"))
                && !word.text.contains(QLatin1Char('@')))
                matches.append(matchAt(
                    job, step, word,
                    Words::tr("Job %1 clones %2 without a credential and without a commit: of a "
                              "private repository nothing comes, of a public one whatever is "
                              "newest")
                        .arg(job.job->key, word.text)));
        }
    });
    return matches;
}

/// A folder or archive that is given to `gcloud builds submit`.
bool hasSource(const ShellCommand &command)
{
    const QList<ShellWord> words = command.effective();
    bool isValue = false;
    qsizetype plain = 0;
    for (const ShellWord &word : words.mid(1)) {
        const bool isOption = word.text.startsWith(QLatin1Char('-'));
        if (!isOption && !isValue)
            ++plain;
        isValue = isOption && !word.text.contains(QLatin1Char('='))
                  && word.text != QLatin1String("--async") && word.text != QLatin1String("--quiet");
    }
    return plain > 2 || command.option(QStringLiteral("--no-source"));
}

bool changesFolder(const ShellCommand &command)
{
    return command.program == QLatin1String("cd") && command.nested == 0
           && command.words.size() > 1;
}

QList<Match> wrongFolder(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        QString left; // the folder that an earlier step went to
        for (const SceneStep &step : job.steps) {
            QString here;
            for (const ShellCommand &command : step.commands) {
                if (changesFolder(command))
                    here = command.words[1].text;
                const bool submits = command.runs(
                    QStringLiteral("gcloud"), {QStringLiteral("builds"), QStringLiteral("submit")});
                if (submits && here.isEmpty() && !left.isEmpty() && !hasSource(command)
                    && !step.step->workingDirectory.isGiven())
                    matches.append(matchAt(
                        job, step, command.words.first(),
                        Words::tr("Job %1 submits this repository, not %2: each step begins in "
                                  "the workspace again")
                            .arg(job.job->key, left)));
            }
            if (!here.isEmpty())
                left = here;
        }
    }
    return matches;
}

QList<Match> lostFolder(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            if (step.commands.isEmpty() || !changesFolder(step.commands.last())
                || step.commands.last().loops > 0)
                continue;
            const ShellCommand &last = step.commands.last();
            matches.append(matchAt(job, step, last.words.first(),
                                   Words::tr("cd %1 is the last command of its step and changes "
                                             "nothing for the next one")
                                       .arg(last.words[1].text)));
        }
    }
    return matches;
}

QList<Match> copiedIntoClone(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        QStringList clones;
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                if (command.runs(QStringLiteral("git"), {QStringLiteral("clone")})
                    && !command.words.last().text.contains(QLatin1String("://")))
                    clones.append(command.words.last().text);
                static const QRegularExpression recursive(
                    QStringLiteral("^(-[a-zA-Z]*[rRa][a-zA-Z]*|--recursive|--archive)$"));
                const bool copies = command.program == QLatin1String("cp")
                                    && std::any_of(command.words.begin(), command.words.end(),
                                                   [](const ShellWord &word) {
                                                       return recursive.match(word.text).hasMatch();
                                                   });
                if (!copies)
                    continue;
                const QString to = command.words.last().text;
                for (const QString &clone : std::as_const(clones)) {
                    if (to.startsWith(clone + QLatin1Char('/')))
                        matches.append(matchAt(
                            job, step, command.words.first(),
                            Words::tr("Job %1 copies source into a clone of another repository "
                                      "(%2); where the folder is there already, the copy goes "
                                      "inside it")
                                .arg(job.job->key, to)));
                }
            }
        }
    }
    return matches;
}

QList<Match> appendedRequirements(const Scene &, const SceneFile &file)
{
    static const QRegularExpression manifest(QStringLiteral(
        "(^|/)(requirements[^/]*\\.txt|constraints[^/]*\\.txt|go\\.mod|Gemfile|package\\.json)$"));
    QList<Match> matches;
    forEachCommand(file, [&](const SceneJob &job, const SceneStep &step,
                             const ShellCommand &command) {
        for (const ShellRedirection &to : command.redirections) {
            if (to.sign.endsWith(QLatin1String(">>")) && manifest.match(to.target.text).hasMatch())
                matches.append(matchAt(
                    job, step, to.target,
                    Words::tr("Job %1 appends to %2: packages stand twice there, in two versions "
                              "if it comes to that")
                        .arg(job.job->key, to.target.text)));
        }
    });
    return matches;
}

} // namespace

QList<Rule> scriptRules()
{
    using Severity = Finding::Severity;
    const QString probe = QStringLiteral(
        "curl --fail --retry 5 --retry-all-errors --max-time 10 \"$URL/health\"\n");
    const QString wheel = QStringLiteral("- run: poetry publish --build\n"
                                         "# and in the other repository, in a pull request:\n"
                                         "# context-intelligence = \"1.4.2\"\n");
    return {
        {QStringLiteral("PD-43"), Severity::Risk, Words::tr("fixed name of a pod"),
         Words::tr("A pod that was not removed keeps its name; the next run cannot start its own."),
         QStringLiteral("kubectl run \"smoke-${{ github.run_id }}-${{ github.run_attempt }}\"\n"),
         fixedPodName},
        {QStringLiteral("PD-43b"), Severity::Risk, Words::tr("floating image of a test"),
         Words::tr("A test must fail because of what it tests, not because its tool has changed."),
         QStringLiteral("--image=curlimages/curl:8.10.1\n"), floatingTestImage},
        {QStringLiteral("PD-43c"), Severity::Risk, Words::tr("one question is no smoke test"),
         Words::tr("A new pod may need some seconds, and an old one may answer. Ask again, with a "
                   "limit, and compare the version that answers."),
         probe, askedOnce},
        // No more than a risk: a public repository comes without a credential.
        {QStringLiteral("PD-48"), Severity::Risk, Words::tr("another repository at its tip"),
         Words::tr("What comes is neither chosen nor recorded, and a private repository needs a "
                   "token."),
         QStringLiteral("- uses: actions/checkout@<commit SHA>\n"
                        "  with:\n"
                        "    repository: coditect-ai/coditect-backend\n"
                        "    ref: <commit SHA>\n"
                        "    token: ${{ steps.app-token.outputs.token }}\n"),
         unpinnedClone},
        {QStringLiteral("PD-49"), Severity::Blocks, Words::tr("builds the wrong folder"),
         Words::tr("A folder that a step went to is left at its end. The next step stands in the "
                   "checkout of this repository."),
         QStringLiteral("- working-directory: backend\n"
                        "  run: gcloud builds submit --config=cloudbuild.yaml\n"),
         wrongFolder},
        {QStringLiteral("PD-49b"), Severity::Hygiene, Words::tr("cd without effect"),
         Words::tr("Each step has a shell of its own."),
         QStringLiteral("- working-directory: backend\n  run: python manage.py check\n"),
         lostFolder},
        {QStringLiteral("PD-51"), Severity::Risk, Words::tr("source copied on the way"),
         Words::tr("What is built then is in no commit of either repository. Publish a package "
                   "with a version and depend on it."),
         wheel, copiedIntoClone},
        {QStringLiteral("PD-51b"), Severity::Risk, Words::tr("requirements put together"),
         Words::tr("Two lists of packages do not make one: the same package comes twice, and a "
                   "lock file knows nothing of it."),
         wheel, appendedRequirements},
    };
}

} // namespace pilothouse
