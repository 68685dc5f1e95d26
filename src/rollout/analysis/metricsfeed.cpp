#include "rollout/analysis/metricsfeed.h"

#include "base/whendone.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

using std::chrono::milliseconds;

/// A judgement under way: answers are counted by hand, in the order of the checks.
struct MetricsFeed::Judgement
{
    AttemptId attempt;
    QList<CheckResult> results;
    QList<std::optional<double>> saturations; ///< of the checks that ask for theirs
    int open = 0;
};

struct MetricsFeed::Drawing
{
    QList<ChartSeries> charts;
    QDateTime from;
    QDateTime to;
    int open = 0;
    milliseconds began{0};
};

MetricsFeed::MetricsFeed(MetricSource *source, const RolloutSettings &settings,
                         milliseconds sampleStep, Clock &clock, QObject *parent)
    : QObject(parent), m_source(source), m_settings(settings), m_step(sampleStep), m_clock(clock),
      m_name(QStringLiteral("Prometheus"))
{
    const int count = int(settings.checks.size()) + (settings.requestRateQuery.isEmpty() ? 0 : 1);
    for (int i = 0; i < count; ++i) {
        ChartSeries chart;
        chart.check = checkAt(i);
        chart.unit = chart.check.unit;
        chart.limit = limitOf(chart.check);
        m_charts.append(chart);
    }
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
    else if (m_error && m_error->kind == ErrorKind::SignedOut)
        state.health = SourceState::Health::SignedOut;
    else if (m_error && m_error->kind == ErrorKind::NotAllowed)
        state.health = SourceState::Health::NotAllowed;
    else if (m_error)
        state.health = SourceState::Health::Lost;
    else if (m_lastGood.count() == 0)
        state.health = SourceState::Health::Loading;
    else if (m_clock.sinceBoot() - m_lastGood > m_settings.limits.staleAfter)
        state.health = SourceState::Health::Old;
    else
        state.health = SourceState::Health::Live;
    return state;
}

void MetricsFeed::answered(const QDateTime &serverAt, milliseconds receivedSinceBoot,
                           const QString &source)
{
    if (serverAt.isValid()) {
        m_serverAt = serverAt;
        m_serverSince = receivedSinceBoot;
    }
    if (!source.isEmpty())
        m_name = source;
    m_lastGood = m_clock.sinceBoot();
    m_error.reset();
    Q_EMIT sourceChanged();
}

void MetricsFeed::failed(const Error &error)
{
    m_error = error;
    Q_EMIT sourceChanged();
}

template <typename Use>
void MetricsFeed::ask(const QString &expression, milliseconds span, milliseconds step, Use use)
{
    RangeQuery query;
    query.expression = expression;
    query.to = serverNow();
    query.from = query.to.addMSecs(-span.count());
    query.step = step;
    whenDone(
        m_source->range(query), this,
        [this, use, query](const Result<Reading<SeriesSet>> &answer) {
            if (!answer) {
                // A wrong expression is one check's fault; the server answers well.
                if (answer.error().kind != ErrorKind::BadInput)
                    failed(answer.error());
                use(query, Result<SeriesSet>(fail(answer.error())));
                return;
            }
            answered(answer->serverAt, answer->receivedSinceBoot, answer->source);
            SeriesSet set = answer->value;
            if (set.step.count() == 0)
                set.step = query.step;
            use(query, Result<SeriesSet>(set));
        },
        [this, use, query] {
            use(query, Result<SeriesSet>(
                           fail(ErrorKind::Cancelled, tr("The metrics server gave no answer."))));
        });
}

