#include "release/pods/trackpods.h"

#include "base/whendone.h"
#include "rollout/analysis/measure.h"
#include "rollout/rolloutcontroller.h"

#include <cmath>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds servedStep{300'000};
constexpr milliseconds servedAskedEvery{300'000};
constexpr milliseconds servedAskedAgain{15'000}; ///< where that failed

QString identityOf(const RevisionState &revision)
{
    return revision.commit.value.isEmpty() ? revision.name.value : revision.commit.value;
}

double newestRate(const QList<Sample> &samples)
{
    return samples.isEmpty() ? std::nan("") : samples.last().value;
}

} // namespace

TrackPods::TrackPods(RolloutController &track, std::vector<LogSource *> logs, MetricSource *metrics,
                     Clock &clock, QObject *parent)
    : QObject(parent), m_track(track), m_metrics(metrics), m_clock(clock),
      m_errors(std::move(logs), track.track(), clock)
{
    connect(&m_errors, &PodErrors::changed, this, &TrackPods::changed);
    connect(&track, &RolloutController::changed, this, [this] {
        followPods();
        askServed();
        tellCarry();
    });
    connect(&track, &RolloutController::chartsChanged, this, &TrackPods::tellCarry);
    // Not from within the dialog that is being filled.
    connect(
        &track, &RolloutController::confirming, this,
        [this] {
            askServedNow();
            tellCarry();
        },
        Qt::QueuedConnection);
    followPods();
}

void TrackPods::look(const QObject *who)
{
    m_lookers.insert(who);
    m_errors.look(who);
    askServed();
}

void TrackPods::lookAway(const QObject *who)
{
    m_lookers.erase(who);
    m_errors.lookAway(who);
}

void TrackPods::followPods()
{
    QStringList pods;
    if (const auto &traffic = m_track.traffic()) {
        // The candidate's first: they are the ones to doubt.
        for (const auto *revision : {&traffic->value.candidate, &traffic->value.stable}) {
            if (*revision)
                pods += (*revision)->pods;
        }
    }
    pods.removeDuplicates();
    m_errors.setPods(pods);
}

void TrackPods::askServed()
{
    if (!m_lookers.empty())
        askServedNow();
}

void TrackPods::askServedNow()
{
    const RolloutSettings &settings = m_track.settings();
    const auto &traffic = m_track.traffic();
    if (!m_metrics || settings.requestRateQuery.isEmpty() || !traffic || !traffic->value.stable)
        return;
    const QString whose = identityOf(*traffic->value.stable);
    const milliseconds now = m_clock.sinceBoot();
    if (m_askedAt.count() > 0 && whose == m_mostOf && now - m_askedAt < servedAskedEvery)
        return;
    if (whose != m_mostOf)
        m_most.reset();
    m_mostOf = whose;
    m_askedAt = now;
    const int mine = ++m_question;
    const SeriesNames names = resolved(settings.series, traffic->value);
    RangeQuery query;
    query.expression = resolved(settings.requestRateQuery, traffic->value);
    query.to = m_track.metricsNow();
    query.from = servedSince(traffic->value, settings.series.stable, query.to);
    query.step = servedStep;
    whenDone(
        m_metrics->range(query), this,
        [this, mine, names](const Result<Reading<SeriesSet>> &answer) {
            if (mine != m_question)
                return;
            if (!answer) { // that metrics are lost is said where they are shown
                m_askedAt += servedAskedAgain - servedAskedEvery;
                return;
            }
            const Series *stable = seriesOf(answer->value, names.label, names.stable);
            m_most = stable ? mostServed(stable->samples) : std::nullopt;
            tellCarry();
            Q_EMIT changed();
        },
        [] {});
}

/// Where nobody has asked yet there is nothing to tell.
void TrackPods::tellCarry()
{
    const auto view = carry();
    const bool asked
        = m_askedAt.count() > 0 || !m_metrics || m_track.settings().requestRateQuery.isEmpty();
    m_track.setCarry(view && asked ? std::optional(carryReason(*view)) : std::nullopt);
}

std::optional<CarryView> TrackPods::carry() const
{
    const auto &traffic = m_track.traffic();
    if (!traffic || !traffic->value.stable)
        return std::nullopt;
    std::optional<double> load;
    if (!m_track.settings().requestRateQuery.isEmpty() && !m_track.charts().isEmpty()) {
        const ChartSeries &requests = m_track.charts().last();
        const double stable = newestRate(requests.stable);
        const double candidate = newestRate(requests.candidate);
        if (std::isfinite(stable))
            load = stable + (std::isfinite(candidate) ? candidate : 0);
    }
    const bool same = identityOf(*traffic->value.stable) == m_mostOf;
    return carryOf(same ? m_most : std::nullopt, *traffic->value.stable, load, m_clock.now());
}

} // namespace pilothouse
