#include "rollout/analysis/metricsfeed.h"

#include "base/reading.h"
#include "base/whendone.h"

#include <QPromise>

#include <algorithm>
#include <cmath>
#include <memory>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

/// Samples of one series that a judgement rests on: more make it no truer.
constexpr int mostJudged = 1000;
/// Points of one series of a history: about one for each pixel of a wide chart. A server refuses
/// more than 11,000.
constexpr int mostDrawn = 1500;
constexpr int mostReckoned = 10'000;
/// A query that fails for so long has failed again; else nothing is queried any more.
constexpr milliseconds failureStands{60'000};

} // namespace

struct MetricsFeed::Drawing
{
    QList<ChartSeries> charts;
    QDateTime from;
    QDateTime to;
    int open = 0;
    milliseconds began{0};
    std::shared_ptr<QPromise<QList<ChartSeries>>> promise; ///< of one that no newer one replaces
};

MetricsFeed::MetricsFeed(MetricSource *source, const RolloutSettings &settings,
                         milliseconds sampleStep, Clock &clock, QObject *parent)
    : QObject(parent), m_source(source), m_settings(settings), m_step(sampleStep), m_clock(clock),
      m_alerts(settings.track.value, settings.limits, clock), m_name(QStringLiteral("Prometheus"))
{
    const int count = int(settings.checks.size()) + (settings.requestRateQuery.isEmpty() ? 0 : 1);
    for (int i = 0; i < count; ++i) {
        ChartSeries chart;
        chart.check = checkAt(i);
        chart.unit = chart.check.unit;
        chart.limit = limitOf(chart.check);
        m_charts.append(chart);
    }
    connect(&m_alerts, &AlertDesk::changed, this, [this] {
        seeFirings();
        Q_EMIT chartsChanged();
    });
    connect(&m_alerts, &AlertDesk::fired, this, &MetricsFeed::alertFired);
}

Check MetricsFeed::checkAt(int at) const
{
    if (at < m_settings.checks.size())
        return m_settings.checks[at];
    Check rate;
    rate.name = tr("requests/s");
    rate.query = m_settings.requestRateQuery;
    rate.unit = QStringLiteral("1/s");
    return rate;
}

QDateTime MetricsFeed::serverNow() const
{
    // A window by the desktop's clock would miss the newest samples, or ask for the future.
    if (m_serverAt.isValid())
        return m_serverAt.addMSecs((m_clock.sinceBoot() - m_serverSince).count());
    return m_clock.now();
}

MetricsHealth MetricsFeed::health() const
{
    if (!m_source)
        return MetricsHealth::NotSetUp;
    if (m_error)
        return MetricsHealth::Lost;
    return m_lastGood.count() > 0 ? MetricsHealth::Answering : MetricsHealth::Waiting;
}

SourceState MetricsFeed::sourceState() const
{
    SourceState state;
    state.name = m_name;
    state.lastGoodSinceBoot = m_lastGood;
    state.error = m_error ? m_error : m_alertsError;
    if (!m_source)
        state.health = SourceState::Health::NotSetUp;
    else if (m_error)
        state.health = healthAfter(*m_error);
    else if (m_lastGood.count() == 0) // where alerts are all that was asked, they decide
        state.health = m_alertsError ? SourceState::Health::Lost : SourceState::Health::Loading;
    else if (m_clock.sinceBoot() - m_lastGood > m_settings.limits.staleAfter)
        state.health = SourceState::Health::Old;
    else
        state.health = SourceState::Health::Live;
    return state;
}

void MetricsFeed::heard(const QDateTime &serverAt, milliseconds receivedSinceBoot,
                        const QString &source)
{
    if (serverAt.isValid()) {
        m_serverAt = serverAt;
        m_serverSince = receivedSinceBoot;
    }
    if (!source.isEmpty())
        m_name = source;
}

