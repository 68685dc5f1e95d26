#pragma once

#include "app/cli/judge/casereport.h"
#include "rollout/judgement/shiftinterval.h"

namespace pilothouse {

/// {"detector": "IQRDetector" | "KSigmaDetector", "param": …, "reduceSensitivity": …, "data": […],
/// "outlier": [true | false …]}.
void judgeDetectorCase(CaseReport &report, Solver solver);

/// {"op": "removeNaNs" | "replaceNaNs(NUMBER)" | "removeOutliers" with a detector, "data": […],
/// "expected": […]}.
void judgeTransformCase(CaseReport &report, Solver solver);

/// {"kind": "summary" | "percentile R-7" | "meanRatio" | "cles" | "cohenD", "data" or "experiment"
/// and "control" (samples, or a summary of them), "expected": …, "tolerance": …}.
void judgeStatisticCase(CaseReport &report, Solver solver);

} // namespace pilothouse
