#pragma once

#include "connectors/http/client.h"
#include "rollout/alerts/alertsource.h"

#include <QObject>

namespace pilothouse {

class Clock;

/// The alerts that one Alertmanager knows (API v2): what fires, and what is silenced or inhibited
/// and so rings nobody. It only reads. http and clock outlive it; destroying it drops the answers
/// under way. GUI thread; large answers are decoded in the thread pool.
class Alertmanager final : public AlertSource
{
public:
    struct Settings
    {
        QUrl base;         ///< the API is below it at api/v2
        QStringList match; ///< matchers that narrow the answer; empty = all that it knows
    };

    Alertmanager(HttpClient &http, Clock &clock, Settings settings);

    /// All that it tells, where matchers narrow its answer to this workspace.
    [[nodiscard]] bool isOurs(const Alert &alert) const override;
    [[nodiscard]] QFuture<Result<Reading<QList<Alert>>>> alerts() override;

private:
    HttpClient &m_http;
    Clock &m_clock;
    Settings m_settings;
    QObject m_context;
};

} // namespace pilothouse
