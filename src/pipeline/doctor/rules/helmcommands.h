#pragma once

#include "pipeline/doctor/scene.h"

#include <QList>

namespace pilothouse {

/// A command with the step that it stands in.
struct PlacedCommand
{
    const SceneStep *step = nullptr;
    const ShellCommand *command = nullptr;
};

[[nodiscard]] QList<PlacedCommand> commandsOf(const SceneJob &job,
                                              bool (*question)(const ShellCommand &));
/// "key=…"
[[nodiscard]] bool startsWithKey(const ShellWord &setting, const QString &key);
/// The first setting of one of these keys; null where there is none. It lives in the list.
[[nodiscard]] const ShellWord *settingOf(const QList<ShellWord> &settings, const QStringList &keys);
/// `--set` or `--set-string` with exactly this: "canary.enabled=true".
[[nodiscard]] bool hasSetting(const ShellCommand &command, const QString &setting);
/// It brings a candidate and gives it no traffic: a failure of it leaves nothing to take back.
[[nodiscard]] bool bringsOnlyCandidate(const ShellCommand &command);
/// The right form of a step that takes the traffic and the release back when the job did not end
/// well.
[[nodiscard]] QString wayBackStep();

} // namespace pilothouse
