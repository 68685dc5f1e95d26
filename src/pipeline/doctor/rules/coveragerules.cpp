#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/alltexts.h"
#include "pipeline/doctor/questions.h"

#include <algorithm>

namespace pilothouse {

namespace {

struct PytestCoverage
{
    const SceneJob *job = nullptr;
    const SceneStep *step = nullptr;
    const ShellCommand *command = nullptr;
    QList<ShellWord> sources; ///< what stands behind --cov=
};

QList<PytestCoverage> coverages(const SceneFile &file)
{
    QList<PytestCoverage> found;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                if (command.program == QLatin1String("pytest")
                    && command.option(QStringLiteral("--cov")))
                    found.append({&job, &step, &command, command.values(QStringLiteral("--cov"))});
            }
        }
    }
    return found;
}

QList<Match> coverageWithoutLimit(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QStringList texts = allTexts(*file.workflow);
    const bool hasLimit = std::any_of(texts.begin(), texts.end(), [](const QString &text) {
        return text.contains(QLatin1String("fail-under"))
               || text.contains(QLatin1String("fail_under"));
    });
    if (hasLimit)
        return matches;
    for (const PytestCoverage &coverage : coverages(file)) {
        if (coverage.command->option(QStringLiteral("--cov-config")))
            continue; // the limit may stand there
        matches.append(matchAt(
            *coverage.job, *coverage.step, *coverage.command->option(QStringLiteral("--cov")),
            Words::tr("Job %1 measures the coverage, and no --cov-fail-under in this file makes "
                      "it fail below a limit")
                .arg(coverage.job->job->key)));
    }
    return matches;
}

/// Folders that bandit and mypy look through.
QStringList checkedFolders(const SceneFile &file)
{
    QStringList folders;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                if (command.program != QLatin1String("bandit")
                    && command.program != QLatin1String("mypy"))
                    continue;
                for (const ShellWord &word : command.words) {
                    const QString name = word.text.chopped(word.text.endsWith(QLatin1Char('/')));
                    if (name.size() < word.text.size() && !name.contains(QLatin1String("test"))
                        && !folders.contains(name))
                        folders.append(name);
                }
            }
        }
    }
    return folders;
}

QList<Match> coverageLeavesOut(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QStringList folders = checkedFolders(file);
    for (const PytestCoverage &coverage : coverages(file)) {
        QStringList left = folders;
        bool allKnown = !coverage.sources.isEmpty();
        for (const ShellWord &source : coverage.sources) {
            const QString name = source.text.chopped(source.text.endsWith(QLatin1Char('/')));
            allKnown = left.removeAll(name) > 0 && allKnown;
        }
        if (!allKnown || left.isEmpty())
            continue;
        matches.append(
            matchAt(*coverage.job, *coverage.step, coverage.sources.first(),
                    Words::tr("The coverage of job %1 leaves out %2, which the other checks of "
                              "this file look through")
                        .arg(coverage.job->job->key, left.join(QStringLiteral(", ")))));
    }
    return matches;
}

bool isCodecov(const SceneStep &step)
{
    return step.action() == QLatin1String("codecov/codecov-action");
}

QList<Match> codecovWithoutToken(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QString name = QStringLiteral("CODECOV_TOKEN");
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const bool hasToken = !step.input(QStringLiteral("token")).isEmpty()
                                  || step.input(QStringLiteral("use_oidc")) == QLatin1String("true")
                                  || step.step->env.find(name) || job.job->env.find(name)
                                  || file.workflow->env.find(name);
            if (isCodecov(step) && !hasToken && majorVersion(step.actionVersion()) >= 4)
                matches.append(matchAt(
                    job, step, step.step->uses.at,
                    Words::tr("%1 uploads nothing without a token").arg(step.step->uses.text)));
        }
    }
    return matches;
}

QList<Match> codecovMayFail(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const QString fails = step.input(QStringLiteral("fail_ci_if_error"));
            if (isCodecov(step) && (fails.isEmpty() || fails == QLatin1String("false")))
                matches.append(
                    matchAt(job, step, step.step->uses.at,
                            Words::tr("Job %1 stays green when the coverage does not reach Codecov")
                                .arg(job.job->key)));
        }
    }
    return matches;
}

QList<Match> codecovOldName(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const int version = majorVersion(step.actionVersion());
            const WorkflowSetting *old = step.step->with.find(QStringLiteral("file"));
            if (isCodecov(step) && old && (version == 0 || version >= 4))
                matches.append(matchAt(job, step, old->at,
                                       Words::tr("Codecov's input file is now called files (%1)")
                                           .arg(old->value.text)));
        }
    }
    return matches;
}

} // namespace

QList<Rule> coverageRules()
{
    using Severity = Finding::Severity;
    const QString codecov = QStringLiteral("- uses: codecov/codecov-action@<commit SHA>\n"
                                           "  with:\n"
                                           "    files: ./coverage.xml\n"
                                           "    token: ${{ secrets.CODECOV_TOKEN }}\n"
                                           "    fail_ci_if_error: true\n");
    return {
        {QStringLiteral("PD-13"), Severity::Gate, Words::tr("coverage without a limit"),
         Words::tr("Measured coverage stops nothing. A limit does: in the command, or as "
                   "fail_under in the settings of coverage."),
         QStringLiteral("- run: pytest --cov=core --cov-branch --cov-fail-under=80\n"),
         coverageWithoutLimit},
        {QStringLiteral("PD-13b"), Severity::Gate, Words::tr("coverage leaves code out"),
         Words::tr("A limit holds for what is measured. Code that is not measured can be without "
                   "any test."),
         QStringLiteral("- run: pytest --cov=core --cov=standalone --cov=coditect\n"),
         coverageLeavesOut},
        {QStringLiteral("PD-14"), Severity::Gate, Words::tr("Codecov without a token"),
         Words::tr("Since version 4 the upload needs a token. Without one nothing arrives, so no "
                   "status can stop a merge."),
         codecov, codecovWithoutToken},
        {QStringLiteral("PD-14b"), Severity::Gate, Words::tr("a failed upload passes"),
         Words::tr("Without fail_ci_if_error the step succeeds although nothing was uploaded."),
         codecov, codecovMayFail},
        {QStringLiteral("PD-14c"), Severity::Hygiene, Words::tr("old input of Codecov"),
         Words::tr("file was renamed to files."), codecov, codecovOldName},
    };
}

} // namespace pilothouse
