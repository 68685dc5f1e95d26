#include "app/wiring/rolloutsettings.h"

#include "action/commandline.h"
#include "base/words.h"
#include "rollout/guard/headlessguard.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// Ten times the plan's bakes, so that a rollout fills a good part of the charts however quick it
/// is; between one and fifteen minutes, and fifteen where nothing bakes.
std::chrono::milliseconds chartSpan(const Plan &plan)
{
    using namespace std::chrono_literals;
    std::chrono::milliseconds bakes{0};
    for (const Stage &stage : plan.stages)
        bakes += stage.bake;
    return bakes.count() == 0 ? 15min
                              : std::clamp<std::chrono::milliseconds>(bakes * 10, 1min, 15min);
}

} // namespace

RolloutSettings rolloutSettings(const TrackSettings &track, const Workspace &workspace)
{
    RolloutSettings settings;
    settings.track = track.name;
    settings.plan = track.plan;
    settings.limits = workspace.limits;
    settings.headlessGuard = QStringLiteral("pilothouse-cli");
    for (const QString &word : headlessGuardArguments(workspace.file, track.name))
        settings.headlessGuard += QLatin1Char(' ') + shellWord(word);
    settings.environment = workspace.environment;
    settings.failuresToRollBack = track.guard.failures;
    if (track.guard.arm == GuardSettings::Arm::WithRollout)
        settings.guardArms = RolloutSettings::GuardArms::WithRollout;
    settings.judgeEvery = track.judgeEvery;
    settings.sampleStep = track.scrape;
    settings.chartSpan = chartSpan(track.plan);
    for (const Check &check : track.analysis) {
        // A check in requests/s without a limit is not judged: it gives the measured share.
        if (check.unit == QLatin1String("1/s") && !limitOf(check)
            && check.method == JudgeMethod::Threshold)
            settings.requestRateQuery = check.query;
        else
            settings.checks.append(check);
    }
    if (track.series)
        settings.series = *track.series;
    settings.afterFull = std::holds_alternative<CloudRunSettings>(track.control)
                             ? StepRules::AfterFull::PreviousStays
                             : StepRules::AfterFull::StableIsReplaced;
    settings.frozen = [windows = workspace.freeze](const QDateTime &at) -> QString {
        const auto freeze = freezeAt(windows, at);
        if (!freeze)
            return {};
        return freeze->until.isValid()
                   ? Words::tr("%1, until %2")
                         .arg(freeze->why,
                              freeze->until.toLocalTime().toString(QStringLiteral("ddd HH:mm")))
                   : freeze->why;
    };
    return settings;
}

} // namespace pilothouse
