#include "pipeline/doctor/trafficweights.h"

#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/helmcommands.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// Program, release or service, and where that is. Empty where the name is not to be told from the
/// value of an option.
QString trafficOf(const ShellCommand &command, const QStringList &verbs)
{
    static const QStringList flags = {QStringLiteral("--install"),
                                      QStringLiteral("-i"),
                                      QStringLiteral("--atomic"),
                                      QStringLiteral("--wait"),
                                      QStringLiteral("--reuse-values"),
                                      QStringLiteral("--reset-then-reuse-values"),
                                      QStringLiteral("--create-namespace"),
                                      QStringLiteral("--cleanup-on-fail"),
                                      QStringLiteral("--quiet"),
                                      QStringLiteral("-q")};
    const QList<ShellWord> words = command.effective();
    qsizetype at = 0;
    while (at < words.size() && !verbs.contains(words[at].text))
        ++at;
    ++at;
    while (at < words.size()
           && (flags.contains(words[at].text) || words[at].text.contains(QLatin1Char('='))))
        ++at;
    if (at >= words.size() || words[at].text.startsWith(QLatin1Char('-')))
        return {};
    QStringList target{command.program, words[at].text};
    for (const char *place :
         {"--namespace", "-n", "--kube-context", "--context", "--region", "--project"}) {
        for (const ShellWord &value : command.values(QLatin1String(place)))
            target.append(value.text);
    }
    return target.join(QLatin1Char(' '));
}

bool setsImage(const QList<ShellWord> &settings)
{
    return std::any_of(settings.begin(), settings.end(), [](const ShellWord &setting) {
        return setting.text.section(QLatin1Char('='), 0, 0).contains(QLatin1String("image"));
    });
}

/// What a command of helm or gcloud gives as weights, as it is written.
QStringList weightsIn(const ShellCommand &command)
{
    QStringList found;
    if (isHelmDeployment(command)) {
        for (const ShellWord &setting : helmSettings(command)) {
            if (startsWithKey(setting, QStringLiteral("canary.weight")))
                found.append(setting.text);
        }
    } else if (command.runs(QStringLiteral("gcloud"), {QStringLiteral("update-traffic")})) {
        for (const char *option : {"--to-revisions", "--to-tags"}) {
            for (const ShellWord &word : command.values(QLatin1String(option))) {
                for (const QString &one : word.text.split(QLatin1Char(',')))
                    found.append(one.section(QLatin1Char('='), -1));
            }
        }
    }
    return found;
}

/// From 50 to 99, or nobody knows before the run.
bool mayBeHalf(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("(^|[^0-9])[5-9][0-9]%?$|\\$"));
    return form.match(text).hasMatch();
}

} // namespace

QList<PlacedWeight> weightsOf(const SceneJob &job)
{
    QList<PlacedWeight> found;
    for (const SceneStep &step : job.steps) {
        for (const ShellCommand &command : step.commands) {
            if (isHelmDeployment(command)) {
                const QString target
                    = trafficOf(command, {QStringLiteral("upgrade"), QStringLiteral("install")});
                const QList<ShellWord> settings = helmSettings(command);
                for (const ShellWord &word : settings) {
                    bool isNumber = false;
                    const int weight = word.text.section(QLatin1Char('='), 1).toInt(&isNumber);
                    if (startsWithKey(word, QStringLiteral("canary.weight")) && isNumber)
                        found.append({&step, word, weight, target});
                    else if (word.text == QLatin1String("canary.enabled=false"))
                        found.append({&step, word, 100, target, !setsImage(settings)});
                }
            }
            if (!command.runs(QStringLiteral("gcloud"), {QStringLiteral("update-traffic")}))
                continue;
            const QString target = trafficOf(command, {QStringLiteral("update-traffic")});
            if (const auto latest = command.option(QStringLiteral("--to-latest")))
                found.append({&step, *latest, 100, target});
            for (const char *option : {"--to-revisions", "--to-tags"}) {
                for (const ShellWord &word : command.values(QLatin1String(option))) {
                    bool isNumber = false;
                    const int weight = word.text.section(QLatin1Char('='), -1).toInt(&isNumber);
                    if (isNumber && !word.text.contains(QLatin1Char(','))
                        && !runsAfterFailure(step))
                        found.append({&step, word, weight, target});
                }
            }
        }
    }
    return found;
}

bool mayShift(const SceneStep &step)
{
    static const QRegularExpression named(QStringLiteral("weight|traffic|canary|shift"),
                                          QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression promotes(QStringLiteral("promote"),
                                             QRegularExpression::CaseInsensitiveOption);
    if (step.action().startsWith(QLatin1String("./")) || named.match(step.action()).hasMatch()
        || !step.input(QStringLiteral("weight")).isEmpty()
        || !step.input(QStringLiteral("traffic")).isEmpty())
        return true;
    return std::any_of(step.commands.begin(), step.commands.end(), [](const ShellCommand &command) {
        const QStringList weights = weightsIn(command);
        if (!weights.isEmpty() || isHelmDeployment(command))
            return std::any_of(weights.begin(), weights.end(), mayBeHalf);
        QStringList words;
        for (const ShellWord &word : command.assignments + command.words)
            words.append(word.text);
        const QString told = words.join(QLatin1Char(' '));
        return promotes.match(told).hasMatch()
               || (named.match(told).hasMatch()
                   && std::any_of(words.begin(), words.end(), mayBeHalf));
    });
}

} // namespace pilothouse
