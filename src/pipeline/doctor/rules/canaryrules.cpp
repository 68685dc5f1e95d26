#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/jobchain.h"
#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/helmcommands.h"
#include "pipeline/doctor/trafficweights.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <optional>

namespace pilothouse {

namespace {

constexpr int leastWait = 60; ///< seconds; a shorter sleep lets something settle

QList<Match> canaryIsAll(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            const QList<ShellWord> settings = helmSettings(*placed.command);
            const bool isCanary = hasSetting(*placed.command, QStringLiteral("canary.enabled=true"))
                                  || settingOf(settings, {QStringLiteral("canary.weight")});
            const ShellWord *image
                = settingOf(settings, {QStringLiteral("image.tag"), QStringLiteral("image.digest"),
                                       QStringLiteral("image.repository")});
            if (isCanary && image)
                matches.append(matchAt(
                    job, *placed.step, *image,
                    Words::tr("%1 is the image of the canary and of stable: job %2 rolls out the "
                              "new build to everybody")
                        .arg(image->text.section(QLatin1Char('='), 0, 0), job.job->key)));
        }
    }
    return matches;
}

/// It may be a stage of its own, or call one.
bool mayBeStage(const SceneJob &job)
{
    return !job.job->uses.isEmpty() || std::any_of(job.steps.begin(), job.steps.end(), mayShift);
}

/// The job that left few of the traffic to the one whose first weight is `first`; none where a
/// stage may stand between them.
std::optional<PlacedJob> fewBefore(const Scene &scene, const PlacedJob &job,
                                   const PlacedWeight &first)
{
    const QList<PlacedJob> before = jobsBefore(scene, job);
    const auto few = std::find_if(before.begin(), before.end(), [](const PlacedJob &earlier) {
        return !isWayOut(*earlier.job) && !weightsOf(*earlier.job).isEmpty();
    });
    if (few == before.end() || !mayShareEnvironment(*few->job, *job.job))
        return std::nullopt;
    const PlacedWeight last = weightsOf(*few->job).last();
    if (last.target != first.target || last.weight <= 0 || last.weight >= 50)
        return std::nullopt;
    for (const SceneStep &step : job.job->steps) {
        if (&step == first.step)
            break;
        if (mayShift(step))
            return std::nullopt;
    }
    QSet<const SceneJob *> after{few->job};
    for (const PlacedJob &later : jobsAfter(scene, *few))
        after.insert(later.job);
    for (const PlacedJob &between : before) {
        if (after.contains(between.job) && mayBeStage(*between.job))
            return std::nullopt;
    }
    return *few;
}

QString nameFrom(const SceneFile &file, const PlacedJob &job)
{
    return job.file == &file ? job.job->job->key
                             : Words::tr("%1 of %2").arg(job.job->job->key, shortPath(*job.file));
}

bool startsWithAll(const SceneJob &job, const QList<PlacedWeight> &weights)
{
    return !weights.isEmpty() && weights.first().weight == 100 && !weights.first().isRemoval
           && !weights.first().target.isEmpty() && !isWayOut(job)
           && !runsAfterFailure(*weights.first().step);
}

QList<Match> leapToAll(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedWeight> weights = weightsOf(job);
        if (startsWithAll(job, weights)) {
            const PlacedWeight &first = weights.first();
            if (const auto few = fewBefore(scene, {&file, &job}, first))
                matches.append(matchAt(
                    job, *first.step, first.word,
                    Words::tr("Job %1 goes from the %2 % of the traffic that job %3 left "
                              "to all of it in one step")
                        .arg(job.job->key, QString::number(weightsOf(*few->job).last().weight),
                             nameFrom(file, *few))));
        }
        for (qsizetype i = 1; i < weights.size(); ++i) {
            const int before = weights[i - 1].weight;
            if (before > 0 && before < 50 && weights[i].weight == 100)
                matches.append(matchAt(
                    job, *weights[i].step, weights[i].word,
                    Words::tr("Job %1 goes from %2 % of the traffic to all of it in one step")
                        .arg(job.job->key)
                        .arg(before)));
        }
    }
    return matches;
}

