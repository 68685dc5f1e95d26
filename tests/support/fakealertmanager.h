#pragma once

#include "base/future.h"
#include "rollout/alerts/alertsource.h"

namespace pilothouse {

/// An Alertmanager in memory.
class FakeAlertmanager final : public AlertSource
{
public:
    QFuture<Result<Reading<QList<Alert>>>> alerts() override
    {
        if (error)
            return ready<Reading<QList<Alert>>>(fail(*error));
        Reading<QList<Alert>> reading;
        reading.value = known;
        return ready<Reading<QList<Alert>>>(reading);
    }
    [[nodiscard]] bool isOurs(const Alert & /*alert*/) const override { return narrowed; }

    QList<Alert> known;
    bool narrowed = true; ///< its matchers say that all alerts are of this workspace
    std::optional<Error> error;
};

} // namespace pilothouse
