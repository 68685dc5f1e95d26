#pragma once

#include "base/clock.h"
#include "connectors/http/client.h"
#include "rollout/rolloutviews.h"
#include "rollout/trafficcontrol.h"

#include <QUrl>

#include <memory>

namespace pilothouse {

/// A traffic system of the rehearsal in this process: a candidate at 10 %, accepted. One for each
/// pass, in the thread of the pass.
class Scene
{
public:
    virtual ~Scene() = default;

    /// What a client signs in with.
    [[nodiscard]] static QByteArray token() { return "only-token"; }
    [[nodiscard]] virtual QString name() const = 0; ///< "HTTPRoute"
    [[nodiscard]] virtual QUrl url() const = 0;
    /// The product's own control, over a client of that system at `server`.
    [[nodiscard]] virtual std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                                  const QUrl &server)
        = 0;
    [[nodiscard]] virtual StepRules::AfterFull afterFull() const = 0;

    /// The system's own account, past every connection: the weights that were ever asked, 10 first,
    [[nodiscard]] virtual QList<int> history() const = 0;
    /// and what stands on the object.
    [[nodiscard]] virtual QByteArray annotation(const char *key) const = 0;
    /// Whose intent its account names for certain.
    enum class Names { OfAll, OfPromotions, OfNone };
    [[nodiscard]] virtual Names names() const { return Names::OfAll; }
};

[[nodiscard]] std::unique_ptr<Scene> makeRouteScene();
[[nodiscard]] std::unique_ptr<Scene> makeCloudRunScene();
[[nodiscard]] std::unique_ptr<Scene> makeHelmScene();
[[nodiscard]] std::unique_ptr<Scene> makeArgoScene();
[[nodiscard]] std::unique_ptr<Scene> makeNginxScene();

} // namespace pilothouse
