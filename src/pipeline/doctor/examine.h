#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/doctor/rule.h"

namespace pilothouse {

/// Every rule, family by family.
[[nodiscard]] const QList<Rule> &doctorRules();
/// Null for an unknown id.
[[nodiscard]] const Rule *doctorRule(const QString &id);

/// What the rules find in these files, which are read as one pipeline: the gravest first, then by
/// path and place. Of two findings of one rule at one place the first is kept. Pure; any thread.
[[nodiscard]] QList<Finding> examine(const QList<Workflow> &workflows,
                                     const Surroundings &surroundings = {});

} // namespace pilothouse
