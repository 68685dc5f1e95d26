#pragma once

#include "document/problem.h"
#include "pipeline/reading/triggervalues.h"
#include "pipeline/reading/workflowvalues.h"
#include "repository/otherrepositories.h"
#include "repository/sourcetree.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// One value of one dimension, as text ("3.11", "ubuntu-latest"). The members of a value that is
/// itself a mapping stand one by one with a dotted key ("target.os").
struct MatrixValue
{
    enum class Kind { Text, Number, Flag, Null };

    QString key;
    QString value;
    Kind kind = Kind::Text; ///< what an expression takes it for

    bool operator==(const MatrixValue &) const = default;
};

/// One job that a matrix makes.
struct MatrixLeg
{
    QList<MatrixValue> values; ///< of the dimensions, in the order of the file
    QList<MatrixValue> added;  ///< by `include`, beyond the dimensions

    bool operator==(const MatrixLeg &) const = default;
};

/// `strategy.matrix`, multiplied out.
struct Matrix
{
    enum class Kind {
        None,    ///< the job has no matrix
        Known,   ///< `legs` lists every job
        Dynamic, ///< an expression (fromJSON …) decides at run time; `legs` is empty
    };

    Kind kind = Kind::None;
    QStringList dimensions; ///< keys, in the order of the file
    QList<MatrixLeg> legs;

    bool operator==(const Matrix &) const = default;
};

/// One entry under `jobs:`. Texts are as written: `${{ … }}` is not evaluated.
struct WorkflowJob
{
    QString key;
    WorkflowText name; ///< empty = the CI host shows the key
    QList<WorkflowReference> needs;
    WorkflowText condition; ///< `if`
    WorkflowRunner runsOn;
    WorkflowEnvironment environment;
    WorkflowConcurrency concurrency;
    WorkflowPermissions permissions;
    WorkflowText timeoutMinutes;
    WorkflowText continueOnError;
    WorkflowStrategy strategy;
    Matrix matrix;
    WorkflowContainer container;
    QList<WorkflowContainer> services;
    WorkflowDefaults defaults;
    WorkflowSettings env;
    WorkflowSettings outputs;
    QList<WorkflowStep> steps;
    WorkflowText uses; ///< a reusable workflow: "./.github/workflows/x.yml" or "owner/repo/…@ref"
    WorkflowSettings with;
    WorkflowSecrets secrets;
    Position at;    ///< of the key
    Position end{}; ///< where the file goes on after it; line 0 = nothing follows

    /// Path in this repository of the workflow that this job calls; empty if it calls none or one
    /// of another repository.
    [[nodiscard]] QString localCallee() const;
    /// The workflow of another repository that this job calls.
    [[nodiscard]] std::optional<RemoteFile> remoteCallee() const;

    bool operator==(const WorkflowJob &) const = default;
};

/// One workflow file at one commit.
struct Workflow
{
    QString path;                          ///< from the root; of another repository its address
    std::optional<RemoteFile> elsewhere{}; ///< of another repository, at its ref
    QString name; ///< `name`, or the path where it has none (as the CI host shows it)
    WorkflowText runName;
    QList<WorkflowTrigger> triggers;
    Position onAt; ///< of `on`; line 0 = not given
    WorkflowPermissions permissions;
    WorkflowConcurrency concurrency;
    WorkflowDefaults defaults;
    WorkflowSettings env;
    QList<WorkflowJob> jobs; ///< in the order of the file
    QList<Problem> problems; ///< sorted by place; an Error = the CI host would refuse the file
    bool isWhole = true;     ///< else it is no YAML from some line on, and only what ends above it
                             ///< stands here: what seems to be missing may stand below

    /// Whether `event` starts it.
    [[nodiscard]] bool startsOn(const QString &event) const { return trigger(event) != nullptr; }
    /// The entry under `on`; null where there is none. It lives in this object.
    [[nodiscard]] const WorkflowTrigger *trigger(const QString &event) const;
    /// The job of this key; null where there is none. It lives in this object.
    [[nodiscard]] const WorkflowJob *job(const QString &key) const;

    bool operator==(const Workflow &) const = default;
};

/// The path of the workflow that a job of `from` calls, as `Workflow::path` spells it; empty if it
/// calls none.
[[nodiscard]] QString calleePath(const Workflow &from, const WorkflowJob &job);

/// The file of another repository that a job of `from` calls: by its address, or, where `from` is
/// of another repository itself, beside it.
[[nodiscard]] std::optional<RemoteFile> calleeElsewhere(const Workflow &from,
                                                        const WorkflowJob &job);

/// Reads a workflow file. Never fails: what cannot be read becomes a problem with its line and
/// column, and everything else of the file is kept. Of a file that is no YAML from some line on,
/// that is its one problem, and the jobs that end above it are kept. A byte that is no text
/// is such a problem too, but the jobs below it are kept as well. Keys that are newer than this
/// reader are left alone.
[[nodiscard]] Workflow parseWorkflow(const SourceFile &file);

} // namespace pilothouse
