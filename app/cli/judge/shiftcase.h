#pragma once

#include "app/cli/judge/casereport.h"
#include "rollout/judgement/shiftinterval.h"

namespace pilothouse {

/// Cases of the test itself, by "kind": wilcoxonDiff, mannWhitneyUTest, intermediate and zQuant
/// (the upper quantile of confidenceLevel or alpha, two-sided; or of p, from below). The exact
/// solver's limits may differ from what is expected by 1e-4, the tolerance of the solver that they
/// come from.
void judgeShiftCase(CaseReport &report, Solver solver);

} // namespace pilothouse
