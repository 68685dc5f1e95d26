#include "pipeline/doctor/rules/helmcommands.h"

#include "pipeline/doctor/questions.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

QList<PlacedCommand> commandsOf(const SceneJob &job, bool (*question)(const ShellCommand &))
{
    QList<PlacedCommand> found;
    for (const SceneStep &step : job.steps) {
        for (const ShellCommand &command : step.commands) {
            if (question(command))
                found.append({&step, &command});
        }
    }
    return found;
}

bool startsWithKey(const ShellWord &setting, const QString &key)
{
    return setting.text.startsWith(key + QLatin1Char('='));
}

const ShellWord *settingOf(const QList<ShellWord> &settings, const QStringList &keys)
{
    const auto found
        = std::find_if(settings.begin(), settings.end(), [&](const ShellWord &setting) {
              return std::any_of(keys.begin(), keys.end(),
                                 [&](const QString &key) { return startsWithKey(setting, key); });
          });
    return found == settings.end() ? nullptr : &*found;
}

bool hasSetting(const ShellCommand &command, const QString &setting)
{
    const QList<ShellWord> settings = helmSettings(command);
    return std::any_of(settings.begin(), settings.end(),
                       [&](const ShellWord &word) { return word.text == setting; });
}

bool bringsOnlyCandidate(const ShellCommand &command)
{
    static const QRegularExpression candidate(QStringLiteral("^(canary|candidate)\\.image\\."));
    static const QRegularExpression other(
        QStringLiteral("^(image|stable|canary\\.weight|candidate\\.weight)\\b"));
    const QList<ShellWord> settings = helmSettings(command);
    const auto has = [&](const QRegularExpression &key) {
        return std::any_of(settings.begin(), settings.end(), [&](const ShellWord &setting) {
            return key.match(setting.text).hasMatch();
        });
    };
    return has(candidate) && !has(other);
}

QString wayBackStep()
{
    return QStringLiteral("- if: failure() || cancelled()\n"
                          "  run: |\n"
                          "    ./scripts/weight 0\n"
                          "    helm rollback context --namespace production --wait\n");
}

} // namespace pilothouse
