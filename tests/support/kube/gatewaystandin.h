#pragma once

#include "support/kube/canaryworld.h"

#include <QObject>
#include <QTimer>

namespace pilothouse {

/// In the place of a Gateway: looks at the route many times a second and says that it accepts what
/// is asked. Runs in the test's event loop.
class GatewayStandIn final : public QObject
{
public:
    explicit GatewayStandIn(KubeAsk &server);

private:
    void look();

    KubeAsk &m_server;
    QTimer m_timer;
    bool m_looking = false;
};

} // namespace pilothouse
