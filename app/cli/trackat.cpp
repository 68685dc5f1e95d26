#include "app/cli/trackat.h"

#include "base/words.h"
#include "rollout/rolloutcontroller.h"
#include "workspace/workspacefile.h"

#include <QCoreApplication>
#include <QTimer>

namespace pilothouse {
namespace {

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
        return fail(ErrorKind::BadInput, Words::tr("The workspace has no track to guard."));
    return fail(
        ErrorKind::BadInput,
        name.isEmpty()
            ? Words::tr("Which track? --track is one of: %1.").arg(names.join(QLatin1String(", ")))
            : Words::tr("There is no track %1; there is: %2.")
                  .arg(name, names.join(QLatin1String(", "))));
}

/// Who acts: a workflow is named as such, for its login says nothing.
QString actorAs(const QString &as)
{
    const QString who = qEnvironmentVariableIsSet("CI") ? QStringLiteral("CI") : loginName();
    return as.isEmpty() ? who : QStringLiteral("%1, %2").arg(as, who);
}

constexpr auto longestWait = std::chrono::seconds(10);

} // namespace

void exitWhenQuiet(const RolloutController &track, QObject *context, int code)
{
    const auto look = [&track, code] {
        if (track.underWay().isEmpty())
            QCoreApplication::exit(code);
    };
    QObject::connect(&track, &RolloutController::changed, context, look);
    QTimer::singleShot(longestWait, context, [code] { QCoreApplication::exit(code); });
    look();
}

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

} // namespace pilothouse
