#include "pipeline/outlook/outlook.h"

#include "pipeline/expression/textparts.h"
#include "pipeline/expression/tree.h"
#include "pipeline/outlook/runfacts.h"
#include "pipeline/reading/plancontext.h"

#include <algorithm>
#include <map>

namespace pilothouse {

namespace {

/// What a job has come to, as `needs` tells it to those behind.
enum class JobResult { Unknown, Success, Failure, Cancelled, Skipped };

/// What all jobs before one have come to, by `needs`. Titles are those of the first; empty = none.
struct Before
{
    QString failed;
    QString cancelled;
    QString skipped;
    bool isOpen = false; ///< of one it is not known
};

/// A job or a call, among those of its frame.
struct Member
{
    QString title;
    const WorkflowJob *job = nullptr;
    const GraphNode *node = nullptr;   ///< of a job
    const GraphFrame *frame = nullptr; ///< of a call
    JobOutlook outlook{};
    JobResult result = JobResult::Unknown;
    Before before{};
    enum class Stage { Open, UnderWay, Done } stage = Stage::Open;
};

using Members = std::map<QString, Member>; // by key; places stay

bool asksForStatusIn(const QString &condition)
{
    const auto parts = partsOf(condition);
    if (!parts)
        return false;
    return std::any_of(parts->begin(), parts->end(), [&](const TextPart &part) {
        const bool isBare = parts->size() == 1 && part.kind == TextPart::Kind::Text;
        if (part.kind != TextPart::Kind::Expression && !isBare)
            return false;
        const auto node = parseExpression(part.text.trimmed());
        return node && asksForStatus(*node);
    });
}

QString wordOf(JobResult result)
{
    switch (result) {
    case JobResult::Success:
        return QStringLiteral("success");
    case JobResult::Failure:
        return QStringLiteral("failure");
    case JobResult::Cancelled:
        return QStringLiteral("cancelled");
    case JobResult::Skipped:
        return QStringLiteral("skipped");
    case JobResult::Unknown:
        break;
    }
    return {};
}

class Foreteller
{
public:
    Foreteller(const Graph &graph, const Overlay &overlay) : m_graph(graph), m_overlay(overlay)
    {
        for (const GraphNode &node : graph.nodes)
            m_nodes.insert(node.id, &node);
    }

    QHash<NodeId, JobOutlook> tell()
    {
        for (const GraphFrame &frame : m_graph.frames) {
            if (!frame.caller.value.isEmpty())
                continue;
            const auto run = m_overlay.runs.constFind(frame.path);
            const Run *shown = run == m_overlay.runs.constEnd() ? nullptr : &*run;
            QList<ExpressionContext> contexts = contextsOf(frame.workflow, frame.triggers, shown);
            for (ExpressionContext &context : contexts)
                context.run = shown && hasEnded(shown->status) ? ExpressionContext::Run::Settled
                                                               : ExpressionContext::Run::GoesOn;
            tellFrame(frame, contexts, {});
        }
        return m_outlooks;
    }

private:
    JobResult tellFrame(const GraphFrame &frame, const QList<ExpressionContext> &contexts,
                        const JobOutlook &inherited);
    void tellMember(Members &members, Member &member, const QList<ExpressionContext> &contexts,
                    const JobOutlook &inherited);
    static JobOutlook foresee(const Members &members, const Member &member,
                              QList<ExpressionContext> contexts);
    [[nodiscard]] JobResult resultOf(const Member &member) const;

