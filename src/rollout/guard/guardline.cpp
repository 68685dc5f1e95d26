#include "rollout/guard/guardline.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Concern = GuardLine::Concern;

GuardLine lineOf(const TrackGuard &guard)
{
    const QString &track = guard.track.value;
    switch (guard.view.kind) {
    case GuardView::Kind::Unwatched:
        return {Concern::Danger, Words::tr("%1 %2").arg(track, guard.view.words)};
    case GuardView::Kind::RollBack:
        return {Concern::Danger,
                Words::tr("the guard rolls %1 back: %2").arg(track, guard.view.words)};
    case GuardView::Kind::Elsewhere:
    case GuardView::Kind::Waiting:
    case GuardView::Kind::Watching:
        return {Concern::Calm, Words::tr("guard of %1: %2").arg(track, guard.view.words)};
    case GuardView::Kind::Off:
        break;
    }
    return guard.inFlight
               ? GuardLine{Concern::Warning, Words::tr("no guard: %1 is in flight").arg(track)}
               : GuardLine{};
}

} // namespace

GuardLine guardLine(const QList<TrackGuard> &tracks)
{
    QList<GuardLine> lines;
    for (const TrackGuard &track : tracks) {
        const GuardLine line = lineOf(track);
        if (line.concern != Concern::None)
            lines.append(line);
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const GuardLine &a, const GuardLine &b) { return a.concern > b.concern; });
    GuardLine all;
    QStringList texts;
    for (const GuardLine &line : std::as_const(lines)) {
        all.concern = std::max(all.concern, line.concern);
        texts.append(line.text);
    }
    all.text = texts.join(QStringLiteral(" · "));
    return all;
}

} // namespace pilothouse
