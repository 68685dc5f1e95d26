#include "release/oncall/lookback.h"

#include "base/whendone.h"
#include "release/oncall/earlier.h"
#include "release/oncall/recent.h"

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds lookedAgainAfter{60'000};
/// The first bad sample moves by a little as samples come and go.
constexpr qint64 sameMoment = 30;

QDateTime movedBy(const QDateTime &at, std::chrono::seconds span)
{
    return at.addSecs(span.count());
}

bool isSame(const QDateTime &one, const QDateTime &other)
{
    return one.isValid() == other.isValid()
           && (!one.isValid() || std::abs(one.secsTo(other)) <= sameMoment);
}

} // namespace

Lookback::Lookback(ClusterEventSource &source, Clock &clock, QObject *parent)
    : QObject(parent), m_source(source), m_clock(clock)
{}

void Lookback::want(const QDateTime &firstBad, const QList<PodOfTrack> &pods)
{
    const bool same = m_asked && pods == m_pods && isSame(m_firstBad, firstBad);
    if (same && m_clock.sinceBoot() - m_askedAt < lookedAgainAfter)
        return;
    if (m_firstBad.isValid() != firstBad.isValid())
        m_found.reset();
    m_asked = true;
    m_firstBad = firstBad;
    m_pods = pods;
    m_askedAt = m_clock.sinceBoot();
    const int mine = ++m_question;
    const QDateTime to = firstBad.isValid() ? firstBad : m_clock.now();
    const ClusterQuestion question{movedBy(to, firstBad.isValid() ? -causesWithin : -recentWithin),
                                   to, pods};
    whenDone(
        m_source.between(question), this,
        [this, mine](const ClusterEvents &events) {
            if (mine != m_question)
                return;
            m_found = events;
            Q_EMIT changed();
        },
        [] {});
}

} // namespace pilothouse
