#include "rollout/guard/guardselsewhere.h"

#include "base/words.h"
#include "rollout/guard/guardreasons.h"

#include <algorithm>
#include <filesystem>

namespace pilothouse {
namespace {

/// Clocks of two computers may differ so much.
constexpr qint64 lateness = 120'000;
/// A heartbeat that could not be written is tried again each minute.
constexpr std::chrono::milliseconds writing{60'000};

QString localTime(const QDateTime &at, const QDateTime &now)
{
    const QDateTime local = at.toLocalTime();
    return local.toString(local.date() == now.toLocalTime().date() ? QStringLiteral("HH:mm")
                                                                   : QStringLiteral("d MMM HH:mm"));
}

QString placeOf(const GuardMark &mark)
{
    switch (mark.where) {
    case GuardMark::Where::Window:
        return Words::tr("in a window on %1").arg(mark.process.host);
    case GuardMark::Where::Ci:
        return mark.run.isEmpty() ? Words::tr("in CI") : Words::tr("in CI (run %1)").arg(mark.run);
    case GuardMark::Where::Program:
        break;
    }
    return Words::tr("without a window on %1").arg(mark.process.host);
}

QString watchesWords(const GuardMark &mark, const QDateTime &now)
{
    const QString runs = Words::tr("armed by %1, runs %2 since %3")
                             .arg(mark.by, placeOf(mark), localTime(mark.since, now));
    return mark.until.isValid() ? Words::tr("%1, until %2").arg(runs, localTime(mark.until, now))
                                : runs;
}

/// When it was heard of last, as far as that counts.
QDateTime lastWord(const GuardMark &mark)
{
    return mark.heartbeat.isValid() ? std::max(mark.heartbeat, mark.since) : mark.since;
}

/// It should have ended, or said again that it watches.
bool isOverdue(const GuardMark &mark, const QDateTime &now)
{
    const QDateTime latest
        = mark.until.isValid() ? mark.until : lastWord(mark) + guardHeartbeat + writing;
    return now > latest.addMSecs(lateness);
}

QString lostWords(const GuardMark &mark, const QDateTime &now, const IsGone &gone)
{
    const QString which = Words::tr("UNWATCHED: the guard that %1 armed at %2 %3")
                              .arg(mark.by, localTime(mark.since, now), placeOf(mark));
    if (gone(mark))
        return Words::tr("%1 is gone; it did not say why").arg(which);
    if (mark.until.isValid())
        return Words::tr("%1 should have ended at %2, and did not say that it did")
            .arg(which, localTime(mark.until, now));
    return Words::tr("%1 has not said since %2 that it watches")
        .arg(which, localTime(lastWord(mark), now));
}

} // namespace

bool isGone(const GuardMark &mark)
{
    // A number of another container's process says nothing here.
    std::error_code none;
    const auto own = std::filesystem::read_symlink("/proc/self/ns/pid", none);
    return !mark.pidSpace.isEmpty() && mark.pidSpace.toStdString() == own.string()
           && mark.process.isGoneHere();
}

GuardView viewOf(const GuardsElsewhere &known, const CommitId &candidate, Phase phase,
                 const QDateTime &now, const IsGone &gone)
{
    using Kind = GuardView::Kind;
    const bool hasTraffic = isGuarded(phase) || phase == Phase::RollingBack;
    if (candidate.value.isEmpty() || (!hasTraffic && phase != Phase::Ready))
        return {};
    QStringList watching;
    const GuardMark *lost = nullptr;
    for (const GuardMark &mark : known.marks) {
        if (mark.commit != candidate)
            continue;
        if (!gone(mark) && !isOverdue(mark, now))
            watching << watchesWords(mark, now);
        else if (!lost || mark.since > lost->since)
            lost = &mark;
    }
    if (!watching.isEmpty())
        return {Kind::Elsewhere, watching.join(QStringLiteral("; ")), {}};
    if (!isGuarded(phase))
        return {};
    if (lost)
        return {Kind::Unwatched, lostWords(*lost, now, gone), {}};
    if (known.earlier && known.earlier->candidate == candidate)
        return {
            Kind::Unwatched,
            Words::tr("UNWATCHED: the guard that %1 armed at %2 on this computer is gone; it did "
                      "not say why")
                .arg(known.earlier->by, localTime(known.earlier->at, now)),
            {}};
    return {};
}

} // namespace pilothouse
