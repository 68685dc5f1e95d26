#include "app/cli/judge/classifiercase.h"

#include "base/words.h"
#include "rollout/judgement/classification.h"

#include <QJsonArray>

namespace pilothouse {

namespace {

std::optional<EffectLimits> effectLimits(CaseReport &report, const char *key)
{
    if (report.value(key).isUndefined() || report.value(key).isNull())
        return std::nullopt;
    const std::vector<double> pair = report.numbers(key);
    if (pair.size() == 2)
        return EffectLimits{pair[0], pair[1]};
    report.refuse(Words::tr("\"%1\" is no pair of numbers").arg(QLatin1String(key)));
    return std::nullopt;
}

Direction directionOf(CaseReport &report)
{
    const QString name = report.text("direction").toLower();
    if (name == QLatin1String("increase"))
        return Direction::Increase;
    if (name == QLatin1String("decrease"))
        return Direction::Decrease;
    if (!name.isEmpty() && name != QLatin1String("either"))
        report.refuse(Words::tr("the direction \"%1\" is not known").arg(name));
    return Direction::Either;
}

EffectMeasure measureOf(CaseReport &report)
{
    const QString name = report.text("effectSizeMeasure");
    if (name == QLatin1String("cles"))
        return EffectMeasure::CommonLanguage;
    if (!name.isEmpty() && name != QLatin1String("meanRatio"))
        report.refuse(Words::tr("the effect size \"%1\" is not known").arg(name));
    return EffectMeasure::MeanRatio;
}

JudgeSettings settingsOf(CaseReport &report, Solver solver)
{
    JudgeSettings settings;
    settings.solver = solver;
    settings.minimumSamples = 0;
    settings.tolerance = report.number("tolerance", 0.25);
    settings.confidence = report.number("confLevel", 0.95);
    settings.direction = directionOf(report);
    settings.effect = measureOf(report);
    settings.allowed = effectLimits(report, "effectSizeThresholds");
    settings.criticalLimit = effectLimits(report, "criticalThresholds");
    settings.critical = report.value("critical").toBool();
    settings.mustHaveData = report.value("dataRequired").toBool();
    // Any other word means "remove", as in Kayenta.
    if (report.text("nanStrategy") == QLatin1String("replace"))
        settings.nan = NanStrategy::Replace;
    return settings;
}

void compareClassification(CaseReport &report, const Classification &got)
{
    const QJsonObject expected = report.value("expected").toObject();
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        if (it.key() == QLatin1String("classification"))
            report.expect(it.key(), metricClassName(got.result), *it);
        else if (it.key() == QLatin1String("critical"))
            report.expect(it.key(), got.critical, *it);
        else if (it.key() == QLatin1String("deviation"))
            report.expectNumber(it.key(), got.deviation, *it, 1e-9);
        else if (it.key() == QLatin1String("reason"))
            report.expect(it.key(), got.reason.isEmpty() ? QString() : QStringLiteral("non-empty"),
                          *it);
        else
            report.refuse(Words::tr("\"%1\" is nothing that a classification has").arg(it.key()));
    }
}

} // namespace

void judgeClassifierCase(CaseReport &report, Solver solver)
{
    const std::vector<double> control = report.numbers("control");
    const std::vector<double> experiment = report.numbers("experiment");
    const JudgeSettings settings = settingsOf(report, solver);
    const QString classifier = report.text("classifier");
    if (report.refused())
        return;
    if (classifier == QLatin1String("MannWhitneyClassifier"))
        compareClassification(report, classify(control, experiment, settings));
    else if (classifier == QLatin1String("MeanInequalityClassifier"))
        compareClassification(report, classifyByMeans(control, experiment, settings));
    else
        report.refuse(Words::tr("the classifier \"%1\" is not known").arg(classifier));
}

} // namespace pilothouse
