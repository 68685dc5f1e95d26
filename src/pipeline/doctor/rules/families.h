#pragma once

#include "pipeline/doctor/rule.h"

namespace pilothouse {

/// What starts a workflow, and what it waits for: items 1, 2, 6.
[[nodiscard]] QList<Rule> triggerRules();
/// Jobs, what they hand on and what they share: items 3, 4, 8, 10, 23, 44.
[[nodiscard]] QList<Rule> jobRules();
/// Scans and the services of tests: items 12, 17, 18, 22.
[[nodiscard]] QList<Rule> checkRules();
/// Coverage: items 13, 14.
[[nodiscard]] QList<Rule> coverageRules();
/// Images from build to deployment: items 11, 24, 27, 28, 46, 60.
[[nodiscard]] QList<Rule> imageRules();
/// Helm: items 29, 34, 36, 38, 41.
[[nodiscard]] QList<Rule> helmRules();
/// The canary: items 30-32, 35, 37.
[[nodiscard]] QList<Rule> canaryRules();
/// Cloud Run: items 50, 55-58, 60.
[[nodiscard]] QList<Rule> cloudRunRules();
/// Schema changes: items 33, 52-54.
[[nodiscard]] QList<Rule> migrationRules();
/// Scripts: items 43, 48, 49, 51.
[[nodiscard]] QList<Rule> scriptRules();
/// Credentials, permissions and versions of actions: items 7, 9, 39, 40, 42, 59.
[[nodiscard]] QList<Rule> securityRules();
/// What a file leaves out, as advice: items 19, 25, 45, 47, 61.
[[nodiscard]] QList<Rule> missingRules();

} // namespace pilothouse
