#pragma once

#include "pipeline/act/runcontrol.h"
#include "pipeline/workflow.h"

#include <QStringList>

namespace pilothouse {

/// GitHub takes no more inputs of one dispatch.
inline constexpr int mostDispatchInputs = 25;

/// One input that a workflow asks for when a person starts it.
struct DispatchInput
{
    enum class Type { Text, Boolean, Number, Choice, Environment };

    QString key;
    Type type = Type::Text;
    QString description;
    QString defaultValue;
    bool required = false;
    QStringList options; ///< of a choice

    bool operator==(const DispatchInput &) const = default;
};

/// What is asked before a workflow is started by hand.
struct DispatchForm
{
    QString workflowPath;
    QString title;               ///< `name`, else the file
    bool startable = false;      ///< the file has `workflow_dispatch`
    QList<DispatchInput> inputs; ///< in the order of the file, however many

    bool operator==(const DispatchForm &) const = default;
};

/// What the workflow says. One that cannot be read is not startable.
[[nodiscard]] DispatchForm dispatchForm(const Workflow &workflow);

/// The first thing that is wrong with these values; empty = nothing.
[[nodiscard]] QString dispatchProblem(const DispatchForm &form, const QList<DispatchValue> &values);

} // namespace pilothouse
