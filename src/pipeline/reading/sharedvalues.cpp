#include "pipeline/reading/sharedvalues.h"

#include "base/words.h"
#include "document/nearestword.h"
#include "pipeline/reading/usesform.h"

#include <QRegularExpression>

namespace pilothouse {

WorkflowPermissions readPermissions(Keys &keys, Problems &problems)
{
    const QString key = QStringLiteral("permissions");
    const YamlNode node = keys.node(key);
    WorkflowPermissions permissions;
    if (node.isMissing())
        return permissions;
    permissions.at = keys.keyAt(key);
    if (node.isMap()) {
        static const QStringList levels{QStringLiteral("read"), QStringLiteral("write"),
                                        QStringLiteral("none")};
        permissions.scopes = keys.settings(key, Scope::None);
        for (const WorkflowSetting &scope : std::as_const(permissions.scopes.entries)) {
            if (scope.value.isGiven() && !levels.contains(scope.value.text))
                problems.add(scope.value.at,
                             Words::tr("\"%1\" is no level of a permission; expected read, write "
                                       "or none")
                                 .arg(scope.value.text),
                             nearestWord(scope.value.text, levels));
        }
        return permissions;
    }
    static const QStringList all{QStringLiteral("read-all"), QStringLiteral("write-all")};
    permissions.all = keys.text(key, Form::Name);
    if (permissions.all.isGiven() && !all.contains(permissions.all.text))
        problems.add(permissions.all.at,
                     Words::tr("expected read-all, write-all or single permissions"),
                     nearestWord(permissions.all.text, all));
    return permissions;
}

WorkflowConcurrency readConcurrency(Keys &keys, Scope scope, Problems &problems)
{
    const QString key = QStringLiteral("concurrency");
    const YamlNode node = keys.node(key);
    WorkflowConcurrency concurrency;
    if (node.isMissing())
        return concurrency;
    concurrency.at = keys.keyAt(key);
    if (!node.isMap()) {
        concurrency.group
            = keys.text(key, scope == Scope::Workflow ? Form::Text : Form::Name, scope);
        return concurrency;
    }
    Keys inner(node, QLatin1Char('"') + key + QLatin1Char('"'), problems);
    concurrency.group = inner.text(QStringLiteral("group"), Form::Name, scope);
    concurrency.cancelInProgress
        = inner.text(QStringLiteral("cancel-in-progress"), Form::Flag, scope);
    concurrency.queue = inner.text(QStringLiteral("queue"), Form::Name, scope);
    if (concurrency.queue.text == QLatin1String("max")
        && concurrency.cancelInProgress.text == QLatin1String("true"))
        problems.add(concurrency.queue.at,
                     Words::tr("\"queue: max\" keeps every run waiting, \"cancel-in-progress: "
                               "true\" ends the one before: only one of them can be"));
    if (!inner.has(QStringLiteral("group")))
        problems.add(concurrency.at, Words::tr("\"concurrency\" has no \"group\""));
    return concurrency;
}

WorkflowDefaults readDefaults(Keys &keys, Scope scope, Problems &problems)
{
    const QString key = QStringLiteral("defaults");
    const YamlNode node = keys.node(key);
    WorkflowDefaults defaults;
    if (node.isMissing())
        return defaults;
    defaults.at = keys.keyAt(key);
    if (!node.isMap()) {
        keys.expected(key, QStringLiteral("\"run\""));
        return defaults;
    }
    Keys outer(node, QLatin1Char('"') + key + QLatin1Char('"'), problems);
    const QString run = QStringLiteral("run");
    const YamlNode body = outer.node(run);
    if (!body.isMissing() && !body.isMap()) {
        if (const WorkflowText text = outer.text(run, Form::Text, scope); !text.isExpression())
            outer.expected(run, Words::tr("\"shell\" or \"working-directory\""));
        return defaults;
    }
    Keys inner(body, Words::tr("the defaults"), problems);
    defaults.shell = inner.text(QStringLiteral("shell"), Form::Name, scope);
    defaults.workingDirectory = inner.text(QStringLiteral("working-directory"), Form::Name, scope);
    return defaults;
}

void warnOfShortCommit(const WorkflowText &uses, Problems &problems)
{
    if (isShortCommit(uses.text))
        problems.add(uses.at,
                     Words::tr("\"%1\" looks like the beginning of a commit, which is taken for a "
                               "branch or a tag: give all 40 digits")
                         .arg(uses.text.section(QLatin1Char('@'), -1)),
                     {}, Problem::Severity::Warning);
}

bool isWorkflowId(const QString &text)
{
    static const QRegularExpression valid(QStringLiteral("^(?!__)[A-Za-z_][A-Za-z0-9_-]{0,98}$"));
    return valid.match(text).hasMatch();
}

} // namespace pilothouse
