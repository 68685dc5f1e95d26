#pragma once

#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"

#include <QtTest>

namespace pilothouse {

/// A track at 10 %, with metrics and a command that would guard it elsewhere. Nobody guards yet.
class GuardBench final : public RolloutBench
{
public:
    GuardBench()
    {
        RolloutSettings given = settings();
        given.headlessGuard = QStringLiteral("pilothouse-cli guard --track standalone");
        start(&metrics, given);
        toWeight(10);
    }

    [[nodiscard]] RolloutGuard &guard() const { return rollout->guard(); }
    /// As a person arms it.
    void arm() const
    {
        const auto done = guard().arm(confirmed(guard().previewArm(), {}));
        QTRY_VERIFY(done.isFinished());
        QVERIFY2(done.result().kind == Outcome::Kind::Done, qPrintable(done.result().text));
    }
};

} // namespace pilothouse
