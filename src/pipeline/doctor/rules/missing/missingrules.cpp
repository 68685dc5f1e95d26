#include "base/words.h"
#include "pipeline/doctor/imagequestions.h"
#include "pipeline/doctor/jobchain.h"
#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/families.h"
#include "pipeline/doctor/rules/missing/missingquestions.h"
#include "pipeline/doctor/trafficweights.h"

#include <algorithm>
#include <optional>

namespace pilothouse {

namespace {

QList<Match> nobodyVouches(const Scene &scene, const SceneFile &file)
{
    if (vouchesForImages(scene) || callsUnseen(scene, file))
        return {};
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            if (!buildsImage(step) || !imageLeaves(step))
                continue;
            const auto build = std::find_if(
                step.commands.begin(), step.commands.end(), [](const ShellCommand &command) {
                    return command.program == QLatin1String("docker")
                           || command.program == QLatin1String("podman")
                           || command.program == QLatin1String("buildah");
                });
            return {matchAt(
                job, step,
                build == step.commands.end() ? step.step->uses.at : step.placeOf(build->at()),
                Words::tr("Job %1 hands out an image that nothing has looked into: no file has a "
                          "scan, an SBOM or a signature")
                    .arg(job.job->key))};
        }
    }
    return {};
}

QList<Match> noTestReport(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        if (leavesReport(file, job))
            continue;
        const auto match = [&]() -> std::optional<Match> {
            for (const SceneStep &step : job.steps) {
                for (const ShellCommand &command : step.commands) {
                    if (command.program != QLatin1String("pytest")
                        || command.option(QStringLiteral("--version"))
                        || command.option(QStringLiteral("--collect-only"))
                        || command.option(QStringLiteral("--co")))
                        continue;
                    return matchAt(
                        job, step, command.effective().first(),
                        Words::tr("The tests of job %1 leave no report: which failed and how long "
                                  "each took stands in the log alone")
                            .arg(job.job->key));
                }
            }
            return std::nullopt;
        };
        if (const std::optional<Match> found = match())
            matches.append(*found);
    }
    return matches;
}

QList<Match> productionIsNotAsked(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedDeployment> deployments = openDeployments(job);
        if (!job.deploys || !job.isProduction || deployments.isEmpty() || isWayOut(job))
            continue;
        const PlacedDeployment &last = deployments.last();
        if (goesBack(last) || mayLookAfter(scene, file, job, last))
            continue;
        matches.append(matchAt(
            job, *last.step, last.at,
            Words::tr("After this nothing asks production whether the new version answers: job %1 "
                      "has no smoke test")
                .arg(job.job->key)));
    }
    return matches;
}

QList<Match> nobodyIsTold(const Scene &scene, const SceneFile &file)
{
    if (tellsSomebody(scene) || callsUnseen(scene, file))
        return {};
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedDeployment> deployments = openDeployments(job);
        const bool staysAsItIs
            = std::any_of(deployments.begin(), deployments.end(),
                          [](const PlacedDeployment &each) { return !goesBack(each); });
        if (job.deploys && job.isProduction && staysAsItIs && !isWayOut(job)
            && !hasWayBack(file, job))
            return {matchAt(job, job.job->at,
                            Words::tr("If job %1 stops half-way, production stays as it is, and "
                                      "no file has a step that tells anybody")
                                .arg(job.job->key))};
    }
    return {};
}

/// With the same means it is deployed somewhere else first, or may be.
bool isRehearsed(const Scene &scene, const QString &means)
{
    return std::any_of(scene.files.begin(), scene.files.end(), [&](const SceneFile &file) {
        return std::any_of(file.jobs.begin(), file.jobs.end(), [&](const SceneJob &job) {
            const QList<PlacedDeployment> deployments = openDeployments(job);
            return job.deploys && !job.isProduction
                   && std::any_of(
                       deployments.begin(), deployments.end(),
                       [&](const PlacedDeployment &each) { return meansOf(each) == means; });
        });
    });
}

QList<Match> productionIsFirst(const Scene &scene, const SceneFile &file)
{
    if (callsUnseen(scene, file))
        return {};
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedDeployment> deployments = openDeployments(job);
        const bool isStaged = !weightsOf(job).isEmpty()
                              || std::any_of(job.steps.begin(), job.steps.end(), mayShift);
        if (!job.deploys || !job.isProduction || deployments.isEmpty() || isStaged || isWayOut(job)
            || isRehearsed(scene, meansOf(deployments.first())))
            continue;
        matches.append(matchAt(
            job, job.job->at,
            Words::tr("Job %1 brings to all of production what has run nowhere before: no job "
                      "deploys it to staging, and no part of the traffic tries it")
                .arg(job.job->key)));
    }
    return matches;
}

} // namespace

QList<Rule> missingRules()
{
    using Severity = Finding::Severity;
    return {
        {QStringLiteral("PD-19"), Severity::Hygiene, Words::tr("an image nobody looked into"),
         Words::tr("Base images and packages have known holes, and a registry takes what it is "
                   "given. A scan that fails on the grave ones stops them here; an SBOM and a "
                   "signature tell later what was shipped, and whence it came."),
         QStringLiteral("- uses: aquasecurity/trivy-action@<commit SHA>\n"
                        "  with:\n"
                        "    image-ref: registry.example.org/context@${{ "
                        "steps.push.outputs.digest }}\n"
                        "    severity: CRITICAL,HIGH\n"
                        "    exit-code: '1'\n"),
         nobodyVouches},
        {QStringLiteral("PD-25"), Severity::Hygiene, Words::tr("tests without a report"),
         Words::tr("A report in JUnit's form can be shown beside the commit, and compared from run "
                   "to run: which test failed, which is slow, which only sometimes fails. Keep it "
                   "after a failure too."),
         QStringLiteral("- run: poetry run pytest --junitxml=report.xml\n"
                        "- if: always()\n"
                        "  uses: actions/upload-artifact@<commit SHA>\n"
                        "  with: {name: test-report, path: report.xml}\n"),
         noTestReport},
        {QStringLiteral("PD-45"), Severity::Hygiene, Words::tr("production is not asked"),
         Words::tr("Pods that are ready need not serve: a wrong secret, a missing route or the old "
                   "version behind the new name show only to a request. Ask for the version, too; "
                   "of a canary, before it has traffic."),
         QStringLiteral("- run: >-\n"
                        "    ./scripts/smoke production --expect ${{ github.sha }}\n"),
         productionIsNotAsked},
        {QStringLiteral("PD-47"), Severity::Hygiene, Words::tr("nobody is told"),
         Words::tr("GitHub writes to whoever started the run, if to anybody. Those on duty learn "
                   "of a deployment that stopped half-way only if a step tells them."),
         QStringLiteral("- if: failure() || cancelled()\n"
                        "  run: ./scripts/notify production ${{ job.status }}\n"),
         nobodyIsTold},
        {QStringLiteral("PD-61"), Severity::Hygiene, Words::tr("production comes first"),
         Words::tr("What is wrong with configuration, schema or rights shows where it is deployed. "
                   "Let one job deploy to an environment that it is given, and call it for staging "
                   "before production; or give a candidate a part of the traffic first."),
         QStringLiteral("staging:\n"
                        "  uses: ./.github/workflows/deploy.yml\n"
                        "  with: {environment: staging}\n"
                        "production:\n"
                        "  needs: staging\n"
                        "  uses: ./.github/workflows/deploy.yml\n"
                        "  with: {environment: production}\n"),
         productionIsFirst},
    };
}

} // namespace pilothouse
