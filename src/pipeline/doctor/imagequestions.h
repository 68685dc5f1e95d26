#pragma once

#include "pipeline/doctor/scene.h"

namespace pilothouse {

/// Builds an image with docker/build-push-action or with docker build.
[[nodiscard]] bool buildsImage(const SceneStep &step);
/// … and it may leave the runner: pushed, or written to a file.
[[nodiscard]] bool imageLeaves(const SceneStep &step);
/// Names of the images that it builds, with registry and tag, each with its place.
[[nodiscard]] QList<ShellWord> builtImages(const SceneStep &step);
/// "context-app" of "docker.io/x/context-app:1"; empty where an expression stands in its place.
[[nodiscard]] QString imageName(const QString &image);
/// The file that it builds from, from the top of the repository.
[[nodiscard]] QString dockerfile(const SceneStep &step);
/// The file and the target of it that is built: the same for steps that build the same.
[[nodiscard]] QString buildKey(const SceneStep &step);
/// A job of the other file builds from one of the files that this job builds from.
[[nodiscard]] bool buildsAgain(const SceneJob &job, const SceneFile &other);

} // namespace pilothouse
