#include "connectors/kubernetes/helm/helmcommand.h"

#include "action/commandline.h"
#include "base/words.h"

#include <array>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

void addPlace(const HelmTarget &target, QStringList &arguments)
{
    arguments << QStringLiteral("--namespace") << target.nameSpace;
    if (!target.context.isEmpty())
        arguments << QStringLiteral("--kube-context") << target.context;
    if (!target.kubeconfig.isEmpty())
        arguments << QStringLiteral("--kubeconfig") << target.kubeconfig;
}

void addConflicts(HelmGeneration generation, HelmConflicts conflicts, QStringList &arguments)
{
    if (generation == HelmGeneration::Four && conflicts == HelmConflicts::Force)
        arguments << QStringLiteral("--force-conflicts");
}

QStringList upgradeBeginning(const HelmTarget &target, const HelmUpgrade &upgrade)
{
    QStringList arguments{QStringLiteral("upgrade"), target.release, target.chart,
                          QStringLiteral("--reuse-values")};
    if (!upgrade.chartVersion.isEmpty() && !isOnDisk(target.chart))
        arguments << QStringLiteral("--version") << upgrade.chartVersion;
    arguments << (upgrade.weight.form == HelmValue::Form::Text ? QStringLiteral("--set-string")
                                                               : QStringLiteral("--set"))
              << QStringLiteral("%1=%2").arg(target.value).arg(upgrade.weight.percent);
    return arguments;
}

/// What helm says, and what that means for whoever asked.
struct Meaning
{
    const char *words;
    ErrorKind kind;
};

constexpr std::array meanings{
    Meaning{"another operation (install/upgrade/rollback) is in progress", ErrorKind::Conflict},
    Meaning{"already exists", ErrorKind::Conflict},
    Meaning{"conflict occurred while applying", ErrorKind::Conflict}, // others own the fields
    Meaning{"cluster unreachable", ErrorKind::Unavailable},
    Meaning{"forbidden", ErrorKind::NotAllowed},
    Meaning{"Unauthorized", ErrorKind::SignedOut},
    Meaning{"has no deployed releases", ErrorKind::NotFound},
    Meaning{"release: not found", ErrorKind::NotFound},
    Meaning{"release has no", ErrorKind::NotFound},
};

} // namespace

bool isOnDisk(const QString &chart)
{
    return chart.startsWith(QLatin1Char('/')) || chart.startsWith(QLatin1Char('.'))
           || chart.endsWith(QLatin1String(".tgz"));
}

Result<HelmGeneration> generationFrom(const QByteArray &version)
{
    const QByteArray text = version.trimmed();
    if (text.startsWith("v3."))
        return HelmGeneration::Three;
    if (text.startsWith("v4."))
        return HelmGeneration::Four;
    return fail(ErrorKind::BadInput,
                Words::tr("This helm is neither of generation 3 nor of 4; it says “%1”. Name "
                          "another one under “program”.")
                    .arg(QString::fromUtf8(text.left(40))));
}

QStringList upgradeArguments(const HelmTarget &target, HelmGeneration generation,
                             const HelmUpgrade &upgrade)
{
    QStringList arguments = upgradeBeginning(target, upgrade);
    if (!upgrade.description.isEmpty())
        arguments << QStringLiteral("--description") << upgrade.description;
    if (upgrade.onFailure == HelmUpgrade::OnFailure::RollBack) {
        arguments << (generation == HelmGeneration::Four ? QStringLiteral("--rollback-on-failure")
                                                         : QStringLiteral("--atomic"))
                  << QStringLiteral("--timeout") << QStringLiteral("%1s").arg(helmWaits);
    }
    addConflicts(generation, upgrade.conflicts, arguments);
    addPlace(target, arguments);
    return arguments;
}

QStringList trialArguments(const HelmTarget &target, HelmGeneration generation,
                           const HelmUpgrade &upgrade)
{
    QStringList arguments = upgradeBeginning(target, upgrade);
    arguments << QStringLiteral("--dry-run=server") << QStringLiteral("--hide-secret")
              << QStringLiteral("--output") << QStringLiteral("json");
    addConflicts(generation, upgrade.conflicts, arguments);
    addPlace(target, arguments);
    return arguments;
}

QStringList rollbackArguments(const HelmTarget &target, HelmGeneration generation, int revision,
                              HelmConflicts conflicts)
{
    QStringList arguments{QStringLiteral("rollback"), target.release, QString::number(revision)};
    addConflicts(generation, conflicts, arguments);
    addPlace(target, arguments);
    return arguments;
}

QStringList historyArguments(const HelmTarget &target)
{
    QStringList arguments{QStringLiteral("history"), target.release};
    addPlace(target, arguments);
    return arguments;
}

QStringList chartArguments(const HelmTarget &target)
{
    return {QStringLiteral("show"), QStringLiteral("chart"), target.chart};
}

Command helmCommand(const HelmTarget &target, const QStringList &arguments)
{
    Command command;
    command.program = target.program;
    command.arguments = arguments;
    for (const QString &name : command.environment.keys()) {
        if (name.startsWith(QLatin1String("HELM_KUBE")) || name == QLatin1String("HELM_DEBUG")
            || name == QLatin1String("HELM_NAMESPACE"))
            command.environment.remove(name);
    }
    command.environment.insert(QStringLiteral("HELM_DRIVER"), QStringLiteral("secret"));
    // The operation and its undoing, each with its wait, and what helm needs besides.
    command.timeout = std::chrono::seconds(2 * helmWaits + 60);
    command.grace = 10s;
    return command;
}

QString shellText(const QString &program, const QStringList &arguments)
{
    QStringList words{shellWord(program)};
    for (const QString &argument : arguments)
        words << shellWord(argument);
    return words.join(QLatin1Char(' '));
}

Error helmFailure(const CommandOutput &output)
{
    QString said = QString::fromUtf8(output.standardError);
    const qsizetype begin = said.lastIndexOf(QLatin1String("Error: "));
    said = begin >= 0 ? said.mid(begin + 7) : said;
    Error error;
    error.kind = ErrorKind::BadInput;
    for (const Meaning &meaning : meanings) {
        if (said.contains(QLatin1String(meaning.words), Qt::CaseInsensitive)) {
            error.kind = meaning.kind;
            break;
        }
    }
    const QString shown = shownDescription(said);
    error.message
        = shown.isEmpty()
              ? Words::tr("helm ended with code %1 and did not say why.").arg(output.exitCode)
              : Words::tr("helm says: %1").arg(shown);
    error.detail = QStringLiteral("helm: exit code %1").arg(output.exitCode);
    return error;
}

} // namespace pilothouse
