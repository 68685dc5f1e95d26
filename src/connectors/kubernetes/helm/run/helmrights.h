#pragma once

#include "connectors/kubernetes/kubernetesapi.h"

namespace pilothouse {

/// The first right on Secrets in this namespace that helm needs and this account lacks, as the API
/// server answers: "update"; empty = none is lacking. What a chart's objects need besides, only
/// helm finds out. The future is cancelled with `context`.
[[nodiscard]] QFuture<Result<QString>> lackingSecretRight(KubernetesApi &api, QObject *context,
                                                          const QString &nameSpace);

} // namespace pilothouse
