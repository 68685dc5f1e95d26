#pragma once

#include "rollout/analysis/metricsfeed.h"
#include "rollout/rolloutviews.h"

#include <QObject>
#include <QPromise>

#include <functional>
#include <map>
#include <memory>

namespace pilothouse {

/// Drives one rollout: turns the ports' answers into events, `step()` makes the next state, and the
/// effects go out through the ports. Knows no button and no person. GUI thread; the ports outlive
/// it.
class RolloutEngine final : public QObject
{
    Q_OBJECT

public:
    /// Called when a read has ended, after its answer was taken; with the error if it failed.
    using AfterRead = std::function<void(const std::optional<Error> &)>;
    /// Carries the hold out that follows a rollback.
    using KeepHold = std::function<void(const Hold &hold, const QString &version)>;

    RolloutEngine(const RolloutSettings &settings, TrafficControl &traffic, MetricSource *metrics,
                  Clock &clock, QObject *parent = nullptr);

    void start(KeepHold keepHold);
    void setVisible(bool visible) { m_visible = visible; }
    [[nodiscard]] bool isVisible() const { return m_visible; }

    /// An event of a person's making. The future ends when the attempt is concluded.
    [[nodiscard]] QFuture<Outcome> confirm(const IntentId &intent, const RolloutEvent &event);
    /// A state of the traffic that came as the answer to somebody's own write.
    void take(const Reading<TrafficState> &fresh);
    void read(const AfterRead &then = {});
    /// By TrafficControl::glance().
    void glance(const AfterRead &then);
    /// Draws, measures and asks for alerts at the next tick, whatever the pace.
    void pollSoon() { m_polledAt = std::chrono::milliseconds(0); }

    [[nodiscard]] const RolloutState &state() const { return m_state; }
    [[nodiscard]] const StepRules &rules() const { return m_rules; }
    [[nodiscard]] const std::optional<Reading<TrafficState>> &reading() const { return m_reading; }
    [[nodiscard]] const std::optional<Error> &lost() const { return m_lost; }
    /// How reading the traffic goes.
    [[nodiscard]] SourceState sourceState() const;
    [[nodiscard]] const MetricsFeed &feed() const { return m_feed; }
    [[nodiscard]] MetricsFeed &feed() { return m_feed; }

Q_SIGNALS:
    void changed(); ///< the state is another one
    void moved();   ///< only time went on
    void revisionsChanged();
    void trafficSourceChanged(); ///< another answer or error, or what was read has grown old

private:
    void apply(const RolloutEvent &event);
    void carryOut(const RolloutEffect &effect);
    void write(const SetWeight &effect);
    void takeAnswer(const QFuture<Result<Reading<TrafficState>>> &answer, const AfterRead &then);
    void failed(const Error &error);
    void tellSource();
    void tick();
    void poll();

    const RolloutSettings &m_settings;
    TrafficControl &m_control;
    Clock &m_clock;
    MetricsFeed m_feed;
    StepRules m_rules;
    RolloutState m_state;
    std::optional<Reading<TrafficState>> m_reading;
    std::optional<Error> m_lost;
    SourceState::Health m_told = SourceState::Health::Loading;       ///< last
    std::map<QString, std::shared_ptr<QPromise<Outcome>>> m_waiting; ///< by intent
    KeepHold m_keepHold;
    std::chrono::milliseconds m_readAskedAt{0}; ///< 0 = none under way
    std::chrono::milliseconds m_polledAt{0};
    bool m_polledTraffic = false; ///< then the traffic was known
    bool m_visible = false;
};

} // namespace pilothouse