    const Graph &m_graph;
    const Overlay &m_overlay;
    QHash<NodeId, const GraphNode *> m_nodes;
    QHash<NodeId, JobOutlook> m_outlooks;
};

void noteFirst(QString &first, const QString &title)
{
    if (first.isEmpty())
        first = title;
}

/// Of the jobs that this one waits for, and of those that they waited for.
Before allBefore(const Members &members, const Member &member)
{
    Before all;
    for (const WorkflowReference &need : member.job->needs) {
        const auto found = members.find(need.name);
        if (found == members.end())
            continue;
        const Member &each = found->second;
        noteFirst(all.failed, each.before.failed);
        noteFirst(all.cancelled, each.before.cancelled);
        noteFirst(all.skipped, each.before.skipped);
        all.isOpen = all.isOpen || each.before.isOpen || each.result == JobResult::Unknown;
        if (each.result == JobResult::Failure)
            noteFirst(all.failed, each.title);
        else if (each.result == JobResult::Cancelled)
            noteFirst(all.cancelled, each.title);
        else if (each.result == JobResult::Skipped)
            noteFirst(all.skipped, each.title);
    }
    return all;
}

ExpressionContext::Status statusAfter(const Before &before)
{
    using Status = ExpressionContext::Status;
    if (!before.failed.isEmpty())
        return Status::Failure;
    if (before.isOpen || !before.cancelled.isEmpty())
        return Status::Unknown;
    return before.skipped.isEmpty() ? Status::Success : Status::Skipped;
}

ExpressionValue needsOf(const Members &members, const Member &member)
{
    MapValue needs;
    for (const WorkflowReference &need : member.job->needs) {
        const auto found = members.find(need.name);
        const JobResult result = found == members.end() ? JobResult::Unknown : found->second.result;
        MapValue facts;
        facts.rest = MapValue::Rest::Unknown;
        if (result != JobResult::Unknown)
            facts.entries.append({QStringLiteral("result"), {wordOf(result)}});
        needs.entries.append({need.name, {facts}});
    }
    // `needs.*.result` asks for each: as long as one is unknown, so is the whole.
    return {needs};
}

/// What holds in every context.
Truth inAll(const QString &condition, const QList<ExpressionContext> &contexts)
{
    const Truth first = conditionHolds(condition, contexts.first());
    return std::all_of(contexts.begin(), contexts.end(),
                       [&](const ExpressionContext &context) {
                           return conditionHolds(condition, context) == first;
                       })
               ? first
               : Truth::Unknown;
}

JobOutlook Foreteller::foresee(const Members &members, const Member &member,
                               QList<ExpressionContext> contexts)
{
    const Before &before = member.before;
    JobOutlook outlook;
    if (!member.job->condition.isEmpty()) {
        const ExpressionValue needs = needsOf(members, member);
        for (ExpressionContext &context : contexts) {
            context.set(QStringLiteral("needs"), needs);
            context.status = statusAfter(before);
        }
        outlook.condition = member.job->condition.text.simplified();
        outlook.runs = inAll(member.job->condition.text, contexts);
        if (outlook.runs == Truth::False || asksForStatusIn(member.job->condition.text))
            return outlook;
    }
    // The host puts "success() &&" before what does not ask for a status itself.
    const QString &failed = before.failed.isEmpty() ? before.cancelled : before.failed;
    if (failed.isEmpty() && before.skipped.isEmpty())
        return outlook;
    JobOutlook skips;
    skips.runs = Truth::False;
    (failed.isEmpty() ? skips.afterSkipped : skips.afterFailed)
        = failed.isEmpty() ? before.skipped : failed;
    return skips;
}

JobResult Foreteller::resultOf(const Member &member) const
{
    const NodeOverlay *state = m_overlay.of(member.node->id);
    if (!state || !state->status)
        return member.outlook.runs == Truth::False ? JobResult::Skipped : JobResult::Unknown;
    const QString mayFail = member.job->continueOnError.text;
    const bool forgiven = !mayFail.isEmpty() && mayFail != QLatin1String("false");
    if (*state->status == RunStatus::Failed)
        return forgiven ? JobResult::Unknown : JobResult::Failure;
    if (!hasEnded(*state->status) || state->ended < state->expected)
        return JobResult::Unknown;
    switch (*state->status) {
    case RunStatus::Succeeded:
    case RunStatus::Neutral:
        return JobResult::Success;
    case RunStatus::Cancelled:
        return JobResult::Cancelled;
    case RunStatus::Skipped:
        return JobResult::Skipped;
    default: // a job that ran out of time is reported in more than one way
        return JobResult::Unknown;
    }
}

void Foreteller::tellMember(Members &members, Member &member,
                            const QList<ExpressionContext> &contexts, const JobOutlook &inherited)
{
    member.before = allBefore(members, member);
    member.outlook = foresee(members, member, contexts);
    const bool isDecidedBefore
        = inherited.runs == Truth::False
          || (inherited.runs == Truth::Unknown && member.outlook.runs != Truth::False);
    if (isDecidedBefore)
        member.outlook = inherited;
    if (member.node) {
        m_outlooks.insert(member.node->id, member.outlook);
        member.result = resultOf(member);
    } else {
        JobOutlook handed = member.outlook;
        if (!isDecidedBefore && !handed.condition.isEmpty())
            handed.caller = member.title;
        if (handed.runs == Truth::True)
            handed = {}; // a condition that holds is nothing to its jobs
        QList<ExpressionContext> inside;
        for (const ExpressionContext &context : contexts)
            inside.append(contextOfCall(context, *member.job, member.frame->triggers));
        member.result = tellFrame(*member.frame, inside, handed);
    }
    member.stage = Member::Stage::Done;
}

JobResult Foreteller::tellFrame(const GraphFrame &frame, const QList<ExpressionContext> &contexts,
                                const JobOutlook &inherited)
{
    Members members;
    for (const NodeId &id : frame.nodes) {
        const GraphNode *node = m_nodes.value(id);
        if (node && node->kind == GraphNode::Kind::Job)
            members[node->job.key] = {node->title, &node->job, node, nullptr};
    }
    for (const GraphFrame &inner : m_graph.frames) {
        if (inner.parent == frame.id && !inner.caller.value.isEmpty())
            members[inner.job.key] = {inner.title, &inner.job, nullptr, &inner};
    }
    for (auto &[key, member] : members) {
        // A chain of needs may be longer than the stack of calls is deep.
        QList<Member *> open{&member};
        while (!open.isEmpty()) {
            Member &next = *open.last();
            if (next.stage == Member::Stage::Open) {
                next.stage = Member::Stage::UnderWay;
                for (const WorkflowReference &need : next.job->needs) {
                    const auto found = members.find(need.name);
                    if (found != members.end() && found->second.stage == Member::Stage::Open)
                        open.append(&found->second);
                }
                continue;
            }
            open.removeLast();
            if (next.stage == Member::Stage::UnderWay)
                tellMember(members, next, contexts, inherited);
        }
    }

    const auto all = [&](JobResult result) {
        return std::all_of(members.begin(), members.end(),
                           [&](const auto &each) { return each.second.result == result; });
    };
    if (inherited.runs == Truth::False || (!members.empty() && all(JobResult::Skipped)))
        return JobResult::Skipped;
    if (std::any_of(members.begin(), members.end(),
                    [](const auto &each) { return each.second.result == JobResult::Failure; }))
        return JobResult::Failure;
    return all(JobResult::Success) ? JobResult::Success : JobResult::Unknown;
}

} // namespace

QHash<NodeId, JobOutlook> outlooksOf(const Graph &graph, const Overlay &overlay)
{
    return Foreteller(graph, overlay).tell();
}

} // namespace pilothouse
