#pragma once

#include "crash/weather/kinds/kindscene.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

/// An object whose weights belong to somebody else: a candidate at 10 %.
class LookScene : public KindScene
{
public:
    using KindScene::KindScene;

    [[nodiscard]] static QByteArray token() { return "only-token"; }
    /// The product's own control, over a client of that cluster at `server`.
    [[nodiscard]] virtual std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                                  const QUrl &server)
        = 0;
    /// Its owner gives the candidate this weight.
    virtual void move(int weight) = 0;
    /// How often somebody wrote through the API.
    [[nodiscard]] int writes() const { return m_writes; }

protected:
    /// Services of these names, and what runs behind them.
    void addBackends(const char *stable, const char *candidate);

private:
    void taken(const QJsonObject & /*body*/) override { ++m_writes; }

    int m_writes = 0;
};

[[nodiscard]] std::unique_ptr<LookScene> makeIstioScene();
[[nodiscard]] std::unique_ptr<LookScene> makeFlaggerScene();

} // namespace pilothouse
