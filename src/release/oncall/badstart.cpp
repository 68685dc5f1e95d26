#include "release/oncall/badstart.h"

#include "base/whendone.h"
#include "base/words.h"

#include <algorithm>
#include <array>

namespace pilothouse {
namespace {

constexpr std::array<std::chrono::hours, 3> spans{std::chrono::hours(1), std::chrono::hours(6),
                                                  std::chrono::hours(24)};
constexpr int lastSpan = int(spans.size()) - 1;
constexpr std::chrono::milliseconds askedAgainAfter{60'000};
/// A beginning is kept for so much longer than it was asked for, then the time moves on.
constexpr std::chrono::hours keptLonger{1};

qint64 inMilliseconds(std::chrono::hours span)
{
    return std::chrono::milliseconds(span).count();
}

} // namespace

BadStart::BadStart(Clock &clock, QObject *parent) : QObject(parent), m_clock(clock) {}

void BadStart::look(const Look &look, const Ask &ask)
{
    const auto at = m_asked.find(look.track.value);
    if (!look.isNeeded) {
        if (at != m_asked.end())
            m_asked.erase(at);
        return;
    }
    if (at == m_asked.end()) {
        m_asked.insert(look.track.value, {});
        begin(look.track, look.now, ask);
        return;
    }
    at->isOpen = look.isOpen;
    const bool widens = !at->isUnderWay && at->why.isEmpty() && at->isOpen && at->span < lastSpan;
    if (widens)
        ++at->span;
    else if (m_clock.sinceBoot() - at->at < askedAgainAfter)
        return;
    const qint64 span = inMilliseconds(spans[std::size_t(at->span)]);
    if (widens || at->from.msecsTo(look.now) > span + inMilliseconds(keptLonger))
        at->from = {};
    begin(look.track, look.now, ask);
}

void BadStart::forget()
{
    m_asked.clear();
}

BadStart::Known BadStart::of(const TrackName &track) const
{
    const auto at = m_asked.constFind(track.value);
    return at == m_asked.constEnd() ? Known{} : Known{at->knownFrom, at->charts};
}

bool BadStart::isReading() const
{
    return std::any_of(m_asked.cbegin(), m_asked.cend(), [](const Asked &asked) {
        const bool isNew = asked.charts.isEmpty() || asked.from != asked.knownFrom;
        return asked.isUnderWay && asked.isOpen && isNew && asked.why.isEmpty();
    });
}

QString BadStart::failure() const
{
    for (const Asked &asked : m_asked) {
        if (!asked.why.isEmpty())
            return asked.why;
    }
    return {};
}

void BadStart::begin(const TrackName &track, const QDateTime &now, const Ask &ask)
{
    const int mine = ++m_questions;
    Asked &asked = m_asked[track.value];
    if (!asked.from.isValid())
        asked.from = now.addMSecs(-inMilliseconds(spans[std::size_t(asked.span)]));
    asked.at = m_clock.sinceBoot();
    asked.question = mine;
    asked.isUnderWay = true;
    // A copy: an answer that is there at once may change what is asked.
    const QDateTime from = asked.from;
    whenDone(
        ask(from, now), this,
        [this, track, mine](const QList<ChartSeries> &charts) { take(track, mine, charts); },
        [this, track, mine] { take(track, mine, {}); });
}

void BadStart::take(const TrackName &track, int question, const QList<ChartSeries> &charts)
{
    const auto at = m_asked.find(track.value);
    if (at == m_asked.end() || at->question != question)
        return;
    at->isUnderWay = false;
    at->why = charts.isEmpty() ? Words::tr("the metrics server gave no answer") : QString();
    for (const ChartSeries &chart : charts) {
        if (chart.limit && at->why.isEmpty())
            at->why = chart.error;
    }
    const bool isAny = std::any_of(charts.cbegin(), charts.cend(),
                                   [](const ChartSeries &chart) { return chart.error.isEmpty(); });
    // What was answered before is better than nothing.
    if (isAny) {
        at->charts = charts;
        at->knownFrom = at->from;
    }
    Q_EMIT changed();
}

} // namespace pilothouse