void MetricsFeed::answered(const QDateTime &serverAt, milliseconds receivedSinceBoot,
                           const QString &source)
{
    heard(serverAt, receivedSinceBoot, source);
    m_lastGood = m_clock.sinceBoot();
    m_error.reset();
    Q_EMIT sourceChanged();
}

void MetricsFeed::failed(const Error &error)
{
    m_error = error;
    m_failedAt = m_clock.sinceBoot();
    Q_EMIT sourceChanged();
}

RangeQuery MetricsFeed::lastOf(milliseconds span, milliseconds step) const
{
    RangeQuery query;
    query.to = serverNow();
    query.from = query.to.addMSecs(-span.count());
    query.step = step;
    return query;
}

void MetricsFeed::ask(const RangeQuery &query, const RangeAnswer &use)
{
    whenDone(
        m_source->range(query), this,
        [this, use, query](const Result<Reading<SeriesSet>> &answer) {
            if (!answer) {
                // A wrong expression is one check's fault; the server answers well.
                if (answer.error().kind != ErrorKind::BadInput)
                    failed(answer.error());
                use(Result<SeriesSet>(fail(answer.error())));
                return;
            }
            answered(answer->serverAt, answer->receivedSinceBoot, answer->source);
            SeriesSet set = answer->value;
            if (set.step.count() == 0)
                set.step = query.step;
            use(Result<SeriesSet>(set));
        },
        [use] {
            use(Result<SeriesSet>(
                fail(ErrorKind::Cancelled, tr("The metrics server gave no answer."))));
        });
}

void MetricsFeed::judge(const AttemptId &attempt, const TrafficState &traffic,
                        std::optional<milliseconds> atWeightFor)
{
    if (!m_source || m_settings.checks.isEmpty())
        return;
    const auto window = [this, atWeightFor](const Check &check) {
        milliseconds span = judgeWindow(check, m_step);
        if (atWeightFor && check.method == JudgeMethod::MannWhitney)
            span = std::clamp(*atWeightFor, std::min(m_step, span), span);
        return lastOf(span, rangeStep(span, m_step, mostJudged));
    };
    askChecks(
        {m_settings.checks, m_settings.series, traffic, window},
        [this](const RangeQuery &query, const RangeAnswer &use) { ask(query, use); },
        [this, attempt](const QList<CheckResult> &results) { Q_EMIT judged(attempt, results); });
}

QFuture<QList<CheckResult>> MetricsFeed::judgePast(const PastWindow &past,
                                                   const TrafficState &traffic)
{
    const auto promise = std::make_shared<QPromise<QList<CheckResult>>>();
    promise->start();
    const auto end = [promise](const QList<CheckResult> &results) {
        promise->addResult(results);
        promise->finish();
    };
    if (!m_source) {
        QList<CheckResult> none;
        for (const Check &check : m_settings.checks)
            none.append(notJudged(check, tr("no metrics server is set up")));
        end(none);
        return promise->future();
    }
    const auto window = [this, past](const Check &) {
        RangeQuery query;
        query.from = past.from;
        query.to = past.to;
        query.step = rangeStep(milliseconds(past.from.msecsTo(past.to)), m_step, mostJudged);
        return query;
    };
    askChecks(
        {m_settings.checks, m_settings.series, trafficThen(traffic, past), window},
        [this](const RangeQuery &query, const RangeAnswer &use) { ask(query, use); }, end);
    return promise->future();
}

