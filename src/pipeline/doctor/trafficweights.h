#pragma once

#include "pipeline/doctor/scene.h"

#include <QList>

namespace pilothouse {

/// A weight of the candidate, in per cent, as a command of a step sets it.
struct PlacedWeight
{
    const SceneStep *step = nullptr;
    ShellWord word;
    int weight = 0;
    QString target{};       ///< whose traffic it is; empty = not known
    bool isRemoval = false; ///< the canary goes, and nothing says that stable becomes what it was
};

/// Weights that a job sets, in the order in which it does.
[[nodiscard]] QList<PlacedWeight> weightsOf(const SceneJob &job);
/// It may set a weight that is not read here: by a script, an action, an expression.
[[nodiscard]] bool mayShift(const SceneStep &step);

} // namespace pilothouse
