#include "release/seen/happenings.h"

#include "base/reading.h"
#include "base/words.h"
#include "release/lately.h"
#include "release/seen/heldaway.h"
#include "release/things/namedthings.h"

#include <QSet>

#include <algorithm>
#include <limits>

namespace pilothouse {
namespace {

QSet<QString> intentsOf(const QList<Record> &records)
{
    QSet<QString> intents;
    for (const Record &record : records) {
        if (!record.id.value.isEmpty())
            intents.insert(record.id.value);
    }
    return intents;
}

/// What the traffic object of a deed notes of it; nullptr = nothing.
const Deed *noteOf(const SeenDeed &deed, const QList<TrackHappenings> &tracks)
{
    if (deed.mark.isEmpty())
        return nullptr;
    for (const TrackHappenings &each : tracks) {
        if (!(each.track == deed.track) || !each.traffic)
            continue;
        for (const Deed &noted : each.traffic->deeds) {
            if (noted.what == deed.mark)
                return &noted;
        }
    }
    return nullptr;
}

const Run *runOf(const SeenDeed &deed, const QList<Run> &runs)
{
    const auto found = std::find_if(runs.cbegin(), runs.cend(), [&deed](const Run &run) {
        return deed.run.value != 0 && run.id == deed.run;
    });
    return found == runs.cend() ? nullptr : &*found;
}

QString stepTitle(const ChangeView &change, StepId step)
{
    for (const StepView &each : change.steps) {
        if (each.step.id == step)
            return stepWord(step) + QLatin1Char(' ') + each.step.title;
    }
    return stepWord(step);
}

LatelyLine seenLine(const SeenDeed &deed, const QString &system)
{
    LatelyLine line;
    line.at = deed.at;
    line.who = deed.who;
    line.what = deed.what;
    line.source = LatelyLine::Source::Deploy;
    line.seenIn = system;
    if (!deed.commit.value.isEmpty())
        line.about.append(commitThing(deed.commit));
    if (!deed.track.value.isEmpty())
        line.about.append(trackThing(deed.track));
    return line;
}

} // namespace

QList<LatelyLine> stepLines(const QList<ChangeView> &changes, const QList<Record> &known)
{
    const QSet<QString> ours = intentsOf(known);
    QList<LatelyLine> lines;
    for (const ChangeView &change : changes) {
        if (!change.facts)
            continue;
        for (const StepRecord &step : change.facts->value.steps) {
            if (ours.contains(step.intent.value))
                continue;
            LatelyLine line;
            line.at = step.at;
            line.who = step.actor.isEmpty() ? step.session : step.actor;
            line.what
                = Words::tr("%1 on %2: %3")
                      .arg(change.change.column, change.key.database, stepTitle(change, step.step));
            line.source = LatelyLine::Source::Database;
            line.seenIn = Words::tr("database %1").arg(change.key.database);
            line.about = {changeThing(change.key)};
            lines.append(line);
        }
    }
    return lines;
}

QList<LatelyLine> seenLines(const QList<SeenTold> &told, const QList<TrackHappenings> &tracks,
                            const QList<Run> &runs, const QList<Record> &known)
{
    const QSet<QString> intents = intentsOf(known);
    QSet<QString> done; // keys of what our journal tells, or a source before this one
    QHash<QString, QString> tellers;
    for (const SeenTold &source : told) {
        for (const SeenDeed &deed : source.deeds.value_or(QList<SeenDeed>())) {
            const Deed *note = noteOf(deed, tracks);
            if (note && intents.contains(note->intent.value))
                done.insert(deed.key);
            else if (note)
                tellers.insert(deed.key, note->by);
        }
    }
    QList<LatelyLine> lines;
    for (const SeenTold &source : told) {
        for (const SeenDeed &deed : source.deeds.value_or(QList<SeenDeed>())) {
            if (!deed.key.isEmpty() && done.contains(deed.key))
                continue;
            done.insert(deed.key);
            LatelyLine line = seenLine(deed, source.system);
            if (!deed.key.isEmpty())
                line.who = tellers.value(deed.key, line.who);
            if (const Run *run = runOf(deed, runs)) {
                line.about.prepend(runThing(*run));
                // Who began it tells more than the host's own account.
                if (!run->actor.isEmpty())
                    line.who = run->actor;
            }
            lines.append(line);
        }
    }
    return lines;
}

QList<LatelyLine> linesOf(const Happenings &all)
{
    QList<LatelyLine> lines = linesOf(all.records);
    lines += linesOf(all.runs);
    for (const TrackHappenings &track : all.tracks) {
        if (track.traffic) {
            lines += linesOf(track.track, *track.traffic, all.records);
            if (const auto line = heldAwayLine(track.track, *track.traffic, all.records))
                lines += *line;
        }
        lines += linesOf(track.alerts);
    }
    lines += stepLines(all.changes, all.records);
    lines += seenLines(all.told, all.tracks, all.runs, all.records);
    return merged(lines, std::numeric_limits<int>::max());
}

QList<LatelyLine> deedsOfOthers(const QList<LatelyLine> &happened)
{
    using Source = LatelyLine::Source;
    QList<LatelyLine> deeds = happened;
    deeds.removeIf([](const LatelyLine &line) {
        return line.source == Source::Journal || line.source == Source::Alert
               || line.source == Source::Pipeline;
    });
    return deeds;
}

QList<Unheard> unheardOf(const QList<SeenTold> &told)
{
    QList<Unheard> unheard;
    for (const SeenTold &each : told) {
        if (each.error)
            unheard.append({each.subject, each.error->message, Unheard::State::Lost});
        else if (!each.deeds)
            unheard.append({each.subject, {}, Unheard::State::Reading});
    }
    return unheard;
}

QList<Unheard> unheardOf(const QList<SourceState> &sources)
{
    using Health = SourceState::Health;
    QList<Unheard> unheard;
    QSet<QString> named;
    for (const SourceState &source : sources) {
        const bool lost = isLost(source);
        if (!lost && source.health != Health::Loading)
            continue;
        if (named.contains(source.name))
            continue;
        named.insert(source.name);
        unheard.append({source.name, lost && source.error ? source.error->message : QString(),
                        lost ? Unheard::State::Lost : Unheard::State::Reading});
    }
    return unheard;
}

QList<Unheard> together(const QList<Unheard> &each)
{
    QList<Unheard> all;
    for (const Unheard &one : each) {
        const auto same = std::find_if(all.begin(), all.end(), [&one](const Unheard &other) {
            return other.state == one.state && other.why == one.why;
        });
        if (same == all.end())
            all.append(one);
        else
            same->subject += QStringLiteral(", ") + one.subject;
    }
    return all;
}

QString unheardWords(const Unheard &unheard)
{
    if (unheard.state == Unheard::State::Reading)
        return Words::tr("being read: %1").arg(unheard.subject);
    return unheard.why.isEmpty()
               ? Words::tr("not heard, so that lines may be missing: %1").arg(unheard.subject)
               : Words::tr("not heard, so that lines may be missing: %1. %2")
                     .arg(unheard.subject, unheard.why);
}

} // namespace pilothouse
