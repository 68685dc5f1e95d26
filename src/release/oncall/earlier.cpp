#include "release/oncall/earlier.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr qint64 lastMinute = 60'000;
constexpr qint64 quarterOfAnHour = 15 * lastMinute;
constexpr double risen = 1.5;

std::optional<double> meanBetween(const QList<Sample> &samples, qint64 from, qint64 to)
{
    double sum = 0;
    int count = 0;
    for (const Sample &sample : samples) {
        if (sample.at >= from && sample.at < to && std::isfinite(sample.value)) {
            sum += sample.value;
            ++count;
        }
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

/// Only what a browser opens: an annotation may be any text.
QUrl webAddress(const QString &text)
{
    const QUrl url(text);
    const bool web
        = url.scheme() == QLatin1String("https") || url.scheme() == QLatin1String("http");
    return url.isValid() && web ? url : QUrl();
}

bool isAbout(const LatelyLine &line, const QString &track)
{
    return std::any_of(line.about.cbegin(), line.about.cend(), [&track](const Thing &thing) {
        return thing.kind == Thing::Kind::Track && thing.id == track;
    });
}

AlertLine lineOf(const Alert &alert)
{
    return {alert.name,
            alert.state,
            alert.activeAt,
            alert.annotations.value(QStringLiteral("summary")),
            webAddress(alert.annotations.value(QStringLiteral("runbook_url"))),
            webAddress(alert.annotations.value(QStringLiteral("dashboard_url"))),
            {}};
}

} // namespace

QList<EarlierLine> changedBefore(const QList<LatelyLine> &lately, const QDateTime &firstBad)
{
    QList<EarlierLine> lines;
    if (!firstBad.isValid())
        return lines;
    for (const LatelyLine &line : lately) {
        const milliseconds before(line.at.msecsTo(firstBad));
        if (line.source == LatelyLine::Source::Alert || before.count() < 0 || before > causesWithin)
            continue;
        lines.append({line.at, before, line.who, line.what, line.moved});
    }
    return newestFirst(lines);
}

QList<EarlierLine> changedBefore(const QList<ClusterEvent> &events, const QDateTime &firstBad)
{
    QList<EarlierLine> lines;
    if (!firstBad.isValid())
        return lines;
    for (const ClusterEvent &event : events) {
        const milliseconds before(event.at.msecsTo(firstBad));
        if (before.count() >= 0 && before <= causesWithin)
            lines.append({event.at, before, event.who, event.what});
    }
    return newestFirst(lines);
}

QList<EarlierLine> newestFirst(QList<EarlierLine> lines)
{
    std::stable_sort(lines.begin(), lines.end(), [](const EarlierLine &a, const EarlierLine &b) {
        return a.before < b.before;
    });
    return lines;
}

std::optional<EarlierLine> trafficRise(const TrackName &track, const ChartSeries &requests,
                                       const QDateTime &firstBad)
{
    if (!firstBad.isValid())
        return std::nullopt;
    // Both sides together: a shift from one to the other is no rise.
    QHash<qint64, double> both;
    for (const QList<Sample> *side : {&requests.stable, &requests.candidate}) {
        for (const Sample &sample : *side) {
            if (std::isfinite(sample.value))
                both[sample.at] += sample.value;
        }
    }
    QList<Sample> whole;
    for (auto it = both.cbegin(); it != both.cend(); ++it)
        whole.append({it.key(), it.value()});
    const qint64 bad = firstBad.toMSecsSinceEpoch();
    const auto before = meanBetween(whole, bad - quarterOfAnHour, bad - lastMinute);
    const auto then = meanBetween(whole, bad - lastMinute, bad);
    if (!before || !then || *before <= 0 || *then < *before * risen)
        return std::nullopt;
    return EarlierLine{
        QDateTime::fromMSecsSinceEpoch(bad - lastMinute, Qt::UTC), milliseconds(lastMinute),
        Words::tr("requests"),
        Words::tr("%1 %2 → %3/s").arg(track.value).arg(qRound(*before)).arg(qRound(*then))};
}

void tellInFlight(QList<EarlierLine> &lines, const TrackName &track, const QString &guard)
{
    const auto newest = std::find_if(lines.begin(), lines.end(), [&track](const EarlierLine &line) {
        return line.moved == track;
    });
    if (newest != lines.end())
        newest->what += Words::tr(" · IN FLIGHT, %1").arg(guard);
}

QString actedOn(const Alert &alert, const QList<LatelyLine> &happened, bool isAllHeard)
{
    using Source = LatelyLine::Source;
    const QString track = alert.labels.value(QStringLiteral("track"));
    const auto acts = [&](const LatelyLine &line) {
        return line.at >= alert.activeAt && line.kind == LatelyLine::Kind::Act
               && line.source != Source::Alert && line.source != Source::Pipeline
               && (track.isEmpty() || isAbout(line, track));
    };
    const auto newest = std::find_if(happened.cbegin(), happened.cend(), acts);
    if (newest == happened.cend())
        return isAllHeard ? Words::tr("nobody yet") : Words::tr("nobody yet, as far as is heard");
    const QString who = newest->who.isEmpty() ? Words::tr("somebody") : newest->who;
    return newest->seenIn.isEmpty()
               ? Words::tr("%1: %2").arg(who, newest->what)
               : Words::tr("%1: %2 (seen in %3)").arg(who, newest->what, newest->seenIn);
}

void addOfNoTrack(const QList<Alert> &alerts, QList<AlertLine> &lines)
{
    for (const Alert &alert : alerts) {
        if (!alert.isFiring())
            continue;
        AlertLine line = lineOf(alert);
        line.isOfNoTrack = true;
        if (!lines.contains(line)) // each track tells them
            lines.append(line);
    }
}

QList<AlertLine> alertLines(const QList<Alert> &alerts, const QList<LatelyLine> &happened,
                            bool isAllHeard)
{
    QList<AlertLine> lines;
    for (const Alert &alert : alerts) {
        AlertLine line = lineOf(alert);
        line.acted = actedOn(alert, happened, isAllHeard);
        if (!lines.contains(line)) // two tracks may tell the same one
            lines.append(line);
    }
    std::stable_sort(lines.begin(), lines.end(), [](const AlertLine &a, const AlertLine &b) {
        return (a.state == QLatin1String("firing")) > (b.state == QLatin1String("firing"));
    });
    return lines;
}

} // namespace pilothouse
