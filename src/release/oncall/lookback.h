#pragma once

#include "base/clock.h"
#include "release/oncall/clusterevents.h"

#include <QObject>

namespace pilothouse {

/// Asks the clusters what changed in the day before a first bad moment: once it is known, again
/// when it is another one, and from time to time, since a cron job may fail later. What was
/// answered stays until the next answer. GUI thread; source and clock outlive it.
class Lookback final : public QObject
{
    Q_OBJECT

public:
    Lookback(ClusterEventSource &source, Clock &clock, QObject *parent = nullptr);

    /// Somebody looks, and this is the first bad moment (UTC; invalid = nothing hurts: forgotten).
    void want(const QDateTime &firstBad, const QList<PodOfTrack> &pods);

    /// nullopt = nothing was asked for, or not answered yet.
    [[nodiscard]] const std::optional<ClusterEvents> &found() const { return m_found; }

Q_SIGNALS:
    void changed();

private:
    ClusterEventSource &m_source;
    Clock &m_clock;
    QDateTime m_firstBad;
    QList<PodOfTrack> m_pods;
    std::chrono::milliseconds m_askedAt{0}; ///< since boot
    std::optional<ClusterEvents> m_found;
    int m_question = 0;
};

} // namespace pilothouse
