#include "app/cli/judge/samplecase.h"

#include "base/words.h"
#include "rollout/judgement/cleaning.h"
#include "rollout/judgement/effectsize.h"
#include "rollout/judgement/summary.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace pilothouse {

namespace {

OutlierRule detectorOf(CaseReport &report)
{
    const QString name = report.text("detector");
    OutlierRule rule;
    rule.spareMiddle = report.value("reduceSensitivity").toBool();
    if (name == QLatin1String("IQRDetector")) {
        rule.test = OutlierTest::InterquartileRange;
        rule.factor = report.number("param", 1.5);
    } else if (name == QLatin1String("KSigmaDetector")) {
        rule.test = OutlierTest::Deviations;
        rule.factor = report.number("param", 3);
    } else {
        report.refuse(Words::tr("the detector \"%1\" is not known").arg(name));
    }
    return rule;
}

/// Nothing if the operation is not known; the case is refused then.
std::vector<double> transformed(CaseReport &report, const std::vector<double> &data)
{
    static const QRegularExpression replacing(QStringLiteral("^replaceNaNs\\(([^)]+)\\)$"));
    const QString operation = report.text("op");
    if (operation == QLatin1String("removeNaNs"))
        return withoutNan(data, NanStrategy::Remove);
    if (operation == QLatin1String("removeOutliers"))
        return withoutOutliers(data, detectorOf(report));
    const QRegularExpressionMatch match = replacing.match(operation);
    bool isNumber = false;
    const double by = match.captured(1).toDouble(&isNumber);
    if (isNumber)
        return nanReplaced(data, by);
    report.refuse(Words::tr("the operation \"%1\" is not known").arg(operation));
    return {};
}

void judgeSummary(CaseReport &report)
{
    const std::vector<double> data = report.numbers("data");
    const Summary summary = summaryOf(data);
    const QJsonObject expected = report.value("expected").toObject();
    for (auto it = expected.begin(); it != expected.end(); ++it) {
        const double got = it.key() == QLatin1String("min")      ? summary.min
                           : it.key() == QLatin1String("max")    ? summary.max
                           : it.key() == QLatin1String("mean")   ? summary.mean
                           : it.key() == QLatin1String("std")    ? summary.deviation
                           : it.key() == QLatin1String("median") ? percentile(data, 50)
                           : it.key() == QLatin1String("count")  ? double(summary.count)
                                                                 : qQNaN();
        if (qIsNaN(got))
            report.refuse(Words::tr("\"%1\" is nothing that a summary has").arg(it.key()));
        else
            report.expectNumber(it.key(), got, *it, report.number("tolerance", 1e-9));
    }
}

void judgePercentiles(CaseReport &report)
{
    const std::vector<double> data = report.numbers("data");
    const QJsonArray cases = report.value("cases").toArray();
    for (const QJsonValue entry : cases) {
        const double p = entry[QLatin1String("p")].toDouble();
        report.expectNumber(QStringLiteral("P%1").arg(p), percentile(data, p),
                            entry[QLatin1String("expected")],
                            entry[QLatin1String("tolerance")].toDouble());
    }
}

/// Samples, or what is known of them.
Summary summaryUnder(CaseReport &report, const char *key)
{
    if (!report.value(key).isObject())
        return summaryOf(report.numbers(key));
    const QJsonObject given = report.value(key).toObject();
    Summary summary;
    summary.min = given.value(QLatin1String("min")).toDouble();
    summary.max = given.value(QLatin1String("max")).toDouble();
    summary.mean = given.value(QLatin1String("mean")).toDouble();
    summary.deviation = given.value(QLatin1String("std")).toDouble();
    summary.count = qsizetype(given.value(QLatin1String("count")).toDouble());
    return summary;
}

enum class Effect { MeanRatio, CommonLanguage, CohensD };

void judgeEffect(CaseReport &report, Effect which)
{
    double effect = 0;
    if (which == Effect::CommonLanguage) {
        const std::vector<double> control = report.numbers("control");
        effect = commonLanguageEffect(control, report.numbers("experiment"));
    } else {
        const Summary control = summaryUnder(report, "control");
        const Summary experiment = summaryUnder(report, "experiment");
        effect = which == Effect::MeanRatio ? meanRatio(control.mean, experiment.mean)
                                            : cohensD(control, experiment);
    }
    if (!report.refused())
        report.expectNumber(QStringLiteral("effect"), effect, report.value("expected"),
                            report.number("tolerance", 1e-9));
}

} // namespace

void judgeDetectorCase(CaseReport &report, Solver)
{
    const std::vector<double> data = report.numbers("data");
    const OutlierRule rule = detectorOf(report);
    if (report.refused())
        return;
    QJsonArray marks;
    for (const bool mark : outliers(data, rule))
        marks.append(mark);
    report.expect(QStringLiteral("outlier"), marks, report.value("outlier"));
}

void judgeTransformCase(CaseReport &report, Solver)
{
    const std::vector<double> data = report.numbers("data");
    const std::vector<double> kept = transformed(report, data);
    if (report.refused())
        return;
    QJsonArray got;
    for (const double sample : kept)
        got.append(numberFor(sample));
    report.expect(QStringLiteral("data"), got, report.value("expected"));
}

void judgeStatisticCase(CaseReport &report, Solver)
{
    const QString kind = report.kind();
    if (kind == QLatin1String("summary"))
        judgeSummary(report);
    else if (kind == QLatin1String("percentiler7"))
        judgePercentiles(report);
    else if (kind == QLatin1String("meanratio"))
        judgeEffect(report, Effect::MeanRatio);
    else if (kind == QLatin1String("cles"))
        judgeEffect(report, Effect::CommonLanguage);
    else if (kind == QLatin1String("cohend") || kind == QLatin1String("cohensd"))
        judgeEffect(report, Effect::CohensD);
    else
        report.refuse(Words::tr("the kind \"%1\" is not known").arg(report.text("kind")));
}

} // namespace pilothouse
