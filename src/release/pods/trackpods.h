#pragma once

#include "logs/errors/poderrors.h"
#include "release/pods/carry.h"

namespace pilothouse {

class MetricSource;
class RolloutController;

/// The pods of one track as a person watches them: their newest error, and whether the stable ones
/// could carry everything, which the track is told for its dialogs. Asked for while somebody looks,
/// or has a dialog open. GUI thread; all it is given outlives it.
class TrackPods final : public QObject
{
    Q_OBJECT

public:
    /// `metrics` may be nullptr: then nobody knows what was served, and that is said.
    TrackPods(RolloutController &track, std::vector<LogSource *> logs, MetricSource *metrics,
              Clock &clock, QObject *parent = nullptr);

    void look(const QObject *who);
    void lookAway(const QObject *who);

    [[nodiscard]] const RolloutController &track() const { return m_track; }
    [[nodiscard]] PodErrorsView errors() const { return m_errors.view(); }
    /// nullopt = there is no stable that could carry anything.
    [[nodiscard]] std::optional<CarryView> carry() const;

Q_SIGNALS:
    void changed();

private:
    void followPods();
    void askServed();
    void askServedNow();
    void tellCarry();

    RolloutController &m_track;
    MetricSource *m_metrics;
    Clock &m_clock;
    PodErrors m_errors;
    std::set<const QObject *> m_lookers;
    std::optional<MostServed> m_most;
    QString m_mostOf;                       ///< whose that is: a stable, by commit or name
    std::chrono::milliseconds m_askedAt{0}; ///< since boot; 0 = never
    int m_question = 0;
};

} // namespace pilothouse
