#include "bench/measure.h"
#include "rollout/analysis/judge.h"

#include <QCoreApplication>

#include <random>

using namespace pilothouse;

// `checks`: 1,000 answers of a metrics server judged as a console does it, with verdict, sentence
// and evidence (interval, difference over time), by each method, at 60 + 60 samples. The anchor is
// the comparison alone of the same samples in the same turn.

namespace {

constexpr int checkCount = 1000;
constexpr int sampleCount = 60;

const SeriesNames names{QStringLiteral("version"), QStringLiteral("stable"),
                        QStringLiteral("candidate")};
const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'800'000'000'000, Qt::UTC);

struct Answers
{
    std::vector<SeriesSet> sets;
    std::vector<std::vector<double>> stable;
    std::vector<std::vector<double>> candidate;
};

Answers answers()
{
    std::mt19937_64 random(20'231);
    std::lognormal_distribution<double> latency(-2, 0.4);
    Answers made;
    for (int i = 0; i < checkCount; ++i) {
        SeriesSet set;
        set.step = std::chrono::seconds(1);
        for (const QString &side : {names.stable, names.candidate}) {
            Series series;
            series.labels.insert(names.label, side);
            std::vector<double> values;
            const double shift = side == names.candidate && i % 4 < 2 ? 1.3 : 1;
            for (int k = 0; k < sampleCount; ++k) {
                values.push_back(shift * latency(random));
                series.samples.append({start.addSecs(k).toMSecsSinceEpoch(), values.back()});
            }
            set.series.append(series);
            (side == names.stable ? made.stable : made.candidate).push_back(values);
        }
        made.sets.push_back(set);
    }
    return made;
}

void measureMethod(const Answers &given, JudgeMethod method)
{
    Check check;
    check.name = QStringLiteral("p95");
    check.unit = QStringLiteral("s");
    check.method = method;
    if (method == JudgeMethod::Threshold)
        check.max = 0.2;
    int passed = 0;
    int compared = 0;
    const bench::Pair pair = bench::measure(
        15,
        [&] {
            passed = 0;
            for (const SeriesSet &set : given.sets) {
                const CheckResult result
                    = judge(check, names, set, start, start.addSecs(sampleCount - 1));
                passed += result.verdict == Verdict::Pass ? 1 : 0;
            }
        },
        [&] {
            for (size_t i = 0; i < given.sets.size(); ++i) {
                const Classification alone
                    = pilothouse::compared(check, given.stable[i], given.candidate[i]);
                compared += alone.result == MetricClass::Pass ? 1 : 0;
            }
        });
    const QJsonObject amount{{QStringLiteral("checks"), checkCount},
                             {QStringLiteral("samples"), sampleCount},
                             {QStringLiteral("method"), method == JudgeMethod::Threshold
                                                            ? QStringLiteral("threshold")
                                                            : QStringLiteral("mann-whitney")},
                             {QStringLiteral("passed"), passed},
                             {QStringLiteral("compared"), compared > 0}};
    bench::print("checks", "answers judged with their evidence", "their samples compared", amount,
                 pair);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const Answers given = answers();
    measureMethod(given, JudgeMethod::Threshold);
    measureMethod(given, JudgeMethod::MannWhitney);
    return 0;
}
