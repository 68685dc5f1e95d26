#pragma once

#include "app/sandbox/http/server.h"
#include "rollout/rolloutviews.h"
#include "support/faketraffic.h"

#include <QUrl>

#include <memory>

namespace pilothouse {

/// What a Prometheus knows of a candidate that is well until it is spoilt, and what it and an
/// Alertmanager at the same address know of alerts: one is pending, one is silenced, one is another
/// track's.
class MetricsScene final
{
public:
    enum class Teller { Prometheus, Alertmanager };

    MetricsScene();

    [[nodiscard]] QUrl url() const;
    void spoil() { m_errors = 0.2; }
    /// An alert "Broken" of the track fires, as this one alone knows.
    void ring(Teller teller) { m_rung = teller; }

    /// Of a track "weather" with 10 and 100 per cent, and one check for each query.
    [[nodiscard]] static RolloutSettings settings(const QStringList &queries);
    /// 10 per cent of the traffic for the candidate.
    static void begin(FakeTraffic &traffic);

private:
    void answer(const sandbox::ExchangePtr &exchange) const;
    [[nodiscard]] QJsonArray told() const;
    [[nodiscard]] QJsonArray managed() const;

    double m_errors = 0.002;
    std::optional<Teller> m_rung;
    std::unique_ptr<sandbox::Server> m_server;
};

} // namespace pilothouse
