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
    QList<Alert> known;
    std::optional<Error> error;
};

} // namespace pilothouse
