#pragma once

#include "rollout/judgement/metricclass.h"

#include <QHash>
#include <QList>
#include <QStringList>

namespace pilothouse {

/// One judged metric, as the score sees it.
struct ScoredMetric
{
    QString name;
    QStringList groups; ///< none = it is in no group's score, but may be critical
    MetricClass result = MetricClass::Nodata;
    bool critical = false; ///< Classification::critical
    bool muted = false;    ///< left out altogether
};

struct GroupScore
{
    QString name;
    double score = 0;    ///< 0 to 100; 0 where nothing of the group was judged
    double weight = 0;   ///< per cent of the summary
    bool judged = false; ///< some metric of it had data

    bool operator==(const GroupScore &) const = default;
};

/// The whole of a judgement in one number, by Kayenta's rule:
/// a group has 100 · Pass / (Pass + High + Low + NodataFailMetric), and 100 in the sum if that is
/// 0/0; the summary is Σ score · weight / 100, where groups without a weight share what the weights
/// leave of 100. It is 0 if a critical metric did not pass, or half or more have Nodata. Rounded
/// to two decimals.
struct Score
{
    double summary = 0;
    QList<GroupScore> groups;     ///< by name
    int metrics = 0;              ///< without the muted ones
    int withoutData = 0;          ///< of them, Nodata
    int unjudged = 0;             ///< of them, Nodata or Error
    QStringList criticalFailures; ///< names of those that were judged and did not pass
    QStringList criticalUnjudged; ///< names of those that have no data or could not be computed

    bool operator==(const Score &) const = default;
};

[[nodiscard]] Score scoreOf(const QList<ScoredMetric> &metrics,
                            const QHash<QString, double> &groupWeights);

struct ScoreThresholds
{
    double pass = 95;
    double marginal = 75;
};

enum class ScoreVerdict { Pass, Marginal, Fail, NoData };

/// What the score allows. Fail if a critical metric failed; else NoData, never a pass, if half or
/// more of the metrics or a critical one were not judged, or there is none at all.
[[nodiscard]] ScoreVerdict verdictOf(const Score &score, const ScoreThresholds &thresholds);

} // namespace pilothouse
