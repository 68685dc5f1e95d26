#include "connectors/kubernetes/argo/argoanalysis.h"

#include "base/words.h"
#include "connectors/kubernetes/watched/objectmeta.h"

#include <algorithm>

namespace pilothouse {
namespace {

const QLatin1String phaseSuccessful("Successful");
const QLatin1String phaseFailed("Failed");
const QLatin1String phaseError("Error");

/// A vector of one is that one: "[0.981]".
QString innermost(const QString &value)
{
    const bool one = value.startsWith(QLatin1Char('[')) && value.endsWith(QLatin1Char(']'))
                     && !value.contains(QLatin1Char(','));
    return one ? value.mid(1, value.size() - 2).trimmed() : value;
}

/// A number, or digits in a string; an expression is neither.
std::optional<int> limitOf(const JsonReader &metric)
{
    const auto limit = metric.find("failureLimit");
    if (!limit)
        return 0; // its default
    const QJsonValue &value = limit->value();
    if (value.isDouble())
        return value.toInt();
    bool isNumber = false;
    const int number = value.toString().toInt(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

QString newestValue(const JsonReader &result)
{
    QString newest;
    for (const JsonReader &measurement : result.itemsIfAny("measurements")) {
        if (const QString value = measurement.stringOr("value"); !value.isEmpty())
            newest = value;
    }
    return newest;
}

ArgoMetric decodeMetric(const JsonReader &result)
{
    ArgoMetric metric;
    metric.name = result.string("name");
    metric.phase = result.stringOr("phase");
    metric.message = result.stringOr("message");
    metric.measured = int(result.integerOr("count", 0));
    metric.failed = int(result.integerOr("failed", 0));
    metric.inconclusive = int(result.integerOr("inconclusive", 0));
    metric.errors = int(result.integerOr("consecutiveError", 0));
    metric.value = newestValue(result);
    return metric;
}

} // namespace

bool ArgoMetric::hasNoData() const
{
    return !value.isEmpty()
           && (innermost(value).isEmpty()
               || innermost(value).compare(QLatin1String("nan"), Qt::CaseInsensitive) == 0);
}

bool ArgoAnalysisRun::isOver() const
{
    return phase == phaseSuccessful || phase == phaseFailed || phase == phaseError
           || phase == QLatin1String("Inconclusive");
}

Result<ArgoAnalysisRun> decodeAnalysisRun(const QJsonObject &object)
{
    const auto root = objectReader("AnalysisRun", object);
    if (!root)
        return fail(root.error());
    ArgoAnalysisRun run;
    run.name = root->child("metadata").string("name");
    const auto status = root->find("status");
    if (!status)
        return root->finish(run); // nothing was measured yet
    run.phase = status->stringOr("phase");
    for (const JsonReader &result : status->itemsIfAny("metricResults"))
        run.metrics.append(decodeMetric(result));
    for (const JsonReader &wanted : root->child("spec").itemsIfAny("metrics")) {
        const QString name = wanted.string("name");
        const auto found = std::find_if(run.metrics.begin(), run.metrics.end(),
                                        [&name](const ArgoMetric &m) { return m.name == name; });
        if (found != run.metrics.end()) {
            found->failuresTolerated = limitOf(wanted);
        } else {
            ArgoMetric waiting;
            waiting.name = name;
            run.metrics.append(waiting);
        }
    }
    return root->finish(run);
}

QString metricWords(const ArgoMetric &metric)
{
    if (metric.value.isEmpty() && metric.measured == 0 && metric.errors == 0)
        return Words::tr("%1 not measured yet").arg(metric.name);
    QStringList words;
    if (metric.hasNoData())
        words << Words::tr("%1 no data (%2)").arg(metric.name, metric.value);
    else if (metric.value.isEmpty())
        words << metric.name;
    else
        words << QStringLiteral("%1 %2").arg(metric.name, innermost(metric.value));
    words << Words::tr("%1 measured").arg(metric.measured);
    if (metric.failed > 0)
        words << (metric.failuresTolerated ? Words::tr("%1 failed of %2 tolerated")
                                                 .arg(metric.failed)
                                                 .arg(*metric.failuresTolerated)
                                           : Words::tr("%1 failed").arg(metric.failed));
    if (metric.inconclusive > 0)
        words << Words::tr("%1 inconclusive").arg(metric.inconclusive);
    if (metric.errors > 0)
        words << Words::tr("%1 errors in a row").arg(metric.errors);
    return words.join(QStringLiteral(", "));
}

QStringList analysisProblems(const ArgoAnalysisRun &run)
{
    QStringList problems;
    for (const ArgoMetric &metric : run.metrics) {
        if (metric.hasNoData())
            problems << (metric.phase == phaseSuccessful
                             ? Words::tr("metric %1 of analysis run %2 has no data (%3), and Argo "
                                         "Rollouts counts it as passed")
                             : Words::tr("metric %1 of analysis run %2 has no data (%3)"))
                            .arg(metric.name, run.name, metric.value);
        else if (metric.phase == phaseFailed || metric.phase == phaseError)
            problems << Words::tr("metric %1 of analysis run %2 %3%4")
                            .arg(metric.name, run.name, metric.phase,
                                 metric.message.isEmpty() ? QString()
                                                          : QStringLiteral(": ") + metric.message);
    }
    return problems;
}

} // namespace pilothouse
