#include "release/oncall/lookback.h"

#include "base/whendone.h"
#include "release/oncall/earlier.h"

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds lookedAgainAfter{60'000};
/// The first bad sample moves by a little as samples come and go.
constexpr qint64 sameMoment = 30;

} // namespace

Lookback::Lookback(ClusterEventSource &source, Clock &clock, QObject *parent)
    : QObject(parent), m_source(source), m_clock(clock)
{}

void Lookback::want(const QDateTime &firstBad, const QList<PodOfTrack> &pods)
{
    if (!firstBad.isValid()) {
        m_firstBad = {};
        m_found.reset();
        ++m_question; // what is still under way comes too late
        return;
    }
    const bool same = m_firstBad.isValid() && pods == m_pods
                      && std::abs(m_firstBad.secsTo(firstBad)) <= sameMoment;
    if (same && m_clock.sinceBoot() - m_askedAt < lookedAgainAfter)
        return;
    m_firstBad = firstBad;
    m_pods = pods;
    m_askedAt = m_clock.sinceBoot();
    const int mine = ++m_question;
    const ClusterQuestion question{
        firstBad.addSecs(-std::chrono::duration_cast<std::chrono::seconds>(causesWithin).count()),
        firstBad, pods};
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
