#include "app/cli/past/pastreport.h"

#include "base/words.h"
#include "document/duration.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

constexpr int verdictWidth = 9; ///< of "MARGINAL", and a space

QJsonValue orNull(const std::optional<double> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QString methodName(JudgeMethod method)
{
    return method == JudgeMethod::MannWhitney ? QStringLiteral("mann-whitney")
                                              : QStringLiteral("threshold");
}

QJsonObject checkJson(const CheckResult &result)
{
    const Evidence &evidence = result.evidence;
    QJsonValue difference(QJsonValue::Null);
    if (evidence.shift) {
        difference = QJsonObject{{QStringLiteral("estimate"), evidence.shift->estimate},
                                 {QStringLiteral("lower"), evidence.shift->lower},
                                 {QStringLiteral("upper"), evidence.shift->upper},
                                 {QStringLiteral("confidence"), evidence.confidence},
                                 {QStringLiteral("p"), orNull(evidence.p)}};
    }
    return {{QStringLiteral("name"), result.name},
            {QStringLiteral("verdict"), verdictWord(result.verdict)},
            {QStringLiteral("sentence"), result.sentence},
            {QStringLiteral("critical"), result.critical},
            {QStringLiteral("method"), methodName(result.method)},
            {QStringLiteral("unit"), result.unit},
            {QStringLiteral("stable"), orNull(result.stable)},
            {QStringLiteral("candidate"), orNull(result.candidate)},
            {QStringLiteral("limit"), orNull(result.limit)},
            {QStringLiteral("saturation"), orNull(result.saturation)},
            {QStringLiteral("series"),
             QJsonObject{{QStringLiteral("label"), evidence.label},
                         {QStringLiteral("stable"), evidence.stableSeries},
                         {QStringLiteral("candidate"), evidence.candidateSeries}}},
            {QStringLiteral("samples"),
             QJsonObject{{QStringLiteral("stable"), evidence.stableSamples},
                         {QStringLiteral("candidate"), evidence.candidateSamples}}},
            {QStringLiteral("difference"), difference}};
}

} // namespace

QString pastText(const PastReport &report)
{
    const PastWindow &window = report.window;
    const QString commit = window.candidate.value.isEmpty() ? Words::tr("unknown commit")
                                                            : shortSha(window.candidate);
    QString text = Words::tr("%1: %2 at %3 %, %4 to %5: %6\n")
                       .arg(report.track.value, commit)
                       .arg(window.weight.percent)
                       .arg(window.from.toString(Qt::ISODate), window.to.toString(Qt::ISODate),
                            verdictWord(overall(report.results)));
    for (const CheckResult &result : report.results) {
        text += QStringLiteral("  %1 %2: %3\n")
                    .arg(verdictWord(result.verdict).leftJustified(verdictWidth), result.name,
                         result.sentence);
        const QString shift = shiftText(result.evidence, result.unit);
        if (!shift.isEmpty()) {
            text += Words::tr("  %1 %2 samples against %3: %4\n")
                        .arg(QString(verdictWidth, QLatin1Char(' ')))
                        .arg(result.evidence.candidateSamples)
                        .arg(result.evidence.stableSamples)
                        .arg(shift);
        }
    }
    return text;
}

QJsonObject pastJson(const PastReport &report)
{
    QJsonArray checks;
    for (const CheckResult &result : report.results)
        checks.append(checkJson(result));
    return {{QStringLiteral("track"), report.track.value},
            {QStringLiteral("from"), report.window.from.toString(Qt::ISODateWithMs)},
            {QStringLiteral("to"), report.window.to.toString(Qt::ISODateWithMs)},
            {QStringLiteral("weight"), report.window.weight.percent},
            {QStringLiteral("candidate"), report.window.candidate.value},
            {QStringLiteral("verdict"), verdictWord(overall(report.results))},
            {QStringLiteral("checks"), checks}};
}

int exitCodeOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return 0;
    case Verdict::Fail:
        return 1;
    case Verdict::Marginal:
        return 5;
    case Verdict::NoData:
        break;
    }
    return 3;
}

std::optional<QDateTime> momentOf(const QString &text, const QDateTime &now)
{
    if (text == QLatin1String("now"))
        return now.toUTC();
    if (const auto ago = parseDuration(text))
        return now.toUTC().addMSecs(-ago->count());
    const QDateTime moment = QDateTime::fromString(text, Qt::ISODateWithMs);
    return moment.isValid() ? std::optional(moment.toUTC()) : std::nullopt;
}

} // namespace pilothouse
