#include "pipeline/reading/stepreader.h"

#include "base/words.h"
#include "pipeline/reading/keys.h"
#include "pipeline/reading/sharedvalues.h"
#include "pipeline/reading/usesform.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {

namespace {

/// Steps that neither run nor use anything (they wait for others, or group them): newer than most.
const QStringList &otherWork()
{
    static const QStringList keys{QStringLiteral("parallel"), QStringLiteral("wait"),
                                  QStringLiteral("wait-all"), QStringLiteral("cancel")};
    return keys;
}

void refuseTogether(const YamlNode &node, const QString &one, const QStringList &others,
                    Problems &problems)
{
    if (!node.contains(one))
        return;
    for (const QString &other : others) {
        if (node.contains(other))
            problems.add(node.keyAt(other),
                         Words::tr("a step with \"%1\" cannot have \"%2\"").arg(one, other));
    }
}

WorkflowStep readStep(const YamlNode &node, Problems &problems)
{
    Keys keys(node, Words::tr("a step"), problems);
    WorkflowStep step;
    step.at = node.at();
    step.id = keys.text(QStringLiteral("id"), Form::Name);
    step.name = keys.text(QStringLiteral("name"), Form::Text, Scope::Step);
    step.uses = keys.text(QStringLiteral("uses"), Form::Name);
    const QString mistake = step.uses.isEmpty() ? QString() : stepUsesMistake(step.uses.text);
    if (!mistake.isEmpty())
        problems.add(step.uses.at, mistake);
    warnOfShortCommit(step.uses, problems);
    step.run = keys.text(QStringLiteral("run"), Form::Text, Scope::Step);
    step.condition = keys.condition(Scope::StepIf);
    step.continueOnError = keys.text(QStringLiteral("continue-on-error"), Form::Flag, Scope::Step);
    step.timeoutMinutes = keys.text(QStringLiteral("timeout-minutes"), Form::Number, Scope::Step);
    step.shell = keys.text(QStringLiteral("shell"), Form::Name);
    step.workingDirectory = keys.text(QStringLiteral("working-directory"), Form::Text, Scope::Step);
    step.with = keys.settings(QStringLiteral("with"), Scope::Step, Scope::Step);
    step.env = keys.settings(QStringLiteral("env"), Scope::Step, Scope::Step);

    refuseTogether(
        node, QStringLiteral("uses"),
        {QStringLiteral("run"), QStringLiteral("shell"), QStringLiteral("working-directory")},
        problems);
    if (!node.contains(u"uses"))
        refuseTogether(node, QStringLiteral("run"), {QStringLiteral("with")}, problems);
    const bool works = node.contains(u"uses") || node.contains(u"run")
                       || std::any_of(otherWork().begin(), otherWork().end(),
                                      [&](const QString &key) { return node.contains(key); });
    if (!works)
        keys.reportUnlessNew(node.at(), Words::tr("this step has neither \"uses\" nor \"run\""),
                             keys.newKey(otherWork() + QStringList{QStringLiteral("background")}));
    return step;
}

} // namespace

QList<WorkflowStep> readSteps(const YamlNode &list, Problems &problems)
{
    QList<WorkflowStep> steps;
    QHash<QString, int> lines;
    for (const YamlNode &node : list.items()) {
        if (!node.isMap()) {
            problems.add(node.at(), Words::tr("expected a step with \"uses\" or \"run\""));
            continue;
        }
        const WorkflowStep step = readStep(node, problems);
        steps.append(step);
        if (step.id.isEmpty())
            continue;
        if (!isWorkflowId(step.id.text))
            problems.add(step.id.at,
                         Words::tr("\"%1\" cannot be the id of a step: use letters, digits, - and "
                                   "_, beginning with a letter or one _")
                             .arg(step.id.text));
        else if (lines.contains(step.id.text))
            problems.add(step.id.at, Words::tr("the step in line %1 has the id \"%2\" already")
                                         .arg(lines.value(step.id.text))
                                         .arg(step.id.text));
        else
            lines.insert(step.id.text, step.id.at.line);
    }
    return steps;
}

} // namespace pilothouse
