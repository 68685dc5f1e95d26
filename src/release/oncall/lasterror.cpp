#include "release/oncall/lasterror.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {
namespace {

using State = PodErrorsView::State;

constexpr int longestMessage = 160;

QString cut(const QString &text)
{
    return text.size() <= longestMessage ? text : text.left(longestMessage - 1) + QChar(0x2026);
}

/// Which state tells most where no log has an error.
int weight(State state)
{
    switch (state) {
    case State::Errors:
        return 4;
    case State::Unreadable:
        return 3;
    case State::Quiet:
        return 2;
    case State::Waiting:
        return 1;
    case State::NoPods:
        break;
    }
    return 0;
}

void tellError(WayLine &line, const PodErrorsView &errors)
{
    line.pod = errors.pod;
    line.now = Words::tr("%1  %2").arg(
        errors.newest.at.toLocalTime().toString(QStringLiteral("HH:mm:ss")), errors.pod);
    line.to = cut(errorMessage(errors.newest.text));
    line.risk = {errors.perMinute > 0 ? Reason::Kind::Against : Reason::Kind::Unknown,
                 Words::tr("%1/min").arg(errors.perMinute),
                 {}};
}

} // namespace

std::optional<WayLine> lastErrorLine(const QList<TrackErrors> &tracks,
                                     const QList<HurtLine> &hurting)
{
    const auto hurts = [&hurting](const TrackName &track) {
        return std::any_of(hurting.begin(), hurting.end(), [&track](const HurtLine &each) {
            return each.track == track && each.state == HurtLine::State::Hurting;
        });
    };
    const TrackErrors *chosen = nullptr;
    for (const TrackErrors &each : tracks) {
        if (!chosen) {
            chosen = &each;
            continue;
        }
        const int mine = weight(each.errors.state);
        const int best = weight(chosen->errors.state);
        const bool both = mine == best && each.errors.state == State::Errors;
        const bool worse = hurts(each.track) != hurts(chosen->track)
                               ? hurts(each.track)
                               : each.errors.newest.at > chosen->errors.newest.at;
        if (mine > best || (both && worse))
            chosen = &each;
    }
    if (!chosen || chosen->errors.state == State::NoPods)
        return std::nullopt;
    const PodErrorsView &errors = chosen->errors;
    WayLine line;
    line.kind = WayLine::Kind::Log;
    line.name = Words::tr("last error");
    line.track = chosen->track;
    line.verb = Words::tr("Pod log");
    switch (errors.state) {
    case State::Errors:
        tellError(line, errors);
        break;
    case State::Quiet:
        line.now = Words::tr("none");
        line.off = WayLine::Off::Needless;
        line.offBecause = errors.pods == 1
                              ? Words::tr("no error in the log of the pod")
                              : Words::tr("no error in the logs of %1 pods").arg(errors.pods);
        break;
    case State::Unreadable:
        line.now = Words::tr("cannot tell");
        line.offBecause = Words::tr("logs cannot be read: %1").arg(errors.error);
        break;
    case State::Waiting:
    case State::NoPods:
        line.now = Words::tr("reading …");
        line.off = WayLine::Off::Reading;
        line.offBecause = Words::tr("the pods' logs are being read");
        break;
    }
    return line;
}

} // namespace pilothouse
