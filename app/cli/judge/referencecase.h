#pragma once

#include "app/cli/judge/casereport.h"
#include "rollout/judgement/shiftinterval.h"

namespace pilothouse {

/// Reference values of Mann and Whitney's test: {"x": […], "y": […], "U1", "rank_sum_x",
/// "tie_sum_t3_minus_t", "ties", "cles", "hodges_lehmann_exact",
/// "p_asymptotic_{two-sided,less,greater}_{cc,nocc}", "p_exact_{two-sided,less,greater}"}.
/// Everything within 1e-9. A key of another name makes the case not ok.
void judgeReferenceCase(CaseReport &report, Solver solver);

} // namespace pilothouse
