#pragma once

#include "app/cli/judge/casereport.h"
#include "rollout/judgement/shiftinterval.h"

namespace pilothouse {

/// {"groupWeights": {group: weight}, "metrics": [{"name", "classification", "groups", "critical",
/// "muted"}], "expected": {"summaryScore" | "groupScoresSorted": [ascending]}}.
void judgeScorerCase(CaseReport &report, Solver solver);

} // namespace pilothouse
