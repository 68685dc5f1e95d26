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

/// Where a service of this image listens; 0 = not known.
int usualPort(const QString &image)
{
    static const QHash<QString, int> ports
        = {{QStringLiteral("postgres"), 5432},  {QStringLiteral("postgis"), 5432},
           {QStringLiteral("pgvector"), 5432},  {QStringLiteral("redis"), 6379},
           {QStringLiteral("valkey"), 6379},    {QStringLiteral("mysql"), 3306},
           {QStringLiteral("mariadb"), 3306},   {QStringLiteral("mongo"), 27017},
           {QStringLiteral("rabbitmq"), 5672},  {QStringLiteral("memcached"), 11211},
           {QStringLiteral("weaviate"), 8080},  {QStringLiteral("elasticsearch"), 9200},
           {QStringLiteral("opensearch"), 9200}};
    return ports.value(imageName(image), 0);
}

bool isReachedAtLocalhost(const SceneFile &file, const SceneJob &job, int port)
{
    QStringList texts = allTexts(*job.job);
    for (const WorkflowSetting &setting : file.workflow->env.entries)
        texts.append(setting.value.text);
    static const QStringList hosts{QStringLiteral("localhost"), QStringLiteral("127.0.0.1")};
    for (const QString &host : hosts) {
        const QString address
            = host + QLatin1Char(':') + (port > 0 ? QString::number(port) : QString());
        for (const QString &text : std::as_const(texts)) {
            if (text.contains(address) || text == host)
                return true;
        }
    }
    return false;
}

QList<Match> closedService(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (job.job->container.isGiven())
            continue;
        for (const WorkflowContainer &service : job.job->services) {
            const bool isOpen = service.ports.isGiven()
                                || service.options.text.contains(QLatin1String("-p "))
                                || service.options.text.contains(QLatin1String("--publish"))
                                || service.options.text.contains(QLatin1String("--network"));
            const int port = usualPort(service.image.text);
            if (isOpen || !isReachedAtLocalhost(file, job, port))
                continue;
            matches.append(
                matchAt(job, service.at,
                        Words::tr("Service %1 has no ports, so job %2 finds nobody at %3")
                            .arg(service.key, job.job->key,
                                 port > 0 ? QStringLiteral("localhost:%1").arg(port)
                                          : QStringLiteral("localhost"))));
        }
    }
    return matches;
}

QList<Match> floatingService(const Scene &, const SceneFile &file)
{
    static const QRegularExpression minor(QStringLiteral("\\d[.-]\\d"));
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const WorkflowContainer &service : job.job->services) {
            const QString &image = service.image.text;
            const QString tag = image.section(QLatin1Char('/'), -1).section(QLatin1Char(':'), 1);
            if (image.isEmpty() || service.image.isExpression() || image.contains(QLatin1Char('@'))
                || minor.match(tag).hasMatch())
                continue;
            matches.append(matchAt(job, service.image.at,
                                   Words::tr("Service %1 of job %2 runs whatever %3 is today")
                                       .arg(service.key, job.job->key, image)));
        }
    }
    return matches;
}

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

/// Names of files that the checks of a step are given, without their folders.
QStringList namesGivenToChecks(const SceneStep &step)
{
    static const QRegularExpression between(QStringLiteral("[/=:,]"));
    QStringList names;
    for (const ShellCommand &command : step.commands) {
        if (!isCheck(command))
            continue;
        for (const ShellWord &word : command.words)
            names.append(word.text.split(between).last());
        for (const ShellRedirection &to : command.redirections)
            names.append(to.target.text.split(between).last());
    }
    return names;
}

QList<Match> reportLost(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        QHash<QString, const SceneStep *> writers; // name of a file → the check that writes it
        for (const SceneStep &step : job.steps) {
            if (step.step->continueOnError.text != QLatin1String("true")) {
                for (const QString &name : namesGivenToChecks(step)) {
                    if (!name.isEmpty() && !writers.contains(name))
                        writers.insert(name, &step);
                }
            }
            if (step.action() != QLatin1String("actions/upload-artifact") || runsAfterFailure(step))
                continue;
            const QStringList paths
                = step.input(QStringLiteral("path")).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
            for (const QString &path : paths) {
                const QString name = path.trimmed().section(QLatin1Char('/'), -1);
                const SceneStep *writer = writers.value(name);
                if (!writer)
                    continue;
                matches.append(matchAt(
                    job, step, step.step->at,
                    Words::tr("If \"%1\" fails, %2 is not uploaded: this step has no if: always()")
                        .arg(writer->step->shownName(), name)));
                break;
            }
        }
    }
    return matches;
}

