#pragma once

#include "connectors/kubernetes/kubernetesobjects.h"

namespace pilothouse {

/// What of an object tells who wrote it.
struct ObjectSight
{
    Labels annotations;
    QString lastWriter; ///< field manager of the newest write to its spec
    qint64 generation = 0;
};

/// Who came first, when a write met another version of an object than it was made from: a person
/// where a console wrote it ("B. Novak (10 → 50 %)"), else the field manager that changed the spec
/// ("kubectl-edit"). `before` is the object that the write was made from; with it a change of
/// neither weight nor hold nor spec nor guard (a status, say) is "somebody else". Without it the
/// newest that the object tells of itself.
[[nodiscard]] QString winnerOf(const ObjectSight &now, const std::optional<ObjectSight> &before);

} // namespace pilothouse
