#include "release/notices/notices.h"

#include "base/words.h"
#include "rollout/guard/guardreasons.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype longestNotice = 160;

/// Somebody else's words, on one line.
QString shortened(const QString &text)
{
    const QString line = text.simplified();
    return line.size() <= longestNotice ? line : line.left(longestNotice - 1) + QChar(0x2026);
}

QString withoutDots(QString verb)
{
    verb.remove(QChar(0x2026));
    return verb;
}

bool sameRow(const NextRow &a, const NextRow &b)
{
    return a.kind == b.kind && a.track == b.track && a.change == b.change && a.run == b.run
           && a.environment == b.environment;
}

/// Asks a person for something that may be done.
bool callsSomebody(const NextRow &row)
{
    return row.permission.allowed() && !row.asks.isEmpty();
}

Notice noticeOf(const NextRow &row)
{
    Notice notice;
    notice.kind = Notice::Kind::Next;
    if (row.kind == NextRow::Kind::Schema) {
        notice.subject
            = QStringLiteral("change %1 in %2").arg(row.change.change.value, row.change.database);
        notice.title = Words::tr("%1: %2").arg(row.change.change.value, row.asks);
        notice.change = row.change;
    } else if (row.kind == NextRow::Kind::Approval) {
        notice.subject = QStringLiteral("run %1").arg(row.run.value);
        notice.title = Words::tr("%1 waits for your approval").arg(row.environment);
        notice.run = row.run;
    } else {
        notice.subject = row.track.value;
        notice.title = Words::tr("%1: next is %2").arg(row.track.value, withoutDots(row.asks));
        notice.track = row.track;
    }
    notice.text = shortened(row.sentence);
    return notice;
}

/// A freeze has begun while a rollout is in flight.
void addFreeze(QList<Notice> &notices, const NextRow &before, const NextRow &after)
{
    if (!before.frozen.isEmpty() || after.frozen.isEmpty())
        return;
    Notice notice;
    notice.kind = Notice::Kind::Next;
    notice.subject = after.track.value;
    notice.track = after.track;
    notice.title = Words::tr("%1: frozen with a rollout in flight").arg(after.track.value);
    notice.text = shortened(after.frozen);
    notices.append(notice);
}

void addNext(QList<Notice> &notices, const Noticed &before, const Noticed &after)
{
    const bool sameGates = !before.waitingOf.value.isEmpty() && before.waitingOf == after.waitingOf;
    for (const NextRow &row : after.next) {
        const auto known = std::find_if(before.next.cbegin(), before.next.cend(),
                                        [&row](const NextRow &each) { return sameRow(each, row); });
        const bool isKnown = known != before.next.cend();
        const bool mayBeNew = row.kind == NextRow::Kind::Approval && sameGates;
        if (isKnown)
            addFreeze(notices, *known, row);
        if (!callsSomebody(row) || (!isKnown && !mayBeNew))
            continue;
        if (isKnown && callsSomebody(*known) && known->asks == row.asks)
            continue;
        notices.append(noticeOf(row));
    }
}

bool hasTraffic(Phase phase)
{
    return isGuarded(phase) || phase == Phase::RollingBack;
}

QString endOf(const NoticedTrack &before, const NoticedTrack &after)
{
    switch (after.phase) {
    case Phase::Done:
        return Words::tr("%1 is the stable now").arg(shortSha(after.stable));
    case Phase::RolledBack:
        return Words::tr("%1 was rolled back: %2 has the traffic")
            .arg(shortSha(before.candidate), shortSha(after.stable));
    case Phase::Replaced:
        return after.ended;
    case Phase::Idle:
        return Words::tr("%1 is gone: no rollout is in flight").arg(shortSha(before.candidate));
    default:
        return {};
    }
}

void addTrack(QList<Notice> &notices, const NoticedTrack &before, const NoticedTrack &after)
{
    for (const Alert &alert : after.firing) {
        const bool known = std::any_of(
            before.firing.cbegin(), before.firing.cend(), [&alert](const Alert &each) {
                return each.name == alert.name && each.labels == alert.labels;
            });
        if (known)
            continue;
        Notice notice;
        notice.kind = Notice::Kind::Alert;
        notice.subject = after.track.value;
        notice.topic = alert.name;
        notice.track = after.track;
        notice.title = Words::tr("%1: alert %2 fires").arg(after.track.value, alert.name);
        notice.text = shortened(alert.annotations.value(QStringLiteral("summary")));
        notices.append(notice);
    }
    const QString end = hasTraffic(before.phase) ? endOf(before, after) : QString();
    if (end.isEmpty())
        return;
    Notice notice;
    notice.kind = Notice::Kind::Ended;
    notice.subject = after.track.value;
    notice.track = after.track;
    notice.title = Words::tr("%1: the rollout is over").arg(after.track.value);
    notice.text = shortened(end);
    notices.append(notice);
}

} // namespace

QList<Notice> noticesOf(const Noticed &before, const Noticed &after)
{
    QList<Notice> notices;
    addNext(notices, before, after);
    for (const NoticedTrack &track : after.tracks) {
        const auto known = std::find_if(
            before.tracks.cbegin(), before.tracks.cend(),
            [&track](const NoticedTrack &each) { return each.track == track.track; });
        if (known != before.tracks.cend() && known->phase != Phase::Unread)
            addTrack(notices, *known, track);
    }
    for (const GuardDeed &deed : after.deeds.mid(before.deeds.size())) {
        Notice notice;
        notice.kind = Notice::Kind::Guard;
        notice.subject = deed.track.value;
        notice.track = deed.track;
        notice.title = Words::tr("%1: the guard acted").arg(deed.track.value);
        notice.text = shortened(deed.sentence);
        notices.append(notice);
    }
    return notices;
}

} // namespace pilothouse
