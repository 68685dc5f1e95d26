#pragma once

#include "pipeline/reading/workflowvalues.h"

namespace pilothouse {

/// A name that points at something else in the file (an entry of `needs`), with its place.
struct WorkflowReference
{
    QString name;
    Position at;

    bool operator==(const WorkflowReference &) const = default;
};

/// One entry of `inputs` of workflow_dispatch or workflow_call.
struct WorkflowInput
{
    QString key;
    WorkflowText description;
    WorkflowText
        type; ///< "string", "boolean", "number", "choice", "environment"; not given = string
    WorkflowText required;
    WorkflowText defaultValue; ///< `default`
    WorkflowTexts options;     ///< of a choice
    Position at;               ///< of the key

    [[nodiscard]] bool isRequired() const { return required.text == QLatin1String("true"); }

    bool operator==(const WorkflowInput &) const = default;
};

/// One entry of workflow_call's `outputs` or `secrets`.
struct WorkflowCallValue
{
    QString key;
    WorkflowText description;
    WorkflowText value;    ///< of an output
    WorkflowText required; ///< of a secret
    Position at;           ///< of the key

    [[nodiscard]] bool isRequired() const { return required.text == QLatin1String("true"); }

    bool operator==(const WorkflowCallValue &) const = default;
};

/// One entry of `schedule`.
struct WorkflowSchedule
{
    WorkflowText cron;
    WorkflowText timezone; ///< not given = UTC
    Position at;

    bool operator==(const WorkflowSchedule &) const = default;
};

/// One event under `on:`.
struct WorkflowTrigger
{
    QString event;                      ///< "push", "workflow_run", "workflow_call" …
    Position at;                        ///< of the event's name
    QList<WorkflowReference> workflows; ///< workflow_run: names of the workflows it waits for
    WorkflowTexts types;
    WorkflowTexts branches;
    WorkflowTexts branchesIgnore;
    WorkflowTexts tags;
    WorkflowTexts tagsIgnore;
    WorkflowTexts paths;
    WorkflowTexts pathsIgnore;
    QList<WorkflowSchedule> schedules;
    QList<WorkflowInput> inputs;      ///< workflow_dispatch, workflow_call
    QList<WorkflowCallValue> outputs; ///< workflow_call
    QList<WorkflowCallValue> secrets; ///< workflow_call

    bool operator==(const WorkflowTrigger &) const = default;
};

} // namespace pilothouse
