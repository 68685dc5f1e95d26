#pragma once

#include "app/cli/judge/casereport.h"
#include "rollout/judgement/shiftinterval.h"

namespace pilothouse {

/// {"classifier": "MannWhitneyClassifier" | "MeanInequalityClassifier", "experiment": […],
/// "control": […], settings…, "expected": {"classification" | "critical" | "deviation" |
/// "reason": "non-empty"}}. No minimum of samples: the file's own rules hold.
void judgeClassifierCase(CaseReport &report, Solver solver);

} // namespace pilothouse
