#pragma once

#include "pipeline/doctor/rule.h"
#include "pipeline/doctor/scene.h"

namespace pilothouse {

/// What the rules ask about commands, steps and jobs, each answered in one place.

/// Changes what runs somewhere: helm upgrade, kubectl apply, gcloud run deploy …
[[nodiscard]] bool isDeployment(const ShellCommand &command);
/// The same by an action.
[[nodiscard]] bool isDeployAction(const SceneStep &step);
/// Changes a database's schema: alembic upgrade, manage.py migrate, flyway migrate …
[[nodiscard]] bool isMigration(const ShellCommand &command);
/// Runs tests or another check that may fail: pytest, npm test, bandit, mypy …
[[nodiscard]] bool isCheck(const ShellCommand &command);
/// It installs what a program needs: pip install, poetry install, uv sync …
[[nodiscard]] bool isInstallation(const ShellCommand &command);
[[nodiscard]] bool isHelmDeployment(const ShellCommand &command);
/// `gcloud run deploy`
[[nodiscard]] bool isCloudRunDeployment(const ShellCommand &command);
/// Helm's `--set` and its like, one by one: "image.tag=x" of "--set a=b,image.tag=x".
[[nodiscard]] QList<ShellWord> helmSettings(const ShellCommand &command,
                                            const QStringList &options
                                            = {QStringLiteral("--set"),
                                               QStringLiteral("--set-string")});

[[nodiscard]] bool hasCommand(const SceneStep &step, bool (*question)(const ShellCommand &));
[[nodiscard]] bool hasCommand(const SceneJob &job, bool (*question)(const ShellCommand &));
/// It runs also where the steps before it failed or the run was cancelled.
[[nodiscard]] bool runsAfterFailure(const SceneStep &step);
/// A step that runs after a failure and takes traffic or revision back.
[[nodiscard]] bool hasWayBack(const SceneFile &file, const SceneJob &job);
/// Branches whose push starts it; "**" where every push does. Empty = no push to a branch does.
[[nodiscard]] QStringList pushedBranches(const Workflow &workflow);
/// The end of `first` starts `workflow`.
[[nodiscard]] bool follows(const Workflow &workflow, const Workflow &first);
/// One push starts both, or the end of one starts the other.
[[nodiscard]] bool startsBeside(const SceneFile &a, const SceneFile &b);
/// Major version of "v4", "v4.1.0", "4"; 0 for a commit or a branch.
[[nodiscard]] int majorVersion(const QString &version);
/// "prod" in a name.
[[nodiscard]] bool namesProduction(const QString &name);

/// Matches with the job's and the step's names filled in.
[[nodiscard]] Match matchAt(const SceneJob &job, const Position &at, const QString &sentence);
[[nodiscard]] Match matchAt(const SceneJob &job, const SceneStep &step, const Position &at,
                            const QString &sentence);
/// At a word of the step's script.
[[nodiscard]] Match matchAt(const SceneJob &job, const SceneStep &step, const ShellWord &word,
                            const QString &sentence);
/// A short name of the job's file: "ci.yml".
[[nodiscard]] QString shortPath(const SceneFile &file);

} // namespace pilothouse
