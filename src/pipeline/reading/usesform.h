#pragma once

#include <QString>

namespace pilothouse {

/// What is wrong with the `uses` of a step, as a sentence without a full stop; empty = nothing.
/// An image, a path of this repository, or "owner/repository/path@ref". Whether it is there is not
/// looked at.
[[nodiscard]] QString stepUsesMistake(const QString &uses);

/// The same of a job's `uses`: a file directly under .github/workflows, of this repository ("./",
/// "$/") without a ref, or of another with one.
[[nodiscard]] QString callMistake(const QString &uses);

/// Whether the ref of a `uses` looks like the first digits of a commit, which the host does not
/// take for one.
[[nodiscard]] bool isShortCommit(const QString &uses);

} // namespace pilothouse
