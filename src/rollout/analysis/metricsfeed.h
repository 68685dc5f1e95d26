#pragma once

#include "base/clock.h"
#include "rollout/alerts/alertdesk.h"
#include "rollout/alerts/firings.h"
#include "rollout/analysis/askchecks.h"
#include "rollout/analysis/pastwindow.h"
#include "rollout/rolloutviews.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace pilothouse {

/// Asks the metrics server for one track: judgements, the measured share, charts and alerts. Of
/// each kind one question is under way at a time, and a newer one makes the older one's answer
/// worthless. GUI thread; source and clock outlive it.
class MetricsFeed final : public QObject
{
    Q_OBJECT

public:
    /// `source` may be nullptr: everything stays NotSetUp then, and nothing is asked.
    MetricsFeed(MetricSource *source, const RolloutSettings &settings,
                std::chrono::milliseconds sampleStep, Clock &clock, QObject *parent = nullptr);

    /// Judges all checks; `judged` comes with the same attempt once every one was answered.
    /// `atWeightFor` is how long the present weight has held: a test that takes all samples alike
    /// looks back no further, a threshold is about the newest value anyway. nullopt = not known.
    void judge(const AttemptId &attempt, const TrafficState &traffic,
               std::optional<std::chrono::milliseconds> atWeightFor = {});
    /// Judges all checks over a time that is past, by the names and the revisions of then. Any
    /// number may be under way. NoData for all where there is no metrics server.
    [[nodiscard]] QFuture<QList<CheckResult>> judgePast(const PastWindow &past,
                                                        const TrafficState &traffic);
    /// Counts the candidate's share of the requests.
    void measure(const TrafficState &traffic);
    void draw(const TrafficState &traffic);
    /// Draws an earlier time once, as finely as it can be seen; a newer one makes it worthless.
    void drawHistory(const QDateTime &from, const QDateTime &to, const TrafficState &traffic);
    /// The charts of a time, for a reckoning and not for the eye: as finely as judged, any number
    /// may be under way. Empty where there is no metrics server.
    [[nodiscard]] QFuture<QList<ChartSeries>>
    chartsBetween(const QDateTime &from, const QDateTime &to, const TrafficState &traffic);
    void askAlerts();

    [[nodiscard]] std::chrono::milliseconds sampleStep() const { return m_step; }
    /// Per cent of requests; nullopt = no data. `measuredAt` is since boot.
    [[nodiscard]] std::optional<double> measured() const { return m_measured; }
    [[nodiscard]] std::chrono::milliseconds measuredAt() const { return m_measuredAt; }
    [[nodiscard]] const QList<ChartSeries> &charts() const { return m_charts; }
    [[nodiscard]] QDateTime chartsFrom() const { return m_chartsFrom; }
    [[nodiscard]] QDateTime chartsTo() const { return m_chartsTo; }
    /// With Alertmanager, where there is one.
    [[nodiscard]] AlertDesk &alertDesk() { return m_alerts; }
    [[nodiscard]] const AlertDesk &alertDesk() const { return m_alerts; }
    [[nodiscard]] const QList<Alert> &alerts() const { return m_alerts.alerts(); }
    /// When alerts of this track fired, oldest first: as the metrics server tells of the times that
    /// were drawn, and as it was seen.
    [[nodiscard]] const QList<Firing> &firings() const { return m_firings.firings(); }
    /// Why the metrics server told of none; nullopt = it told, or was not asked.
    [[nodiscard]] const std::optional<Error> &firingsError() const { return m_firingsError; }
    /// The metrics server's clock, as far as it was told; else this machine's.
    [[nodiscard]] QDateTime serverNow() const;
    [[nodiscard]] MetricsHealth health() const;
    [[nodiscard]] SourceState sourceState() const;

Q_SIGNALS:
    void judged(const pilothouse::AttemptId &attempt,
                const QList<pilothouse::CheckResult> &results);
    void measuredChanged();
    void chartsChanged();
    void historyDrawn(const QList<pilothouse::ChartSeries> &charts, const QDateTime &from,
                      const QDateTime &to);
    void alertFired(const pilothouse::Alert &alert);
    void sourceChanged();

private:
    struct Drawing;

    /// The last `span` up to now by the server's clock.
    [[nodiscard]] RangeQuery lastOf(std::chrono::milliseconds span,
                                    std::chrono::milliseconds step) const;
    [[nodiscard]] std::shared_ptr<Drawing> begunDrawing(const QDateTime &from,
                                                        const QDateTime &to) const;
    void ask(const RangeQuery &query, const RangeAnswer &use);
    void answered(const QDateTime &serverAt, std::chrono::milliseconds receivedSinceBoot,
                  const QString &source);
    void failed(const Error &error);
    void heard(const QDateTime &serverAt, std::chrono::milliseconds receivedSinceBoot,
               const QString &source);
    void askCharts(const std::shared_ptr<Drawing> &drawing, std::chrono::milliseconds step,
                   const TrafficState &traffic);
    void chartAnswered(const std::shared_ptr<Drawing> &drawing, int at, const SeriesNames &names,
                       const Result<SeriesSet> &answer);
    void askFirings(const RangeQuery &range);
    void seeFirings();
    [[nodiscard]] Check checkAt(int at) const;

    MetricSource *m_source;
    const RolloutSettings &m_settings;
    std::chrono::milliseconds m_step;
    Clock &m_clock;
    std::optional<double> m_measured;
    std::chrono::milliseconds m_measuredAt{0};
    QList<ChartSeries> m_charts;
    QDateTime m_chartsFrom;
    QDateTime m_chartsTo;
    AlertDesk m_alerts;
    FiringLog m_firings;
    std::optional<Error> m_firingsError;
    QDateTime m_serverAt; ///< the server's clock at m_serverSince; invalid = never told
    std::chrono::milliseconds m_serverSince{0};
    std::chrono::milliseconds m_lastGood{0};
    std::optional<Error> m_error; ///< of the last query
    std::chrono::milliseconds m_failedAt{0};
    std::optional<Error> m_alertsError; ///< shown, but it makes no metric less true
    QString m_name;
    int m_measuring = 0;
    std::shared_ptr<Drawing> m_drawing;
    std::shared_ptr<Drawing> m_drawingHistory;
    bool m_askingAlerts = false;
};

} // namespace pilothouse
