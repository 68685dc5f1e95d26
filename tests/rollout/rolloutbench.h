#pragma once

#include "action/actionrunner.h"
#include "rollout/rolloutcontroller.h"
#include "support/fakeclock.h"
#include "support/fakemetrics.h"
#include "support/faketraffic.h"
#include "support/memoryjournal.h"

#include <memory>

namespace pilothouse {

inline const QString old = QString(40, QLatin1Char('a'));
inline const QString good = QString(40, QLatin1Char('b'));
inline const QString other = QString(40, QLatin1Char('c'));
inline const QString errors = QStringLiteral("errors");

inline RolloutSettings settings()
{
    RolloutSettings made;
    made.track = TrackName(QStringLiteral("standalone"));
    made.plan.stages = {{Weight{10}, std::chrono::seconds(30)},
                        {Weight{50}, std::chrono::seconds(40)},
                        {Weight{100}, {}}};
    Check check;
    check.name = QStringLiteral("error ratio");
    check.query = errors;
    check.unit = QStringLiteral("ratio");
    check.max = 0.01;
    check.critical = true;
    check.minSamples = 20;
    made.checks = {check};
    made.series
        = {QStringLiteral("version"), QStringLiteral("stable"), QStringLiteral("candidate")};
    return made;
}

inline Confirmation confirmed(const Preview &preview,
                              const QString &reason = QStringLiteral("because"))
{
    return {reason, preview.fingerprint, preview.target};
}

/// A track with everything below its ports in memory: `old` is stable, `good` waits at weight 0.
class RolloutBench
{
public:
    RolloutBench()
    {
        traffic.world.stable = readyRevision(QStringLiteral("svc"), old, 3);
        traffic.world.candidate = readyRevision(QStringLiteral("svc-canary"), good, 2);
        metrics.values[errors] = {0.002, 0.002, true};
        start(&metrics);
    }

    void start(MetricSource *source, RolloutSettings given = settings())
    {
        given.frozen = [this](const QDateTime &) {
            return frozen;
        };
        rollout = std::make_unique<RolloutController>(given, traffic, source, runner, clock);
        rollout->start();
    }
    /// Somebody else sets this weight, and the watch tells it.
    void toWeight(int percent)
    {
        traffic.change(
            [percent](TrafficState &t) { t.asked = t.accepted.emplace(Weight{percent}); });
        traffic.tell();
    }

    FakeClock clock;
    FakeTraffic traffic{clock};
    FakeMetrics metrics{clock};
    MemoryJournal journal;
    ActionRunner runner{journal, QStringLiteral("A. Muster")};
    QString frozen;
    std::unique_ptr<RolloutController> rollout;
};

} // namespace pilothouse
