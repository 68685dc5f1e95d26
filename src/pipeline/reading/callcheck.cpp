#include "pipeline/reading/callcheck.h"

#include "base/words.h"
#include "document/nearestword.h"

#include <algorithm>

namespace pilothouse {

namespace {

template <typename Declared>
bool declares(const QList<Declared> &all, const QString &key)
{
    return std::any_of(all.begin(), all.end(), [&](const Declared &one) {
        return one.key.compare(key, Qt::CaseInsensitive) == 0;
    });
}

template <typename Declared>
QStringList keysOf(const QList<Declared> &all)
{
    QStringList keys;
    for (const Declared &one : all)
        keys.append(one.key);
    return keys;
}

} // namespace

QList<Problem> checkCall(const QString &callerPath, const WorkflowJob &call, const Workflow &callee)
{
    Problems problems(callerPath);
    const WorkflowTrigger *trigger = callee.trigger(QStringLiteral("workflow_call"));
    if (!trigger)
        return {};
    for (const WorkflowInput &input : trigger->inputs) {
        if (input.isRequired() && !call.with.find(input.key))
            problems.add(call.uses.at, Words::tr("%1 requires the input \"%2\", which \"with\" "
                                                 "does not have")
                                           .arg(callee.path, input.key));
    }
    for (const WorkflowSetting &given : call.with.entries) {
        if (!declares(trigger->inputs, given.key))
            problems.add(given.at, Words::tr("%1 has no input \"%2\"").arg(callee.path, given.key),
                         nearestWord(given.key, keysOf(trigger->inputs)));
    }
    if (call.secrets.inherit.isGiven())
        return problems.list();
    for (const WorkflowCallValue &secret : trigger->secrets) {
        if (secret.isRequired() && !call.secrets.passed.find(secret.key))
            problems.add(call.uses.at, Words::tr("%1 requires the secret \"%2\", which is not "
                                                 "handed over")
                                           .arg(callee.path, secret.key));
    }
    for (const WorkflowSetting &given : call.secrets.passed.entries) {
        if (!declares(trigger->secrets, given.key))
            problems.add(given.at,
                         Words::tr("%1 takes no secret \"%2\"").arg(callee.path, given.key),
                         nearestWord(given.key, keysOf(trigger->secrets)));
    }
    return problems.list();
}

} // namespace pilothouse
