#pragma once

#include "base/clock.h"
#include "release/oncall/oncallviews.h"

#include <QObject>

namespace pilothouse {

class BadStart;
class ClusterEventSource;
class LastKnownKeeper;
class Lookback;
class PipelineController;
class ReleaseController;
class RolloutController;
class TrackPods;
struct TrackHealth;

/// Puts together what the screen of a night shows, from what the controllers know. Computed when it
/// is asked for; `changed` tells that it may be another one. GUI thread; all of it outlives it.
class OnCall final : public QObject
{
    Q_OBJECT

public:
    OnCall(ReleaseController &release, QList<RolloutController *> tracks,
           MigrationController &migrations, Clock &clock, QObject *parent = nullptr);

    /// The pods of a track whose last error is told; it outlives this.
    void addPods(TrackPods &pods);
    /// What the clusters remember of the time before it began to hurt. Outlives this.
    void setClusterEvents(ClusterEventSource &source);
    /// The CI host counts among the sources that can be lost. Outlives this.
    void setCiHost(PipelineController &pipeline);
    /// What was live when it was last read. Outlives this.
    void setLastKnown(const LastKnownKeeper &keeper) { m_lastKnown = &keeper; }

    [[nodiscard]] OnCallView view() const;
    /// Every track was read, or cannot be: the ways back can be believed.
    [[nodiscard]] bool isKnown() const;
    /// While it is looked at, every track's charts are drawn and its pods' logs followed.
    void setVisible(bool visible);

    /// nullopt = no such backfill runs any more.
    [[nodiscard]] std::optional<Preview> previewPause(const ChangeKey &change) const;
    /// Of this console's run at once, of another console's through the journal.
    [[nodiscard]] QFuture<Outcome> pause(const ChangeKey &change);

Q_SIGNALS:
    void changed();

private:
    [[nodiscard]] QList<LostLine> lost() const;
    [[nodiscard]] QList<LastKnownLine> lastKnown() const;
    [[nodiscard]] QString alertsUnknown() const;
    [[nodiscard]] QString alertsReading() const;
    [[nodiscard]] std::optional<WayLine> pauseWay(const ChangeKey &key) const;
    [[nodiscard]] TrackHealth healthOf(const RolloutController &track) const;
    [[nodiscard]] QList<HurtLine> hurting() const;
    [[nodiscard]] QList<EarlierLine> earlier(const QDateTime &firstBad) const;
    /// What changed in the last hours, but for what stands in `earlier`.
    void tellRecent(OnCallView &view) const;
    /// What is known and what is not of the time before it began to hurt.
    void tellEarlier(OnCallView &view) const;
    void lookBack();
    void lookForTheStart();
    void lookForTheStart(RolloutController &track);

    ReleaseController &m_release;
    QList<RolloutController *> m_tracks;
    QList<TrackPods *> m_pods;
    MigrationController &m_migrations;
    Clock &m_clock;
    BadStart *m_badStart;
    Lookback *m_lookback = nullptr;               ///< nullptr = no cluster is asked
    PipelineController *m_pipeline = nullptr;     ///< nullptr = no CI host
    const LastKnownKeeper *m_lastKnown = nullptr; ///< nullptr = nothing is kept
    bool m_visible = false;
};

} // namespace pilothouse
