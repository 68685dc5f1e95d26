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
    return {
        {QStringLiteral("PD-12"), Severity::Blocks, Words::tr("service without ports"),
         Words::tr("Where the job itself runs on the runner, a service is reached at localhost "
                   "only through ports that are mapped."),
         QStringLiteral("services:\n"
                        "  postgres:\n"
                        "    image: postgres:15.8\n"
                        "    ports: ['5432:5432']\n"),
         closedService},
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
