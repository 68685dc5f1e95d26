#pragma once

#include "connectors/kubernetes/flagger/flaggercanary.h"
#include "connectors/kubernetes/watched/lookonlycontrol.h"

namespace pilothouse {

/// A Canary of Flagger: read only, for Flagger has no promote. It goes on by itself, or waits for a
/// gate that is a webhook of somebody's; which one, and what to do, is said.
class FlaggerControl final : public LookOnlyControl
{
    Q_OBJECT

public:
    struct Settings
    {
        FlaggerNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
    };

    FlaggerControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                   QObject *parent = nullptr);

protected:
    [[nodiscard]] QString whatInstead() const override;
};

} // namespace pilothouse
