#include "bench/measure.h"
#include "rollout/judgement/classification.h"

#include <QCoreApplication>

#include <random>

using namespace pilothouse;

// `judge`: 1,000 metrics judged whole (cleaning, interval, effect, p), by each solver, at 60 + 60
// and at 1,000 + 1,000 samples. The anchor sorts the same samples in the same turn. Half of the
// metrics are continuous and half are counts with many ties; half of each have shifted. Each turn
// must come to the same verdicts, the exact solver also in another unit; how many the two solvers
// see otherwise is printed.

namespace {

constexpr int metricCount = 1000;

struct Metric
{
    std::vector<double> control;
    std::vector<double> experiment;
};

std::vector<Metric> metricsOf(size_t samples)
{
    std::mt19937_64 random(20'231);
    std::lognormal_distribution<double> latency(-2, 0.4);
    std::poisson_distribution<int> errors(3);
    std::vector<Metric> all(metricCount);
    for (size_t i = 0; i < all.size(); ++i) {
        const double shift = i % 4 < 2 ? 1 : 1.3;
        for (size_t k = 0; k < samples; ++k) {
            const bool counts = i % 2 != 0;
            all[i].control.push_back(counts ? double(errors(random)) : latency(random));
            all[i].experiment.push_back(shift
                                        * (counts ? double(errors(random)) : latency(random)));
        }
    }
    return all;
}

void sortAll(const std::vector<Metric> &metrics)
{
    for (const Metric &metric : metrics) {
        for (std::vector<double> samples : {metric.control, metric.experiment})
            std::sort(samples.begin(), samples.end());
    }
}

using Verdicts = std::vector<MetricClass>;

Verdicts judgeAll(const std::vector<Metric> &metrics, const JudgeSettings &settings)
{
    Verdicts verdicts;
    for (const Metric &metric : metrics)
        verdicts.push_back(classify(metric.control, metric.experiment, settings).result);
    return verdicts;
}

std::vector<Metric> inAnotherUnit(std::vector<Metric> metrics)
{
    for (Metric &metric : metrics) {
        for (std::vector<double> *samples : {&metric.control, &metric.experiment}) {
            for (double &sample : *samples)
                sample *= 1024; // exact in every bit
        }
    }
    return metrics;
}

int differences(const Verdicts &a, const Verdicts &b)
{
    int count = 0;
    for (size_t i = 0; i < a.size(); ++i)
        count += a[i] == b[i] ? 0 : 1;
    return count;
}

void measureSize(size_t samples, int rounds)
{
    const std::vector<Metric> metrics = metricsOf(samples);
    JudgeSettings settings;
    settings.solver = Solver::Exact;
    const Verdicts exact = judgeAll(metrics, settings);
    if (judgeAll(inAnotherUnit(metrics), settings) != exact)
        qFatal("the exact verdicts depend on the unit");
    for (const Solver solver : {Solver::Exact, Solver::KayentaCompatible}) {
        settings.solver = solver;
        const Verdicts expected = judgeAll(metrics, settings);
        const bench::Pair pair = bench::measure(
            rounds,
            [&] {
                if (judgeAll(metrics, settings) != expected)
                    qFatal("the verdicts differ from turn to turn");
            },
            [&] { sortAll(metrics); });
        const QJsonObject amount{
            {QStringLiteral("metrics"), metricCount},
            {QStringLiteral("samples"), qint64(samples)},
            {QStringLiteral("solver"),
             solver == Solver::Exact ? QStringLiteral("exact") : QStringLiteral("kayenta")},
            {QStringLiteral("passed"),
             qint64(std::count(expected.cbegin(), expected.cend(), MetricClass::Pass))},
            {QStringLiteral("otherwise_than_exact"), differences(expected, exact)},
        };
        bench::print("judge", "metrics judged", "their samples sorted", amount, pair);
    }
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    measureSize(60, 15);
    measureSize(1000, 5);
    return 0;
}
