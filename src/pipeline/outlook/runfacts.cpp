#include "pipeline/outlook/runfacts.h"

#include "pipeline/reading/plancontext.h"

#include <algorithm>

namespace pilothouse {

namespace {

const QString branchRefs = QStringLiteral("refs/heads/");
const QString tagRefs = QStringLiteral("refs/tags/");
const QString pullRefs = QStringLiteral("refs/pull/");

ExpressionValue beginningWith(const QString &beginning)
{
    return {ExpressionValue::Unknown{Truth::True, beginning}};
}

/// Where `ref` of a run with this event stands, without the name behind; empty = not known.
QStringList refsOf(const QString &event, const QList<WorkflowTrigger> &triggers)
{
    if (event == QLatin1String("schedule"))
        return {branchRefs};
    if (event == QLatin1String("release"))
        return {tagRefs};
    if (event == QLatin1String("workflow_dispatch"))
        return {branchRefs, tagRefs};
    if (event != QLatin1String("push"))
        return {};
    const auto push
        = std::find_if(triggers.begin(), triggers.end(),
                       [&](const WorkflowTrigger &trigger) { return trigger.event == event; });
    if (push == triggers.end())
        return {branchRefs, tagRefs};
    // With a filter for the one only, the other never starts it.
    const bool ofBranches = push->branches.isGiven() || push->branchesIgnore.isGiven();
    const bool ofTags = push->tags.isGiven() || push->tagsIgnore.isGiven();
    if (ofBranches != ofTags)
        return {ofBranches ? branchRefs : tagRefs};
    return {branchRefs, tagRefs};
}

void addFacts(MapValue &github, const Run &run)
{
    const auto add = [&](const char *name, const ExpressionValue &value) {
        const QString key = QString::fromLatin1(name);
        github.entries.removeIf([&](const auto &entry) { return entry.first == key; });
        github.entries.append({key, value});
    };
    add("event_name", {run.event});
    add("run_id", {QString::number(run.id.value)});
    add("run_attempt", {QString::number(run.attempt)});
    // Of a later attempt the host tells who started that one.
    if (run.attempt == 1 && !run.actor.isEmpty())
        add("actor", {run.actor});
    if (run.event == QLatin1String("pull_request")) {
        add("ref", beginningWith(pullRefs));
        if (!run.branch.isEmpty())
            add("head_ref", {run.branch});
    } else if (run.event == QLatin1String("pull_request_target")) {
        add("ref", beginningWith(branchRefs));
    } else if (run.event == QLatin1String("push") || run.event == QLatin1String("schedule")
               || run.event == QLatin1String("workflow_dispatch")) {
        add("head_ref", {QString()});
        add("base_ref", {QString()});
        add("sha", {run.commit.value});
    }
}

void addRef(MapValue &github, const QString &refs, const QString &name)
{
    github.entries.append({QStringLiteral("ref"), {refs + name}});
    github.entries.append({QStringLiteral("ref_name"), {name}});
    github.entries.append({QStringLiteral("ref_type"),
                           {refs == tagRefs ? QStringLiteral("tag") : QStringLiteral("branch")}});
}

} // namespace

QList<ExpressionContext> contextsOf(const QString &workflowName,
                                    const QList<WorkflowTrigger> &triggers, const Run *run)
{
    const ExpressionContext planned = contextOf(workflowName, triggers);
    if (!run || run->event.isEmpty())
        return {planned};
    MapValue github;
    github.rest = MapValue::Rest::Unknown;
    github.entries.append({QStringLiteral("workflow"), {workflowName}});
    addFacts(github, *run);
    QList<ExpressionContext> contexts;
    const auto add = [&](const MapValue &facts) {
        ExpressionContext context = planned;
        context.set(QStringLiteral("github"), {facts});
        contexts.append(context);
    };
    const QStringList refs = run->branch.isEmpty() ? QStringList() : refsOf(run->event, triggers);
    for (const QString &each : refs) {
        MapValue facts = github;
        addRef(facts, each, run->branch);
        add(facts);
    }
    if (refs.isEmpty())
        add(github);
    return contexts;
}

} // namespace pilothouse
