#include "release/oncall/waysout.h"

#include "base/words.h"
#include "migration/act/pausing.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {
namespace {

QString sideText(const std::optional<LiveRevision> &side)
{
    if (!side)
        return {};
    const QString commit
        = side->commit.value.isEmpty() ? Words::tr("unknown commit") : shortSha(side->commit);
    return side->weight ? Words::tr("%1 %2 %").arg(commit).arg(side->weight->percent) : commit;
}

/// "c41d77e 50 % · 9f3c2a1 50 %": the candidate first where it has traffic.
QString nowText(const LiveRow &live)
{
    QStringList sides;
    if (live.candidate && live.candidate->weight && live.candidate->weight->percent > 0)
        sides << sideText(live.candidate);
    if (live.stable)
        sides << sideText(live.stable);
    if (!sides.isEmpty())
        return sides.join(QStringLiteral(" · "));
    return live.error.isEmpty() ? Words::tr("not read yet") : QString(); // else the remark tells
}

QString ageRemark(const LiveRow &live)
{
    if (live.error.isEmpty())
        return {};
    if (!live.age)
        return Words::tr("never read"); // why stands among what is lost
    const qint64 seconds = live.age->count() / 1000;
    return seconds < 120 ? Words::tr("%1 s old, lost").arg(seconds)
                         : Words::tr("%1 min old, lost").arg(seconds / 60);
}

/// Who had the backfill begun, as the database remembers it.
QString whoBegan(const ChangeView &change)
{
    if (!change.facts)
        return {};
    for (const StepRecord &step : change.facts->value.steps) {
        if (step.step == StepId::M2)
            return step.actor;
    }
    return {};
}

QString agoText(std::chrono::milliseconds age)
{
    const qint64 seconds = age.count() / 1000;
    return seconds < 120 ? Words::tr("%1 s ago").arg(seconds)
                         : Words::tr("%1 min ago").arg(seconds / 60);
}

/// A run that comes or ends changes the words of the way, not what its key does.
WayLine::Kind actOf(WayLine::Kind kind)
{
    return kind == WayLine::Kind::Run ? WayLine::Kind::Hold : kind;
}

void tellRuns(WayLine &line, const RunsLine &runs)
{
    QStringList able;
    for (const StillAble &each : runs.able)
        able << each.what;
    line.kind = WayLine::Kind::Run;
    line.name = Words::tr("pipeline");
    // What nobody sees could do anything.
    line.now = runs.holdRow.kind == PreviewRow::Kind::Unknown
                   ? able.join(QStringLiteral(", "))
                   : Words::tr("%1, could promote").arg(able.join(QStringLiteral(", ")));
    line.since = {};
    line.by.clear();
    line.to = runs.holdCancels == RunsLine::Cancels::Runs
                  ? Words::tr("cancel what waits, and hold %1").arg(line.track.value)
                  : Words::tr("hold %1: every console refuses to promote").arg(line.track.value);
}

} // namespace

LiveRow liveRowOf(const QList<LiveRow> &rows, const TrackName &track)
{
    const auto row = std::find_if(rows.begin(), rows.end(), [&track](const LiveRow &each) {
        return each.kind == LiveRow::Kind::Track && each.where == track.value;
    });
    return row == rows.end() ? LiveRow{} : *row;
}

WayLine rollbackLine(const RolloutController &track, const LiveRow &live)
{
    WayLine line;
    line.kind = WayLine::Kind::RollBack;
    line.track = track.track();
    line.name = track.track().value;
    line.now = nowText(live);
    if (!track.nextAction().frozen.isEmpty())
        line.now += Words::tr(" · frozen: finish it, or roll it back");
    line.to = live.wayBackWords;
    line.old = ageRemark(live);
    line.since = live.since;
    line.by = live.by;
    line.verb = track.rollbackLabel();
    const Permission may = track.mayRollBack();
    line.offBecause = may.first(Reason::Kind::Blocks);
    // The worst first; how fast it is stands beside already.
    const QString speed = speedWords(track.wayBack());
    for (const Reason::Kind kind :
         {Reason::Kind::Against, Reason::Kind::Unknown, Reason::Kind::For}) {
        for (const Reason &reason : may.reasons) {
            if (reason.kind == kind && reason.text != speed && line.risk.text.isEmpty())
                line.risk = reason;
        }
    }
    return line;
}

