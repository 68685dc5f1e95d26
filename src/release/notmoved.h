#pragma once

#include "base/clock.h"
#include "release/oncall/configmapsource.h"
#include "release/workloads.h"

#include <QHash>
#include <QObject>

#include <optional>

namespace pilothouse {

class RolloutController;
struct WayBack;

/// "celery worker 4be81c0"
[[nodiscard]] QString notMovedWords(const Workload &workload);
/// "config map context-web (written by helm 2 h ago, Helm revision 41)"; what could not be looked
/// at is said. A way back by a deploy of Helm writes the config maps of its own release again:
/// those are left out. Empty = there is nothing to say.
[[nodiscard]] QString notMovedWords(const ConfigMapsInUse &found, const WayBack &back,
                                    const QDateTime &now);

/// Tells the tracks what a rollback of them leaves as it is, for its confirmation: what runs beside
/// the traffic, and the config maps of the pods, which are asked for while a confirmation is open.
/// GUI thread; all it is given outlives it.
class NotMoved final : public QObject
{
    Q_OBJECT

public:
    explicit NotMoved(Clock &clock, QObject *parent = nullptr);

    void addTrack(RolloutController &track);
    /// Without one nothing is said of config maps.
    void setConfigMaps(ConfigMapSource &source) { m_source = &source; }
    void setWorkloads(const QList<Workload> &workloads);
    /// Says it again: how long ago something was written grows.
    void tell();
    /// The config maps of this track were asked for, and no answer came yet.
    [[nodiscard]] bool isAwaited(const RolloutController &track) const;

Q_SIGNALS:
    void changed();

private:
    /// What is known of the config maps of one track.
    struct Known
    {
        QStringList pods; ///< that were asked about
        std::chrono::milliseconds askedAt{0};
        int question = 0;
        bool isAsking = false;
        std::optional<ConfigMapsInUse> found; ///< nullopt = nothing is, or it lives in no cluster
    };

    /// Whether there is something to ask: that is done once whoever opened the confirmation has
    /// filled it.
    void askSoon(RolloutController &track);
    void ask(RolloutController &track);
    void tell(RolloutController &track);

    Clock &m_clock;
    ConfigMapSource *m_source = nullptr;
    QList<RolloutController *> m_tracks;
    QStringList m_places;
    QHash<const RolloutController *, Known> m_known;
};

} // namespace pilothouse
