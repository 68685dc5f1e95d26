#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "pipeline/workflow.h"

namespace pilothouse {

/// Multiplies out `strategy.matrix` as the CI host does: every combination of the dimensions,
/// without those that match an entry of `exclude`; an entry of `include` extends each combination
/// whose own values it does not change, and is a job of its own if it extends none. At most 256
/// jobs, the host's limit; what is beyond becomes a problem.
[[nodiscard]] Matrix readMatrix(const YamlNode &node, Problems &problems);

/// A value as the CI host writes it into names: plain numbers lose what does not count (3.10 is
/// 3.1), texts stay.
[[nodiscard]] QString shownValue(const YamlNode &scalar);

/// The value with this key; null where there is none. It lives in `values`.
[[nodiscard]] const MatrixValue *valueOf(const QList<MatrixValue> &values, const QString &key);

} // namespace pilothouse
