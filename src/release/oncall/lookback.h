#pragma once

#include "base/clock.h"
#include "release/oncall/clusterevents.h"

#include <QObject>

namespace pilothouse {

/// Asks the clusters what changed in the day before a first bad moment or, while nothing hurts, in
/// the last hours: at once, again when that moment is another one, and from time to time. What was
/// answered stays until the next answer, but for that of a calm time when it begins to hurt, and
/// the other way round. GUI thread; source and clock outlive it.
class Lookback final : public QObject
{
    Q_OBJECT

public:
    Lookback(ClusterEventSource &source, Clock &clock, QObject *parent = nullptr);

    /// Somebody looks, and this is the first bad moment (UTC; invalid = nothing hurts).
    void want(const QDateTime &firstBad, const QList<PodOfTrack> &pods);

    /// nullopt = nobody looked, or not answered yet.
    [[nodiscard]] const std::optional<ClusterEvents> &found() const { return m_found; }

Q_SIGNALS:
    void changed();

private:
    ClusterEventSource &m_source;
    Clock &m_clock;
    bool m_asked = false;
    QDateTime m_firstBad; ///< of the last question
    QList<PodOfTrack> m_pods;
    std::chrono::milliseconds m_askedAt{0}; ///< since boot
    std::optional<ClusterEvents> m_found;
    int m_question = 0;
};

} // namespace pilothouse
