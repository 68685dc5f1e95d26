#pragma once

#include "document/fields.h"
#include "workspace/control.h"

namespace pilothouse {

/// Reads a `control` of the kind helm-value; mistakes go to the problems of `control`. `folder` is
/// the workspace file's.
[[nodiscard]] HelmSettings readHelmValue(Fields &control, const QString &folder);

/// A program by what a file says: a bare name is looked up on the PATH, anything else is a path.
[[nodiscard]] QString programPath(const QString &program, const QString &folder);

/// The `program` of a control that helm works for; "helm" where it says none.
[[nodiscard]] QString readHelmProgram(Fields &control, const QString &folder);

} // namespace pilothouse