void MetricsFeed::measure(const TrafficState &traffic)
{
    if (!m_source || m_settings.requestRateQuery.isEmpty())
        return;
    const int mine = ++m_measuring;
    const SeriesNames names = resolved(m_settings.series, traffic);
    RangeQuery query = lastOf(m_step * 3, m_step);
    query.expression = resolved(m_settings.requestRateQuery, traffic);
    ask(query, [this, mine, names](const Result<SeriesSet> &answer) {
        if (mine != m_measuring || !answer)
            return;
        const Series *candidate = seriesOf(*answer, names.label, names.candidate);
        const auto newest = [](const Series &series) {
            return series.samples.isEmpty() ? std::nan("") : series.samples.last().value;
        };
        double all = 0;
        for (const Series &series : answer->series) {
            const double value = newest(series);
            all += std::isfinite(value) ? value : 0;
        }
        m_measured.reset();
        if (candidate && std::isfinite(newest(*candidate)) && all > 0)
            m_measured = 100 * newest(*candidate) / all;
        m_measuredAt = m_clock.sinceBoot();
        Q_EMIT measuredChanged();
    });
}

void MetricsFeed::draw(const TrafficState &traffic)
{
    const milliseconds now = m_clock.sinceBoot();
    const milliseconds patience{10'000};
    if (!m_source || m_charts.isEmpty() || (m_drawing && now - m_drawing->began < patience))
        return;
    const auto drawing = std::make_shared<Drawing>();
    drawing->charts = m_charts;
    drawing->to = serverNow();
    drawing->from = drawing->to.addMSecs(-m_settings.chartSpan.count());
    drawing->open = int(m_charts.size());
    drawing->began = now;
    m_drawing = drawing;
    const milliseconds step
        = std::max(m_settings.chartSpan / std::max(1, m_settings.chartPoints), milliseconds(100));
    askFirings({{}, drawing->from, drawing->to, step});
    askCharts(drawing, step, traffic);
}

void MetricsFeed::drawHistory(const QDateTime &from, const QDateTime &to,
                              const TrafficState &traffic)
{
    if (!m_source || m_charts.isEmpty() || from >= to)
        return;
    // A copy: an answer that is there at once gives the member up.
    const auto drawing = begunDrawing(from, to);
    m_drawingHistory = drawing;
    const milliseconds step = rangeStep(milliseconds(from.msecsTo(to)), m_step, mostDrawn);
    askFirings({{}, from, to, step});
    askCharts(drawing, step, traffic);
}

std::shared_ptr<MetricsFeed::Drawing> MetricsFeed::begunDrawing(const QDateTime &from,
                                                                const QDateTime &to) const
{
    auto drawing = std::make_shared<Drawing>();
    drawing->charts = m_charts;
    for (ChartSeries &chart : drawing->charts) {
        chart.stable.clear();
        chart.candidate.clear();
    }
    drawing->from = from;
    drawing->to = to;
    drawing->open = int(m_charts.size());
    return drawing;
}

QFuture<QList<ChartSeries>> MetricsFeed::chartsBetween(const QDateTime &from, const QDateTime &to,
                                                       const TrafficState &traffic)
{
    const auto promise = std::make_shared<QPromise<QList<ChartSeries>>>();
    promise->start();
    if (!m_source || m_charts.isEmpty() || from >= to) {
        promise->addResult(QList<ChartSeries>());
        promise->finish();
        return promise->future();
    }
    const auto drawing = begunDrawing(from, to);
    drawing->promise = promise;
    askCharts(drawing, rangeStep(milliseconds(from.msecsTo(to)), m_step, mostReckoned), traffic);
    return promise->future();
}

void MetricsFeed::askCharts(const std::shared_ptr<Drawing> &drawing, milliseconds step,
                            const TrafficState &traffic)
{
    const SeriesNames names = resolved(m_settings.series, traffic);
    for (int i = 0; i < drawing->charts.size(); ++i) {
        const RangeQuery query{resolved(checkAt(i).query, traffic), drawing->from, drawing->to,
                               step};
        ask(query, [this, drawing, names, i](const Result<SeriesSet> &answer) {
            chartAnswered(drawing, i, names, answer);
        });
    }
}

void MetricsFeed::chartAnswered(const std::shared_ptr<Drawing> &drawing, int at,
                                const SeriesNames &names, const Result<SeriesSet> &answer)
{
    if (m_drawing != drawing && m_drawingHistory != drawing && !drawing->promise)
        return;
    ChartSeries &chart = drawing->charts[at];
    if (answer) {
        using Presence = ChartSeries::Presence;
        const auto take = [&](const QString &value, QList<Sample> &samples, Presence &presence) {
            const Series *series = seriesOf(*answer, names.label, value);
            samples = series ? series->samples : QList<Sample>();
            presence = series            ? Presence::Present
                       : value.isEmpty() ? Presence::NotAsked
                                         : Presence::NoSeries;
        };
        take(names.stable, chart.stable, chart.stablePresence);
        take(names.candidate, chart.candidate, chart.candidatePresence);
        chart.step = answer->step;
        chart.warnings = answer->warnings;
        chart.error.clear();
    } else {
        chart.error = answer.error().message;
    }
    if (--drawing->open > 0)
        return;
    if (drawing->promise) {
        drawing->promise->addResult(drawing->charts);
        drawing->promise->finish();
        return;
    }
    if (m_drawingHistory == drawing) {
        m_drawingHistory.reset();
        Q_EMIT historyDrawn(drawing->charts, drawing->from, drawing->to);
        return;
    }
    m_charts = drawing->charts;
    m_chartsFrom = drawing->from;
    m_chartsTo = drawing->to;
    m_drawing.reset();
    Q_EMIT chartsChanged();
}

/// Only what is marked rests on it: that it fails makes no metric less true.
void MetricsFeed::askFirings(const RangeQuery &range)
{
    RangeQuery query = range;
    query.expression = firingQuery(range.step);
    const auto take = [this, query](const Result<Reading<SeriesSet>> &answer) {
        const bool failedBefore = m_firingsError.has_value();
        m_firingsError = answer ? std::nullopt : std::optional(answer.error());
        bool isNew = failedBefore != m_firingsError.has_value();
        if (answer) {
            SeriesSet set = answer->value;
            if (set.step.count() == 0)
                set.step = query.step;
            QList<Firing> mine;
            for (Firing each : firingsOf(set, query.from)) {
                each.alert.isOurs = m_source->isOurs(each.alert);
                if (whoseAlert(each.alert, m_settings.track.value) == AlertOf::ThisTrack)
                    mine.append(each);
            }
            isNew = m_firings.take(mine) || isNew;
        }
        if (isNew)
            Q_EMIT chartsChanged();
    };
    whenDone(m_source->range(query), this, take, [] {});
}

/// Also what only Alertmanager knows, and what no rule of that server made.
void MetricsFeed::seeFirings()
{
    QList<Firing> seen;
    for (const Alert &alert : m_alerts.alerts()) {
        if (alert.isFiring())
            seen.append({alert, serverNow(), {}});
    }
    (void)m_firings.take(seen);
}

void MetricsFeed::askAlerts()
{
    m_alerts.ask();
    if (!m_source || m_askingAlerts)
        return;
    m_askingAlerts = true;
    whenDone(
        m_source->alerts(), this,
        [this](const Result<Reading<QList<Alert>>> &answer) {
            m_askingAlerts = false;
            // A server that has no alerts can still be asked for metrics.
            m_alertsError = answer ? std::nullopt : std::optional<Error>(answer.error());
            if (!answer) {
                m_alerts.lose(m_name, answer.error());
                Q_EMIT sourceChanged();
                return;
            }
            // That it tells of alerts makes no query succeed; what fails is asked again soon.
            if (m_error && m_clock.sinceBoot() - m_failedAt <= failureStands) {
                heard(answer->serverAt, answer->receivedSinceBoot, answer->source);
                Q_EMIT sourceChanged();
            } else {
                answered(answer->serverAt, answer->receivedSinceBoot, answer->source);
            }
            m_alerts.tell(markedOurs(answer->value, *m_source));
        },
        [this] { m_askingAlerts = false; });
}

} // namespace pilothouse
