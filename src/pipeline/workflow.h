#pragma once

#include "document/problem.h"
#include "repository/sourcetree.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// A name that points at something else in the file (an entry of `needs`), with its place.
struct WorkflowReference
{
    QString name;
    Position at;

    bool operator==(const WorkflowReference &) const = default;
};

/// One event under `on:`.
struct WorkflowTrigger
{
    QString event;                      ///< "push", "workflow_run", "workflow_call" …
    QList<WorkflowReference> workflows; ///< workflow_run: names of the workflows it waits for
    QStringList types;
    QStringList branches;

    bool operator==(const WorkflowTrigger &) const = default;
};

/// One value of one dimension, as text ("3.11", "ubuntu-latest"). The members of a value that is
/// itself a mapping stand one by one with a dotted key ("target.os").
struct MatrixValue
{
    QString key;
    QString value;

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
    QString name; ///< empty = the CI host shows the key
    QList<WorkflowReference> needs;
    Matrix matrix;
    QString uses; ///< a reusable workflow: "./.github/workflows/x.yml" or "owner/repo/…@ref"
    QString environment; ///< name of the environment, empty = none
    QString runsOn;      ///< labels joined by ", "
    QString condition;   ///< `if`
    QString timeoutMinutes;
    QStringList steps; ///< what the CI host shows for each: the name, or "Run …"
    Position at;       ///< of the key

    /// Path in this repository of the workflow that this job calls; empty if it calls none or one
    /// of another repository.
    [[nodiscard]] QString localCallee() const;

    bool operator==(const WorkflowJob &) const = default;
};

/// One workflow file at one commit.
struct Workflow
{
    QString path;
    QString name; ///< `name`, or the path where it has none (as the CI host shows it)
    QList<WorkflowTrigger> triggers;
    QList<WorkflowJob> jobs; ///< in the order of the file
    QList<Problem> problems; ///< sorted by place; an Error = the CI host would refuse the file

    /// Whether `event` starts it.
    [[nodiscard]] bool startsOn(const QString &event) const;

    bool operator==(const Workflow &) const = default;
};

/// Reads a workflow file. Never fails: what cannot be read becomes a problem with its line and
/// column, and everything else of the file is kept. Unknown keys are left alone.
[[nodiscard]] Workflow parseWorkflow(const SourceFile &file);

} // namespace pilothouse
