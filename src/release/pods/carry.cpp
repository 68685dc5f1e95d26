#include "release/pods/carry.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr int allOfIt = 100;
constexpr double sameRate = 0.98; ///< rates of one load differ by so much from sample to sample

QString rateWords(double perSecond)
{
    return Words::tr("%1/s").arg(
        QString::number(perSecond, 'f', perSecond < 10 ? 1 : 0)); // 0.4/s is not 0/s
}

QString timeWords(const QDateTime &utc, const QDateTime &now)
{
    const QDateTime local = utc.toLocalTime();
    return local.date() == now.toLocalTime().date()
               ? Words::tr("%1 today").arg(local.toString(QStringLiteral("HH:mm")))
               : local.toString(QStringLiteral("d MMM HH:mm"));
}

} // namespace

std::optional<MostServed> mostServed(const QList<Sample> &samples)
{
    std::optional<MostServed> most;
    for (const Sample &sample : samples) {
        if (std::isfinite(sample.value) && (!most || sample.value > most->perSecond))
            most = MostServed{sample.value, QDateTime::fromMSecsSinceEpoch(sample.at, Qt::UTC)};
    }
    return most;
}

QDateTime servedSince(const TrafficState &traffic, const QString &stableSeries,
                      const QDateTime &now)
{
    const QDateTime earliest
        = now.addSecs(-std::chrono::duration_cast<std::chrono::seconds>(servedWithin).count());
    if (!traffic.stable || stableSeries.contains(QLatin1String("${stable.")))
        return earliest;
    for (const WeightChange &change : traffic.changes) {
        if (change.to.percent == allOfIt && change.candidate == traffic.stable->commit)
            return std::max(earliest, change.at);
    }
    return earliest;
}

Reason carryReason(const CarryView &view)
{
    const Reason::Kind kind = view.state == CarryView::State::Proved      ? Reason::Kind::For
                              : view.state == CarryView::State::NotProved ? Reason::Kind::Against
                                                                          : Reason::Kind::Unknown;
    return {kind, Words::tr("stable %1").arg(view.words), {}};
}

CarryView carryOf(const std::optional<MostServed> &most, const RevisionState &revision,
                  std::optional<double> load, const QDateTime &now)
{
    CarryView view;
    if (!load || !std::isfinite(*load)) {
        view.words = Words::tr("can carry all of it alone: no data, requests are not counted");
        return view;
    }
    const QString question = Words::tr("can carry %1 alone").arg(rateWords(*load));
    if (!most) {
        view.words = Words::tr("%1: no data of what it has served").arg(question);
        return view;
    }
    const bool counted = revision.wantedReplicas > 0;
    const double share = counted ? double(revision.readyReplicas) / revision.wantedReplicas : 1.0;
    const QString when = timeWords(most->at, now);
    const QString seen = share < 1.0 ? Words::tr("%1 at %2 with %3 pods")
                                           .arg(rateWords(most->perSecond), when)
                                           .arg(revision.wantedReplicas)
                                     : Words::tr("%1 at %2").arg(rateWords(most->perSecond), when);
    if (most->perSecond * share >= *load * sameRate) {
        view.state = CarryView::State::Proved;
        view.words = Words::tr("%1: yes (%2)").arg(question, seen);
    } else {
        view.state = CarryView::State::NotProved;
        view.words = Words::tr("%1: not proved (most so far %2)").arg(question, seen);
    }
    return view;
}

} // namespace pilothouse
