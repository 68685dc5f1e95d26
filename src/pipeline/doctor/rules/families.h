#pragma once

#include "pipeline/doctor/rule.h"

namespace pilothouse {

/// What starts a workflow, and what it waits for: items 1, 2, 6.
[[nodiscard]] QList<Rule> triggerRules();
/// Jobs, what they hand on and what they share: items 3, 4, 8, 10, 23, 44.
[[nodiscard]] QList<Rule> jobRules();
/// Tests, coverage, scans and their services: items 12, 13, 14, 17, 18, 22.
[[nodiscard]] QList<Rule> checkRules();
/// Images from build to deployment: items 11, 27, 28, 46, 60.
[[nodiscard]] QList<Rule> imageRules();
/// Helm and the canary: items 29-32, 34-37, 41.
[[nodiscard]] QList<Rule> helmRules();
/// Cloud Run: items 50, 55-58, 60.
[[nodiscard]] QList<Rule> cloudRunRules();
/// Schema changes: items 33, 52-54.
[[nodiscard]] QList<Rule> migrationRules();
/// Scripts: items 43, 48, 49, 51.
[[nodiscard]] QList<Rule> scriptRules();
/// Credentials, permissions and versions of actions: items 7, 9, 39, 40, 42, 59.
[[nodiscard]] QList<Rule> securityRules();

} // namespace pilothouse