QList<Match> banditWithoutPolicy(const Scene &, const SceneFile &file)
{
    static const QRegularExpression policy(QStringLiteral(
        "^(-l+|-i+|--severity-level.*|--confidence-level.*|-c|--configfile.*|--ini.*|-b|"
        "--baseline.*|-p|--profile.*|--exit-zero)$"));
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                const bool hasPolicy = std::any_of(
                    command.words.begin(), command.words.end(),
                    [](const ShellWord &word) { return policy.match(word.text).hasMatch(); });
                if (command.program == QLatin1String("bandit") && !hasPolicy)
                    matches.append(matchAt(
                        job, step, command.effective().first(),
                        Words::tr("bandit in job %1 fails on every finding alike: no severity is "
                                  "chosen")
                            .arg(job.job->key)));
            }
        }
    }
    return matches;
}

QList<Match> safetyCheck(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const ShellCommand &command : step.commands) {
                if (!command.runs(QStringLiteral("safety"), {QStringLiteral("check")}))
                    continue;
                const bool hides
                    = std::any_of(command.redirections.begin(), command.redirections.end(),
                                  [](const ShellRedirection &to) {
                                      return to.sign.startsWith(QLatin1Char('>'));
                                  });
                matches.append(matchAt(
                    job, step, command.effective().first(),
                    hides ? Words::tr("safety check is out of use, and its output goes to a file: "
                                      "the log does not say what failed")
                          : Words::tr("safety check is out of use: safety scan has taken its "
                                      "place")));
            }
        }
    }
    return matches;
}

} // namespace

QList<Rule> checkRules()
{
    using Severity = Finding::Severity;
    const QString codecov = QStringLiteral("- uses: codecov/codecov-action@<commit SHA>\n"
                                           "  with:\n"
                                           "    files: ./coverage.xml\n"
                                           "    token: ${{ secrets.CODECOV_TOKEN }}\n"
                                           "    fail_ci_if_error: true\n");
    return {
        {QStringLiteral("PD-12"), Severity::Blocks, Words::tr("service without ports"),
         Words::tr("Where the job itself runs on the runner, a service is reached at localhost "
                   "only through ports that are mapped."),
         QStringLiteral("services:\n"
                        "  postgres:\n"
                        "    image: postgres:15.8\n"
                        "    ports: ['5432:5432']\n"),
         closedService},
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
        {QStringLiteral("PD-17"), Severity::Gate, Words::tr("the report is lost when it matters"),
         Words::tr("A step without a condition is skipped after a failure. The report of a check "
                   "is wanted just then."),
         QStringLiteral("- if: always()\n"
                        "  uses: actions/upload-artifact@<commit SHA>\n"),
         reportLost},
        {QStringLiteral("PD-17b"), Severity::Gate, Words::tr("scan without a severity"),
         Words::tr("A scan that fails on everything is soon switched off. Choose what stops a "
                   "merge."),
         QStringLiteral("- run: bandit -ll -r core/ -f sarif -o bandit.sarif\n"),
         banditWithoutPolicy},
        {QStringLiteral("PD-18"), Severity::Hygiene, Words::tr("safety check is out of use"),
         Words::tr("Its maintainers have replaced it. pip-audit and safety scan read the lock file "
                   "and say which package is affected."),
         QStringLiteral("- run: pip-audit --strict\n"), safetyCheck},
        {QStringLiteral("PD-22"), Severity::Risk, Words::tr("floating version of a service"),
         Words::tr("Tests tell about production only on the version that production runs; a major "
                   "number or no number changes under the tests."),
         QStringLiteral("services:\n"
                        "  postgres:\n"
                        "    image: postgres:15.8\n"),
         floatingService},
    };
}

} // namespace pilothouse
