#include "app/cli/trackat.h"

#include "app/cli/commands.h"
#include "app/wiring/signin/loginname.h"
#include "base/words.h"
#include "release/moving/movingrunsdesk.h"
#include "rollout/rolloutcontroller.h"
#include "workspace/workspacefile.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <utility>

namespace pilothouse {
namespace {

constexpr std::chrono::seconds followUp{15};

/// The track that was named, or the only one.
Result<RolloutController *> trackOf(const Console &console, const QString &name)
{
    QStringList names;
    const QList<RolloutController *> tracks = console.tracks();
    for (RolloutController *track : tracks) {
        names << track->track().value;
        if (track->track().value == name)
            return track;
    }
    if (name.isEmpty() && tracks.size() == 1)
        return tracks.first();
    if (tracks.isEmpty())
        return fail(ErrorKind::BadInput, Words::tr("The workspace has no track."));
    return fail(
        ErrorKind::BadInput,
        name.isEmpty()
            ? Words::tr("Which track? --track is one of: %1.").arg(names.join(QLatin1String(", ")))
            : Words::tr("There is no track %1; there is: %2.")
                  .arg(name, names.join(QLatin1String(", "))));
}

QString actorAs(const QString &as)
{
    return as.isEmpty() ? headlessActor() : QStringLiteral("%1, %2").arg(as, headlessActor());
}

} // namespace

Result<TrackAt> openTrack(const QString &workspaceFile, const QString &track, const QString &as)
{
    const auto workspace = loadWorkspace(workspaceFile);
    if (!workspace)
        return fail(workspace.error());
    Console::Options options;
    options.actor = actorAs(as);
    TrackAt at{std::make_unique<Console>(*workspace, options), nullptr};
    const auto found = trackOf(*at.console, track);
    if (!found)
        return fail(found.error());
    at.track = *found;
    return at;
}

void exitWhenOver(const TrackAt &at, int code)
{
    const auto left = std::make_shared<bool>(false);
    const auto leave = [&track = *at.track, code, left] {
        if (std::exchange(*left, true))
            return;
        for (const StillAble &able : track.runs().stillAble)
            complain(Words::tr("STILL ABLE TO PROMOTE: %1").arg(able.text()));
        QCoreApplication::exit(code);
    };
    const auto exitIfOver = [&console = *at.console, &track = *at.track, leave] {
        const auto desks = console.movingRuns();
        const bool stopsRuns = std::any_of(desks.cbegin(), desks.cend(),
                                           [](const MovingRunsDesk *runs) { return runs->busy(); });
        if (console.isSettled() && !track.busy() && !stopsRuns)
            leave();
    };
    for (const MovingRunsDesk *runs : at.console->movingRuns())
        QObject::connect(runs, &MovingRunsDesk::changed, at.track, exitIfOver);
    QObject::connect(at.track, &RolloutController::changed, at.track, exitIfOver);
    QObject::connect(at.console.get(), &Console::settled, at.track, exitIfOver);
    QTimer::singleShot(followUp, at.track, leave);
    exitIfOver();
}

} // namespace pilothouse
