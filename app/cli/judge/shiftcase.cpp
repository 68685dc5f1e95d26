#include "app/cli/judge/shiftcase.h"

#include "base/words.h"
#include "rollout/judgement/normaldistribution.h"
#include "rollout/judgement/ranks.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

namespace {

std::vector<double> ascending(std::vector<double> samples)
{
    std::sort(samples.begin(), samples.end());
    return samples;
}

double widened(double tolerance, Solver solver)
{
    return solver == Solver::Exact ? std::max(tolerance, 1e-4) : tolerance;
}

void judgeDifferences(CaseReport &report)
{
    const std::vector<double> x = ascending(report.numbers("x"));
    const std::vector<double> y = ascending(report.numbers("y"));
    if (report.refused())
        return;
    const QJsonArray cases = report.value("cases").toArray();
    for (const QJsonValue entry : cases) {
        const double mu = entry[QLatin1String("mu")].toDouble();
        const double quantile = entry[QLatin1String("quantile")].toDouble();
        report.expectNumber(QStringLiteral("W(%1, %2)").arg(mu).arg(quantile),
                            wilcoxonDifference(x, y, mu, quantile),
                            entry[QLatin1String("expected")], report.number("tolerance", 1e-6));
    }
}

void judgeInterval(CaseReport &report, Solver solver)
{
    const std::vector<double> x = ascending(report.numbers("experiment"));
    const std::vector<double> y = ascending(report.numbers("control"));
    if (report.refused())
        return;
    const QJsonObject expected = report.value("expected").toObject();
    const auto interval = x.empty() || y.empty()
                              ? tl::unexpected(NoInterval::TooFewSamples)
                              : shiftInterval(x, y, report.number("confidenceLevel", 0.95), solver);
    if (!interval) {
        report.refuse(interval.error() == NoInterval::TooFewSamples
                          ? Words::tr("too few samples")
                          : Words::tr("nothing but ties"));
        return;
    }
    const double tolerance = widened(report.number("tolerance", 0), solver);
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (it.key() == QLatin1String("lower"))
            report.expectNumber(it.key(), interval->lower, *it, tolerance);
        else if (it.key() == QLatin1String("upper"))
            report.expectNumber(it.key(), interval->upper, *it, tolerance);
        else if (it.key() == QLatin1String("estimate"))
            report.expectNumber(it.key(), interval->estimate, *it, tolerance);
        else
            report.refuse(Words::tr("\"%1\" is nothing that an interval has").arg(it.key()));
    }
}

/// The quantities on the way to an interval, by R's names for them.
void judgeIntermediate(CaseReport &report, Solver solver)
{
    const std::vector<double> x = ascending(report.numbers("x"));
    const std::vector<double> y = ascending(report.numbers("y"));
    if (report.refused() || x.empty() || y.empty())
        return report.refuse(Words::tr("there is nothing to compare"));
    const double confidence = report.number("confidenceLevel", 0.95);
    const double z = normalUpperQuantile((1 - confidence) / 2);
    const double low = x.front() - y.back();
    const double high = x.back() - y.front();
    const auto exact = shiftInterval(x, y, confidence, Solver::Exact);
    const bool ours = solver == Solver::Exact && exact;
    const QHash<QString, double> known{
        {QStringLiteral("rMumin"), low},
        {QStringLiteral("rMumax"), high},
        {QStringLiteral("rZqLower"), z},
        {QStringLiteral("rZqUpper"), -z},
        {QStringLiteral("rFlower1"), wilcoxonDifference(x, y, low, z)},
        {QStringLiteral("rFupper1"), wilcoxonDifference(x, y, high, z)},
        {QStringLiteral("rFlower2"), wilcoxonDifference(x, y, low, -z)},
        {QStringLiteral("rFupper2"), wilcoxonDifference(x, y, high, -z)},
        {QStringLiteral("rCil"), ours ? exact->lower : wilcoxonRoot(x, y, z)},
        {QStringLiteral("rCiu"), ours ? exact->upper : wilcoxonRoot(x, y, -z)},
        {QStringLiteral("rEst"), ours ? exact->estimate : wilcoxonRoot(x, y, 0)},
    };
    const QJsonObject expected = report.value("expected").toObject();
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (known.contains(it.key()))
            report.expectNumber(it.key(), known.value(it.key()), *it,
                                widened(report.number("tolerance", 1e-6), solver));
        else
            report.refuse(Words::tr("\"%1\" is not known").arg(it.key()));
    }
}

/// NaN if nothing says which quantile.
double wantedQuantile(const QJsonObject &from)
{
    const auto has = [&from](const char *key) {
        return numberIn(from.value(QLatin1String(key)));
    };
    double z = std::numeric_limits<double>::quiet_NaN();
    if (const auto confidence = has("confidenceLevel"))
        z = normalUpperQuantile((1 - *confidence) / 2);
    else if (const auto alpha = has("alpha"))
        z = normalUpperQuantile(*alpha / 2);
    else if (const auto p = has("p"))
        z = -normalUpperQuantile(*p);
    return has("sign").value_or(1) * z;
}

void judgeQuantile(CaseReport &report)
{
    QJsonArray cases = report.value("cases").toArray();
    if (cases.isEmpty())
        cases.append(report.given());
    for (const QJsonValue entry : std::as_const(cases)) {
        const double z = wantedQuantile(entry.toObject());
        if (std::isnan(z))
            report.refuse(Words::tr("it does not say which quantile"));
        else
            report.expectNumber(QStringLiteral("z"), z, entry[QLatin1String("expected")],
                                report.number("tolerance", 1e-6));
    }
}

} // namespace

void judgeShiftCase(CaseReport &report, Solver solver)
{
    const QString kind = report.kind();
    if (kind == QLatin1String("wilcoxondiff"))
        judgeDifferences(report);
    else if (kind == QLatin1String("mannwhitneyutest"))
        judgeInterval(report, solver);
    else if (kind == QLatin1String("intermediate"))
        judgeIntermediate(report, solver);
    else if (kind == QLatin1String("zquant") || kind == QLatin1String("zquantile"))
        judgeQuantile(report);
    else
        report.refuse(Words::tr("the kind \"%1\" is not known").arg(report.text("kind")));
}

} // namespace pilothouse
