#pragma once

#include "document/problem.h"
#include "pipeline/expression/names.h"

namespace pilothouse {

/// A place of a workflow file, by what an expression that stands there may name.
enum class Scope {
    None, ///< no expression may stand here
    Workflow,
    WorkflowEnv,
    CallOutput, ///< value of an output of workflow_call
    JobIf,
    Strategy,
    Job,
    JobWithSecrets,
    JobDefaults,
    EnvironmentUrl,
    JobOutput,
    Credentials,
    StepIf,
    Step,
};

[[nodiscard]] const ExpressionNames &namesIn(Scope scope);

/// Reports what the CI host would refuse in the expressions of a text.
void checkExpressions(const QString &text, const Position &place, Scope scope, Problems &problems);
/// What is special to an `if`: without braces it is an expression all the same, and text beside
/// braces makes it hold always (a warning). What stands in braces is checkExpressions()'s.
void checkCondition(const QString &condition, const Position &place, Scope scope,
                    Problems &problems);

} // namespace pilothouse
