#pragma once

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

} // namespace pilothouse
