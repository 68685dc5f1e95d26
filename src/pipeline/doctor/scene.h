#pragma once

#include "pipeline/doctor/shellcommand.h"
#include "pipeline/doctor/surroundings.h"
#include "pipeline/workflow.h"

#include <QHash>
#include <QList>
#include <QSet>

namespace pilothouse {

/// A step with what its script says.
struct SceneStep
{
    const WorkflowStep *step = nullptr;
    int number = 0;               ///< 1-based
    QList<ShellCommand> commands; ///< empty where the shell is no kind of sh

    /// Where a word of the script stands in the file. Where the lines of the script are not those
    /// of the file (a folded text), the place of the script.
    [[nodiscard]] Position placeOf(const Position &inScript) const;
    /// The action without its version ("actions/checkout"); empty for a script.
    [[nodiscard]] QString action() const;
    /// What stands after the "@".
    [[nodiscard]] QString actionVersion() const;
    /// A value of `with`; empty where there is none.
    [[nodiscard]] QString input(const QString &key) const;
};

struct SceneJob
{
    const WorkflowJob *job = nullptr;
    QList<SceneStep> steps;
    QSet<QString> builds;      ///< what images are built from (buildKey)
    bool deploys = false;      ///< a step of it brings something to where it runs
    bool isProduction = false; ///< its environment, namespace or key says so
};

struct SceneFile
{
    const Workflow *workflow = nullptr;
    QList<SceneJob> jobs;
    QHash<QString, qsizetype> indices;        ///< key of a job → index into `jobs`
    QHash<QString, QList<qsizetype>> waiting; ///< key of a job → those that need it

    [[nodiscard]] bool deploys() const;
    [[nodiscard]] const SceneJob *job(const QString &key) const;
    /// The job and all that come before it by `needs`.
    [[nodiscard]] QList<const SceneJob *> before(const SceneJob &job) const;
    /// Those of which `question` is true, and all that come after one of them by `needs`; by key.
    [[nodiscard]] QSet<QString> after(bool (*question)(const SceneJob &)) const;
};

/// What the rules look at. It points into the workflows that it was made from.
struct Scene
{
    QList<SceneFile> files;
    Surroundings surroundings;
};

[[nodiscard]] Scene makeScene(const QList<Workflow> &workflows, const Surroundings &surroundings);

} // namespace pilothouse
