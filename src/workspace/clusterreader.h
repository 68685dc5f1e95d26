#pragma once

#include "document/fields.h"
#include "workspace/control.h"

namespace pilothouse {

// Controls that are objects of a cluster, each read from its map under `control`. Paths are
// relative to `folder`.

[[nodiscard]] Control readHttpRoute(Fields &fields, const QString &folder);
[[nodiscard]] Control readArgoRollout(Fields &fields, const QString &folder);
[[nodiscard]] Control readNginxCanary(Fields &fields, const QString &folder);
[[nodiscard]] Control readIstio(Fields &fields, const QString &folder);
[[nodiscard]] Control readFlagger(Fields &fields, const QString &folder);

[[nodiscard]] ClusterPlace readPlace(Fields &fields, const QString &folder);

/// Reports two ends that nothing tells apart. `fields` has the key `candidate`.
void refuseSameEnds(Fields &fields, const QString &stable, const QString &candidate);

/// `annotations_prefix`, as a label's key is qualified: a DNS name.
[[nodiscard]] QString readAnnotationsPrefix(Fields &fields, const QString &absent);

} // namespace pilothouse
