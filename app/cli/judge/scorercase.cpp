#include "app/cli/judge/scorercase.h"

#include "base/words.h"
#include "rollout/judgement/score.h"

#include <QJsonArray>

#include <algorithm>

namespace pilothouse {

namespace {

QList<ScoredMetric> metricsOf(CaseReport &report)
{
    QList<ScoredMetric> metrics;
    const QJsonArray list = report.value("metrics").toArray();
    for (const QJsonValue entry : list) {
        const QString word = entry[QLatin1String("classification")].toString();
        const auto result = metricClassNamed(word);
        if (!result) {
            report.refuse(Words::tr("the classification \"%1\" is not known").arg(word));
            return {};
        }
        ScoredMetric metric;
        metric.name = entry[QLatin1String("name")].toString();
        metric.result = *result;
        metric.critical = entry[QLatin1String("critical")].toBool();
        metric.muted = entry[QLatin1String("muted")].toBool();
        const QJsonArray groups = entry[QLatin1String("groups")].toArray();
        for (const QJsonValue group : groups)
            metric.groups.append(group.toString());
        metrics.append(metric);
    }
    return metrics;
}

QHash<QString, double> weightsOf(const CaseReport &report)
{
    QHash<QString, double> weights;
    const QJsonObject given = report.value("groupWeights").toObject();
    for (auto it = given.begin(); it != given.end(); ++it)
        weights.insert(it.key(), it->toDouble());
    return weights;
}

void compareGroups(CaseReport &report, const Score &score, const QJsonArray &expected)
{
    std::vector<double> groups;
    for (const GroupScore &group : score.groups)
        groups.push_back(group.score);
    std::sort(groups.begin(), groups.end());
    if (qsizetype(groups.size()) != expected.size()) {
        report.expect(QStringLiteral("groups"), qint64(groups.size()), qint64(expected.size()));
        return;
    }
    for (size_t i = 0; i < groups.size(); ++i)
        report.expectNumber(QStringLiteral("group %1").arg(i), groups[i], expected[qsizetype(i)],
                            0.005);
}

} // namespace

void judgeScorerCase(CaseReport &report, Solver)
{
    const QList<ScoredMetric> metrics = metricsOf(report);
    if (report.refused())
        return;
    const Score score = scoreOf(metrics, weightsOf(report));
    const QJsonObject expected = report.value("expected").toObject();
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (it.key() == QLatin1String("summaryScore"))
            report.expectNumber(it.key(), score.summary, *it, 1e-9);
        else if (it.key() == QLatin1String("groupScoresSorted"))
            compareGroups(report, score, it->toArray());
        else
            report.refuse(Words::tr("\"%1\" is nothing that a score has").arg(it.key()));
    }
}

} // namespace pilothouse
