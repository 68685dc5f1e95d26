#pragma once

#include "connectors/kubernetes/helm/helmmove.h"
#include "rollout/nextdeploy.h"

namespace pilothouse {

/// What the next `helm upgrade` by others makes of a weight that stands in the release's values. Of
/// one that gives any values Helm takes only those and the chart's own, unless it is told to reuse
/// the last ones; one that gives none reuses them.
[[nodiscard]] NextDeploy nextHelmDeploy(const HelmSight &sight);

} // namespace pilothouse