std::optional<WayLine> pauseLine(const ChangeView &change, std::chrono::milliseconds age,
                                 const Limits &limits)
{
    const bool isHere = backfillsHere(change);
    if (!isHere && !backfillsElsewhere(change))
        return std::nullopt;
    WayLine line;
    line.kind = WayLine::Kind::Pause;
    line.name = change.key.database;
    line.change = change.key;
    line.now = backfillText(change);
    if (change.facts && change.facts->value.backfill)
        line.since = change.facts->value.backfill->startedAt;
    line.by = whoBegan(change);
    line.to = isHere ? Words::tr("pause at the next batch") : Words::tr("pause at its next batch");
    line.risk = {Reason::Kind::For, Words::tr("no loss: it goes on from its cursor"), {}};
    line.verb = Words::tr("Pause backfill…");
    if (isHere && change.running->pausing)
        line.offBecause = Words::tr("it is pausing");
    if (isHere)
        return line;
    if (age > limits.refuseAfter)
        line.offBecause = change.error
                              ? Words::tr("last seen %1: PostgreSQL is lost").arg(agoText(age))
                              : Words::tr("last seen %1").arg(agoText(age));
    else if (change.error)
        line.old = Words::tr("seen %1, lost").arg(agoText(age));
    return line;
}

std::optional<WayLine> holdLine(const RolloutController &track, const LiveRow &live)
{
    const WeightView weights = track.weights();
    const int percent = weights.asked ? weights.asked->percent : 0;
    const RunsLine &runs = track.runs();
    if (track.hold() || (percent == 0 && runs.able.isEmpty()))
        return std::nullopt;
    WayLine line;
    line.kind = WayLine::Kind::Hold;
    line.name = track.track().value;
    line.track = track.track();
    line.now = Words::tr("%1 % asked, nobody holds it").arg(percent);
    line.since = live.since;
    line.by = live.by;
    line.to = Words::tr("the weight stays, nobody promotes");
    line.risk = {Reason::Kind::For, Words::tr("moves nothing"), {}};
    line.verb = Words::tr("Hold %1…").arg(track.track().value);
    line.offBecause = track.mayHold().first(Reason::Kind::Blocks);
    if (!runs.able.isEmpty())
        tellRuns(line, runs);
    return line;
}

QList<WayLine> inPlace(const QList<WayLine> &shown, const QList<WayLine> &now)
{
    const auto sameWay = [](const WayLine &a, const WayLine &b) {
        if (a.kind == WayLine::Kind::Log)
            return b.kind == a.kind;
        return actOf(a.kind) == actOf(b.kind) && a.track == b.track && a.change == b.change;
    };
    const auto find = [&sameWay](const QList<WayLine> &lines, const WayLine &wanted) {
        return std::find_if(lines.begin(), lines.end(),
                            [&](const WayLine &line) { return sameWay(line, wanted); });
    };
    const auto isOver = [&](const WayLine &line) {
        return find(now, line) == now.end();
    };
    QList<WayLine> next;
    for (const WayLine &line : shown) {
        const auto still = find(now, line);
        next.append(still != now.end() ? *still : line);
        if (still == now.end()) {
            next.last().offBecause = Words::tr("it is over");
            next.last().off = WayLine::Off::Refused;
        }
    }
    for (const WayLine &line : now) {
        if (find(shown, line) == shown.end())
            next.append(line);
    }
    QList<WayLine> keyless = next.mid(mostKeys);
    keyless.removeIf(isOver);
    next.resize(std::min(next.size(), mostKeys));
    for (WayLine &line : next) {
        if (!keyless.isEmpty() && isOver(line))
            line = keyless.takeFirst();
    }
    return next + keyless;
}

} // namespace pilothouse
