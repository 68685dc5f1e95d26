#include "release/oncall/recent.h"

#include "base/words.h"
#include "release/seen/happenings.h"

#include <algorithm>

namespace pilothouse {
namespace {

bool isChange(const LatelyLine &line)
{
    return line.kind == LatelyLine::Kind::Act && line.source != LatelyLine::Source::Pipeline;
}

} // namespace

QList<RecentLine> recentLines(const QList<LatelyLine> &happened, const QList<ClusterEvent> &events,
                              const QDateTime &now)
{
    const QDateTime from
        = now.addSecs(-std::chrono::duration_cast<std::chrono::seconds>(recentWithin).count());
    QList<RecentLine> lines;
    for (const LatelyLine &line : happened) {
        if (isChange(line) && line.at >= from)
            lines.append({line.at, line.who, line.what, line.seenIn});
    }
    for (const ClusterEvent &event : events) {
        if (event.kind == ClusterEvent::Kind::Written && event.at >= from)
            lines.append({event.at, event.who, event.what, QStringLiteral("Kubernetes")});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const RecentLine &a, const RecentLine &b) { return a.at > b.at; });
    return lines;
}

QStringList recentUnknown(const QList<Unheard> &unheard, const QList<LostLine> &lost,
                          const QStringList &clusters)
{
    QStringList unknown;
    QStringList saidAlready;
    for (const Unheard &each : unheard) {
        if (each.state != Unheard::State::Lost)
            continue;
        const bool said = std::any_of(lost.cbegin(), lost.cend(), [&each](const LostLine &line) {
            return line.why == each.why;
        });
        if (said || each.why.isEmpty())
            saidAlready.append(each.subject);
        else
            unknown.append(Words::tr("%1: %2").arg(each.subject, each.why));
    }
    if (!saidAlready.isEmpty())
        unknown.prepend(saidAlready.join(QStringLiteral(", ")));
    return unknown + clusters;
}

QString recentReading(const QList<Unheard> &unheard)
{
    for (const Unheard &each : unheard) {
        if (each.state == Unheard::State::Reading)
            return unheardWords(each);
    }
    return {};
}

} // namespace pilothouse
