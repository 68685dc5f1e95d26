#include "rollout/plan.h"

#include "rollout/analysis/evidence.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

/// What stands for each name; a name that is not among them is left as it is.
QHash<QString, QString> valuesOf(const TrafficState &traffic)
{
    const RevisionState stable = traffic.stable.value_or(RevisionState{});
    const RevisionState candidate = traffic.candidate.value_or(RevisionState{});
    return {{QStringLiteral("stable.revision"), stable.name.value},
            {QStringLiteral("stable.commit"), stable.commit.value},
            {QStringLiteral("candidate.revision"), candidate.name.value},
            {QStringLiteral("candidate.commit"), candidate.commit.value},
            {QStringLiteral("revision"), candidate.name.value},
            {QStringLiteral("commit"), candidate.commit.value}};
}

template <typename Spell>
QString substituted(const QString &text, const QHash<QString, QString> &values, Spell spell)
{
    static const QRegularExpression place(QStringLiteral(R"(\$\{([a-z.]+)\})"));
    QString result;
    qsizetype from = 0;
    auto matches = place.globalMatch(text);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        result += QStringView(text).mid(from, match.capturedStart() - from);
        const auto value = values.constFind(match.captured(1));
        result += value == values.constEnd() ? match.captured() : spell(*value);
        from = match.capturedEnd();
    }
    return result.append(QStringView(text).mid(from));
}

QString escaped(QString value)
{
    value.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    value.replace(QLatin1Char('"'), QLatin1String("\\\""));
    value.replace(QLatin1Char('\''), QLatin1String("\\'"));
    return value.replace(QLatin1Char('\n'), QLatin1String("\\n"));
}

} // namespace

SeriesNames resolved(const SeriesNames &names, const TrafficState &traffic)
{
    const auto values = valuesOf(traffic);
    const auto plain = [](const QString &value) {
        return value;
    };
    return {names.label, substituted(names.stable, values, plain),
            substituted(names.candidate, values, plain)};
}

QString resolved(const QString &query, const TrafficState &traffic)
{
    return substituted(query, valuesOf(traffic), escaped);
}

milliseconds sampleStep(const Plan &plan, const QList<Check> &checks)
{
    milliseconds bake{0};
    for (const Stage &stage : plan.stages) {
        if (stage.bake.count() > 0 && (bake.count() == 0 || stage.bake < bake))
            bake = stage.bake;
    }
    int samples = 1;
    for (const Check &check : checks)
        samples = std::max(samples, check.minSamples);
    const milliseconds most{15'000};
    if (bake.count() == 0)
        return most;
    milliseconds step = bake / samples;
    if (step > milliseconds(1000))
        step -= step % 1000;
    return std::clamp(step, milliseconds(100), most);
}

milliseconds judgeWindow(const Check &check, milliseconds step)
{
    if (check.window)
        return *check.window;
    const int few = 4;
    const int usual = check.method == JudgeMethod::MannWhitney ? reliableSamples : 12;
    return step * (std::max(check.minSamples, usual) + few);
}

std::optional<Weight> nextWeight(const Plan &plan, Weight present)
{
    for (const Stage &stage : plan.stages) {
        if (stage.weight > present)
            return stage.weight;
    }
    return {};
}

std::optional<Weight> previousWeight(const Plan &plan, Weight present)
{
    if (present.percent <= 0)
        return {};
    Weight below{0};
    for (const Stage &stage : plan.stages) {
        if (stage.weight < present)
            below = std::max(below, stage.weight);
    }
    return below;
}

std::optional<int> stageAt(const Plan &plan, Weight weight)
{
    std::optional<int> at;
    for (int i = 0; i < plan.stages.size(); ++i) {
        if (plan.stages[i].weight <= weight)
            at = i;
    }
    return at;
}

} // namespace pilothouse