/// Seconds of "sleep 300" or "sleep 5m"; 0 for anything else.
int sleepSeconds(const ShellCommand &command)
{
    static const QRegularExpression form(QStringLiteral("^(\\d{1,6})([smh]?)$"));
    if (command.program != QLatin1String("sleep") || command.loops > 0 || command.words.size() != 2)
        return 0;
    const QRegularExpressionMatch match = form.match(command.words[1].text);
    const int factor = match.captured(2) == QLatin1String("h")   ? 3600
                       : match.captured(2) == QLatin1String("m") ? 60
                                                                 : 1;
    return match.captured(1).toInt() * factor;
}

bool onlyWaits(const SceneStep &step)
{
    return !step.commands.isEmpty()
           && std::all_of(
               step.commands.begin(), step.commands.end(), [](const ShellCommand &command) {
                   return sleepSeconds(command) > 0 || command.program == QLatin1String("echo");
               });
}

/// It makes the job ready and looks at nothing that runs elsewhere.
bool setsUp(const SceneStep &step)
{
    static const QRegularExpression form(
        QStringLiteral("checkout|set-?up|login|/auth|credentials|context|kubeconfig|"
                       "download-artifact"),
        QRegularExpression::CaseInsensitiveOption);
    return !step.action().startsWith(QLatin1String("./")) && form.match(step.action()).hasMatch();
}

/// Whether the first step there that does something deploys; nothing where there is none.
std::optional<bool> deploysNext(const SceneJob &job, qsizetype from, int towards)
{
    for (qsizetype i = from; i >= 0 && i < job.steps.size(); i += towards) {
        if (!setsUp(job.steps[i]) && !runsAfterFailure(job.steps[i]))
            return hasCommand(job.steps[i], isDeployment);
    }
    return std::nullopt;
}

/// The jobs that deploy right before the step, all of them; empty where one does something else.
QList<PlacedJob> deployingBefore(const Scene &scene, const PlacedJob &job, qsizetype step)
{
    if (const auto deploys = deploysNext(*job.job, step - 1, -1))
        return *deploys ? QList<PlacedJob>{job} : QList<PlacedJob>();
    const QList<PlacedJob> before = jobsRightBefore(scene, job);
    const bool allDeploy = std::all_of(before.begin(), before.end(), [](const PlacedJob &each) {
        return deploysNext(*each.job, each.job->steps.size() - 1, -1).value_or(false);
    });
    return allDeploy ? before : QList<PlacedJob>();
}

/// The jobs that deploy right after the step and wait for nothing beside it, which may look.
QList<PlacedJob> deployingAfter(const Scene &scene, const PlacedJob &job, qsizetype step)
{
    if (const auto deploys = deploysNext(*job.job, step + 1, 1))
        return *deploys ? QList<PlacedJob>{job} : QList<PlacedJob>();
    const QList<const SceneJob *> waitedFor = job.file->before(*job.job);
    QList<PlacedJob> found;
    for (const PlacedJob &each : jobsRightAfter(scene, job)) {
        const QList<PlacedJob> needed = jobsRightBefore(scene, each);
        const bool isAlone = std::all_of(needed.begin(), needed.end(), [&](const PlacedJob &other) {
            return waitedFor.contains(other.job);
        });
        if (isAlone && !isWayOut(*each.job) && deploysNext(*each.job, 0, 1).value_or(false))
            found.append(each);
    }
    return found;
}

bool waitsBlindly(const Scene &scene, const PlacedJob &job, qsizetype step)
{
    const QList<PlacedJob> before = deployingBefore(scene, job, step);
    const QList<PlacedJob> after = deployingAfter(scene, job, step);
    return !before.isEmpty() && std::any_of(after.begin(), after.end(), [&](const PlacedJob &next) {
        return std::all_of(before.begin(), before.end(), [&](const PlacedJob &each) {
            return mayShareEnvironment(*each.job, *next.job);
        });
    });
}

QList<Match> blindWait(const Scene &scene, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (qsizetype i = 0; i < job.steps.size(); ++i) {
            const SceneStep &step = job.steps[i];
            if (!onlyWaits(step) || !waitsBlindly(scene, {&file, &job}, i))
                continue;
            for (const ShellCommand &command : step.commands) {
                if (sleepSeconds(command) >= leastWait)
                    matches.append(
                        matchAt(job, step, command.words.first(),
                                Words::tr("Job %1 waits %2 s and looks at nothing before it goes "
                                          "on")
                                    .arg(job.job->key)
                                    .arg(sleepSeconds(command))));
            }
        }
    }
    return matches;
}

