#include "rollout/judgement/score.h"

#include <QMap>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pilothouse {

namespace {

struct Tally
{
    int passed = 0;
    int failed = 0;
};

bool isUnjudged(MetricClass result)
{
    return result == MetricClass::Nodata || result == MetricClass::Error;
}

/// By name, so that the score does not depend on the order of the metrics.
QMap<QString, Tally> talliesOf(const QList<ScoredMetric> &metrics)
{
    QMap<QString, Tally> tallies;
    for (const ScoredMetric &metric : metrics) {
        for (const QString &group : metric.groups) {
            Tally &tally = tallies[group];
            tally.passed += metric.result == MetricClass::Pass ? 1 : 0;
            tally.failed
                += metric.result != MetricClass::Pass && !isUnjudged(metric.result) ? 1 : 0;
        }
    }
    return tallies;
}

/// Of each group without a weight of its own.
double sharedWeight(const QStringList &groups, const QHash<QString, double> &weights)
{
    const auto unweighted = std::count_if(groups.begin(), groups.end(), [&](const QString &group) {
        return !weights.contains(group);
    });
    const double given = std::accumulate(weights.begin(), weights.end(), 0.0);
    return unweighted == 0 ? 0 : std::max(0.0, 100 - given) / double(unweighted);
}

void count(Score &score, const ScoredMetric &metric)
{
    ++score.metrics;
    score.withoutData += metric.result == MetricClass::Nodata ? 1 : 0;
    score.unjudged += isUnjudged(metric.result) ? 1 : 0;
    if (metric.critical && metric.result != MetricClass::Pass)
        (isUnjudged(metric.result) ? score.criticalUnjudged : score.criticalFailures)
            .append(metric.name);
}

} // namespace

Score scoreOf(const QList<ScoredMetric> &metrics, const QHash<QString, double> &groupWeights)
{
    QList<ScoredMetric> heard;
    std::copy_if(metrics.begin(), metrics.end(), std::back_inserter(heard),
                 [](const ScoredMetric &metric) { return !metric.muted; });
    Score score;
    for (const ScoredMetric &metric : heard)
        count(score, metric);

    const QMap<QString, Tally> tallies = talliesOf(heard);
    const double shared = sharedWeight(tallies.keys(), groupWeights);
    double sum = 0;
    for (auto it = tallies.begin(); it != tallies.end(); ++it) {
        GroupScore group;
        group.name = it.key();
        group.weight = groupWeights.value(it.key(), shared);
        const int judged = it->passed + it->failed;
        group.judged = judged > 0;
        group.score = group.judged ? 100.0 * it->passed / judged : 0;
        sum += (group.judged ? group.score : 100) * group.weight / 100;
        score.groups.append(group);
    }
    const bool mostlyEmpty = 2 * score.withoutData >= score.metrics;
    if (score.criticalFailures.isEmpty() && score.criticalUnjudged.isEmpty() && !mostlyEmpty)
        score.summary = std::round(sum * 100) / 100;
    return score;
}

ScoreVerdict verdictOf(const Score &score, const ScoreThresholds &thresholds)
{
    if (!score.criticalFailures.isEmpty())
        return ScoreVerdict::Fail;
    if (2 * score.unjudged >= score.metrics || !score.criticalUnjudged.isEmpty())
        return ScoreVerdict::NoData;
    if (score.summary >= thresholds.pass)
        return ScoreVerdict::Pass;
    return score.summary >= thresholds.marginal ? ScoreVerdict::Marginal : ScoreVerdict::Fail;
}

} // namespace pilothouse
