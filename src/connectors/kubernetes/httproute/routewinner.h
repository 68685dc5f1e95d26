#pragma once

#include "connectors/kubernetes/kubernetesobjects.h"

namespace pilothouse {

/// Who came first, when a write met another version of the route than it was made from: a person
/// where a console wrote it ("B. Novak (10 → 50 %)"), else the field manager that changed the spec
/// ("kubectl-edit"). `before` is the route that the write was made from; with it a change of
/// neither weights nor hold (a status, say) is "somebody else". Without it the newest that the
/// route tells of itself.
[[nodiscard]] QString winnerOf(const KubeRoute &now, const std::optional<KubeRoute> &before);

} // namespace pilothouse