QList<Match> canaryLeftBehind(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        const QList<PlacedWeight> weights = weightsOf(job);
        const bool isCleaned = std::any_of(job.steps.begin(), job.steps.end(), runsAfterFailure)
                               || hasWayBack(file, job);
        for (qsizetype i = 0; i + 1 < weights.size(); ++i) {
            if (isCleaned || weights[i].weight <= 0 || weights[i].weight >= 100
                || weights[i].step == weights[i + 1].step)
                continue;
            matches.append(
                matchAt(job, *weights[i].step, weights[i].word,
                        Words::tr("If job %1 is cancelled after this, %2 % of the traffic stays "
                                  "on the canary and nobody owns it")
                            .arg(job.job->key)
                            .arg(weights[i].weight)));
            break;
        }
    }
    return matches;
}

QList<Match> canaryRemovedTooEarly(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        bool isOpen = false; // a canary stands and stable has not been rolled since
        for (const PlacedCommand &placed : commandsOf(job, isHelmDeployment)) {
            const QList<ShellWord> settings = helmSettings(*placed.command);
            const ShellWord *enabled = settingOf(settings, {QStringLiteral("canary.enabled")});
            if (settingOf(settings, {QStringLiteral("stable.image.digest"),
                                     QStringLiteral("stable.image.tag")}))
                isOpen = false;
            if (enabled && enabled->text == QLatin1String("canary.enabled=false") && isOpen)
                matches.append(matchAt(
                    job, *placed.step, *enabled,
                    Words::tr("Job %1 takes the canary's pods away in the same upgrade in which "
                              "stable is replaced")
                        .arg(job.job->key)));
            if (enabled && enabled->text == QLatin1String("canary.enabled=true"))
                isOpen = true;
        }
    }
    return matches;
}

} // namespace

QList<Rule> canaryRules()
{
    using Severity = Finding::Severity;
    const QString stages = QStringLiteral("- run: ./scripts/weight 10\n"
                                          "- run: ./scripts/judge --window 5m\n"
                                          "- run: ./scripts/weight 50\n"
                                          "- run: ./scripts/judge --window 10m\n"
                                          "- run: ./scripts/weight 100\n");
    return {
        {QStringLiteral("PD-30"), Severity::Risk, Words::tr("the canary is no canary"),
         Words::tr("Where stable and canary take their image from one value, setting it replaces "
                   "stable as well. Each needs a value of its own."),
         QStringLiteral("--set-string canary.image.digest=${{ needs.build.outputs.digest }}\n"
                        "--set canary.weight=10\n"),
         canaryIsAll},
        {QStringLiteral("PD-31"), Severity::Gate, Words::tr("no stage between few and all"),
         Words::tr("What shows only under load shows at 50 %, not at 10 %: between the two lies "
                   "the stage that is left out here."),
         stages, leapToAll},
        {QStringLiteral("PD-32"), Severity::Gate, Words::tr("a wait that looks at nothing"),
         Words::tr("Time alone judges nothing. Compare error ratio and latency of canary and "
                   "stable over the wait, and count a lack of data as no."),
         stages, blindWait},
        {QStringLiteral("PD-35"), Severity::Risk, Words::tr("a cancelled run leaves its canary"),
         Words::tr("A run that ends between two weights leaves the first one standing."),
         wayBackStep(), canaryLeftBehind},
        {QStringLiteral("PD-37"), Severity::Risk, Words::tr("canary removed with the rollout"),
         Words::tr("Pods of the canary go while those of stable are replaced: fewer pods, two "
                   "versions. Roll stable while the canary carries the traffic, then shift back, "
                   "then remove."),
         QStringLiteral("helm upgrade context ./helm/context \\\n"
                        "  --set-string stable.image.digest=\"$DIGEST\" --set canary.weight=100\n"
                        "helm upgrade context ./helm/context --set canary.enabled=false\n"),
         canaryRemovedTooEarly},
    };
}

} // namespace pilothouse
