#pragma once

#include "document/fields.h"
#include "workspace/control.h"

namespace pilothouse {

// Controls that are objects of a cluster, each read from its map under `control`. Paths are
// relative to `folder`.

[[nodiscard]] Control readArgoRollout(Fields &fields, const QString &folder);
[[nodiscard]] Control readNginxCanary(Fields &fields, const QString &folder);
[[nodiscard]] Control readIstio(Fields &fields, const QString &folder);
[[nodiscard]] Control readFlagger(Fields &fields, const QString &folder);

} // namespace pilothouse