void MetricsFeed::judge(const AttemptId &attempt, const TrafficState &traffic)
{
    if (!m_source || m_settings.checks.isEmpty())
        return;
    const auto judgement = std::make_shared<Judgement>();
    judgement->attempt = attempt;
    judgement->results.resize(m_settings.checks.size());
    judgement->saturations.resize(m_settings.checks.size());
    const auto asksSaturation = [](const Check &check) {
        return check.scales == Scaling::WithWeight && !check.saturationQuery.isEmpty();
    };
    judgement->open = int(
        m_settings.checks.size()
        + std::count_if(m_settings.checks.cbegin(), m_settings.checks.cend(), asksSaturation));
    const SeriesNames names = resolved(m_settings.series, traffic);
    for (int i = 0; i < m_settings.checks.size(); ++i) {
        const Check check = m_settings.checks[i];
        ask(resolved(check.query, traffic), judgeWindow(check, m_step), m_step,
            [this, judgement, names, check, i](const RangeQuery &query,
                                               const Result<SeriesSet> &answer) {
                judgement->results[i]
                    = answer ? pilothouse::judge(check, names, *answer, query.from, query.to)
                             : notJudged(check, answer.error().message);
                checkAnswered(judgement);
            });
        if (!asksSaturation(check))
            continue;
        ask(resolved(check.saturationQuery, traffic), judgeWindow(check, m_step), m_step,
            [this, judgement, names, i](const RangeQuery &query, const Result<SeriesSet> &answer) {
                if (answer)
                    judgement->saturations[i] = saturationIn(names, *answer, query.from, query.to);
                checkAnswered(judgement);
            });
    }
}

void MetricsFeed::checkAnswered(const std::shared_ptr<Judgement> &judgement)
{
    if (--judgement->open > 0)
        return;
    for (qsizetype i = 0; i < judgement->results.size(); ++i) {
        CheckResult &result = judgement->results[i];
        if (judgement->saturations[i] && result.verdict != Verdict::NoData)
            result.saturation = judgement->saturations[i];
    }
    Q_EMIT judged(judgement->attempt, judgement->results);
}

void MetricsFeed::measure(const TrafficState &traffic)
{
    if (!m_source || m_settings.requestRateQuery.isEmpty())
        return;
    const int mine = ++m_measuring;
    const SeriesNames names = resolved(m_settings.series, traffic);
    ask(resolved(m_settings.requestRateQuery, traffic), m_step * 3, m_step,
        [this, mine, names](const RangeQuery &, const Result<SeriesSet> &answer) {
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
    const SeriesNames names = resolved(m_settings.series, traffic);
    const milliseconds step
        = std::max(m_settings.chartSpan / std::max(1, m_settings.chartPoints), milliseconds(100));
    for (int i = 0; i < m_charts.size(); ++i) {
        ask(resolved(checkAt(i).query, traffic), m_settings.chartSpan, step,
            [this, drawing, names, i](const RangeQuery &, const Result<SeriesSet> &answer) {
                chartAnswered(drawing, i, names, answer);
            });
    }
}

void MetricsFeed::chartAnswered(const std::shared_ptr<Drawing> &drawing, int at,
                                const SeriesNames &names, const Result<SeriesSet> &answer)
{
    if (m_drawing != drawing)
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
    m_charts = drawing->charts;
    m_chartsFrom = drawing->from;
    m_chartsTo = drawing->to;
    m_drawing.reset();
    Q_EMIT chartsChanged();
}

void MetricsFeed::askAlerts()
{
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
                Q_EMIT sourceChanged();
                return;
            }
            answered(answer->serverAt, answer->receivedSinceBoot, answer->source);
            alertsAnswered(answer->value);
        },
        [this] { m_askingAlerts = false; });
}

void MetricsFeed::alertsAnswered(const QList<Alert> &alerts)
{
    const QString firing = QStringLiteral("firing");
    const auto same = [](const Alert &a, const Alert &b) {
        return a.name == b.name && a.labels == b.labels && a.activeAt == b.activeAt;
    };
    QList<Alert> mine;
    for (const Alert &alert : alerts) {
        const QString track = alert.labels.value(QStringLiteral("track"));
        if (track.isEmpty() || track == m_settings.track.value)
            mine.append(alert);
    }
    std::stable_sort(mine.begin(), mine.end(), [&firing](const Alert &a, const Alert &b) {
        return (a.state == firing) > (b.state == firing);
    });
    const QList<Alert> before = std::exchange(m_alerts, mine);
    const auto firedBefore = [&](const Alert &alert) {
        return std::any_of(before.cbegin(), before.cend(), [&](const Alert &known) {
            return known.state == firing && same(known, alert);
        });
    };
    for (const Alert &alert : std::as_const(mine)) {
        if (alert.state == firing && !firedBefore(alert))
            Q_EMIT alertFired(alert);
    }
    const auto equal = [&same](const Alert &a, const Alert &b) {
        return same(a, b) && a.state == b.state;
    };
    if (!std::equal(before.cbegin(), before.cend(), mine.cbegin(), mine.cend(), equal))
        Q_EMIT chartsChanged();
}

} // namespace pilothouse
