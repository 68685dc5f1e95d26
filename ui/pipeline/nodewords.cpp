#include "ui/pipeline/nodewords.h"

#include "base/words.h"
#include "pipeline/doctor/examine.h"
#include "ui/pipeline/problemmodel.h"
#include "ui/pipeline/statuswords.h"
#include "ui/widgets/words.h"

#include <QFontMetrics>

#include <algorithm>

namespace pilothouse {

namespace {

/// A shorter time in the queue is not worth a word on the node.
constexpr std::chrono::seconds longQueue{5};
constexpr qsizetype mostFindings = 3; ///< in a tool tip

/// "2/3" of a matrix or a folded frame, "2/4" of a build's steps.
QString countOf(const GraphNode &node, const NodeOverlay &overlay)
{
    if (node.kind == GraphNode::Kind::Build) {
        const QList<Step> steps = overlay.jobs.isEmpty() ? QList<Step>() : overlay.jobs[0].steps;
        const auto now = std::find_if(steps.begin(), steps.end(), [](const Step &step) {
            return step.status == RunStatus::Running || step.status == RunStatus::Failed;
        });
        return now == steps.end()
                   ? QString()
                   : QStringLiteral("%1/%2").arg(now - steps.begin() + 1).arg(steps.size());
    }
    const int expected = std::max(overlay.expected, node.legCount());
    return expected > 1 ? QStringLiteral("%1/%2").arg(overlay.ended).arg(expected) : QString();
}

/// The step that a build is at, or fell over.
QString stepOf(const GraphNode &node, const NodeOverlay &overlay)
{
    if (node.kind != GraphNode::Kind::Build || overlay.jobs.isEmpty())
        return {};
    for (const Step &step : overlay.jobs.first().steps) {
        if (step.status == RunStatus::Running || step.status == RunStatus::Failed)
            return step.name;
    }
    return {};
}

bool isDynamic(const GraphNode &node, const NodeOverlay &overlay)
{
    return node.legCount() == 0 && overlay.jobs.isEmpty();
}

/// A state that a green tick or a circle says well enough without its word.
bool speaksByItself(const NodeOverlay &overlay)
{
    return overlay.status
           && (*overlay.status == RunStatus::Succeeded || *overlay.status == RunStatus::Skipped
               || *overlay.status == RunStatus::Neutral || *overlay.status == RunStatus::Cancelled
               || *overlay.status == RunStatus::TimedOut);
}

QString joined(std::initializer_list<QString> parts)
{
    QStringList kept;
    for (const QString &part : parts) {
        if (!part.isEmpty())
            kept.append(part);
    }
    return kept.join(QStringLiteral(" · "));
}

/// The condition as it is shown: of a caller's it is said whose it is.
QString conditionWords(const JobOutlook &outlook)
{
    const QString condition = Words::tr("if %1").arg(outlook.condition);
    return outlook.caller.isEmpty()
               ? condition
               : Words::tr("%1 (of %2, which calls it)").arg(condition, outlook.caller);
}

} // namespace

QStringList nodeLines(const GraphNode &node, const NodeOverlay &overlay, const QDateTime &serverNow)
{
    const QString word = lookOf(overlay).word;
    const QString count = countOf(node, overlay);
    const auto elapsed = overlay.elapsed(serverNow);
    const auto queued = overlay.queued(serverNow);
    QStringList forms;
    if (overlay.status == RunStatus::Queued && queued) {
        forms = {joined({count, word, durationText(*queued)}),
                 joined({word, durationText(*queued)}), durationText(*queued)};
    } else if (!elapsed || overlay.status == RunStatus::Skipped) {
        if (isDynamic(node, overlay) && !overlay.willBeSkipped() && !overlay.unread)
            forms = {Words::tr("how many: unknown until it runs"),
                     Words::tr("? jobs · %1").arg(word)};
        forms += {joined({count, word}), word};
        if (overlay.status == RunStatus::Waiting)
            forms += Words::tr("waits");
    } else {
        const QString time = durationText(*elapsed);
        const QString ofUsual = overlay.usual && overlay.status == RunStatus::Running
                                    ? Words::tr("%1 of ~%2").arg(time, durationText(*overlay.usual))
                                    : time;
        const bool waited = queued && *queued >= longQueue;
        const auto withQueue = [&](const QString &taken) {
            return waited ? Words::tr("%1, queued %2").arg(taken, durationText(*queued)) : taken;
        };
        const QString step = stepOf(node, overlay);
        const QString said = !step.isEmpty() ? step : speaksByItself(overlay) ? QString() : word;
        // A word is worth more than any other time where a person is waited for or one must look.
        const bool wordStays
            = overlay.status == RunStatus::Waiting || overlay.status == RunStatus::Failed;
        forms = {joined({count, said, withQueue(ofUsual)})};
        if (waited)
            forms += joined({count, said, withQueue(time)});
        if (waited && wordStays)
            forms += joined({said, withQueue(time)});
        else if (waited && step.isEmpty()) // the step that a build is at is worth more
            forms += joined({count, withQueue(time)});
        forms += joined({count, said, ofUsual});
        if (wordStays)
            forms += joined({said, time});
        if (overlay.status == RunStatus::Waiting)
            forms += joined({Words::tr("waits"), time});
        forms
            += {joined({count, ofUsual}), joined({count, said, time}), joined({count, time}), time};
    }
    forms.removeDuplicates();
    return forms;
}

QString fittingLine(const QStringList &forms, const QFontMetrics &metrics, int width)
{
    for (const QString &form : forms) {
        if (metrics.horizontalAdvance(form) <= width)
            return form;
    }
    return metrics.elidedText(forms.value(forms.size() - 1), Qt::ElideRight, width);
}

QString outlookWords(const NodeOverlay &overlay)
{
    const JobOutlook &outlook = overlay.outlook;
    const bool isOver = overlay.status.has_value();
    if (outlook.runs == Truth::Unknown && !isOver)
        return Words::tr("%1: decided when it runs").arg(conditionWords(outlook));
    if (outlook.runs != Truth::False || (isOver && overlay.status != RunStatus::Skipped))
        return {};
    QString why = conditionWords(outlook);
    if (!outlook.afterFailed.isEmpty())
        why = Words::tr("%1 did not succeed").arg(outlook.afterFailed);
    else if (!outlook.afterSkipped.isEmpty())
        why = Words::tr("%1 is skipped").arg(outlook.afterSkipped);
    return isOver ? Words::tr("skipped: %1").arg(why) : Words::tr("will be skipped: %1").arg(why);
}

QStringList findingLines(const QList<Finding> &findings)
{
    QStringList lines;
    for (const Finding &finding : findings.first(std::min(findings.size(), mostFindings))) {
        const Rule *rule = doctorRule(finding.rule);
        lines << joined(
            {lookOf(finding.severity).word, finding.rule, rule ? rule->title : finding.sentence});
    }
    if (findings.size() > mostFindings)
        lines << Words::tr("and %1 more").arg(findings.size() - mostFindings);
    return lines;
}

QString spokenNode(const GraphNode &node, const NodeOverlay &overlay)
{
    QStringList parts{node.title, lookOf(overlay).word};
    if (const QString step = stepOf(node, overlay); !step.isEmpty())
        parts << Words::tr("step %1: %2").arg(countOf(node, overlay), step);
    if (const QString outlook = outlookWords(overlay); !outlook.isEmpty())
        parts << outlook;
    if (overlay.stale)
        parts << Words::tr("as it was read last");
    return parts.join(QStringLiteral(", "));
}

QString nodeToolTip(const GraphNode &node, const NodeOverlay &overlay, const QDateTime &serverNow)
{
    QStringList lines{spokenNode(node, overlay), nodeLines(node, overlay, serverNow).first()};
    if (const auto queued = overlay.queued(serverNow); queued && overlay.startedAt.isValid())
        lines << Words::tr("queued %1 before it began").arg(durationText(*queued));
    if (overlay.usual)
        lines << Words::tr("usually %1").arg(durationText(*overlay.usual));
    if (!node.job.uses.isEmpty())
        lines << Words::tr("calls %1").arg(node.job.uses.text);
    if (!node.job.environment.isEmpty())
        lines << Words::tr("environment %1").arg(node.job.environment.name.text);
    if (node.kind == GraphNode::Kind::Build)
        lines << Words::tr("a build beside the CI host; a click shows its steps and its log");
    return lines.join(QLatin1Char('\n'));
}

} // namespace pilothouse
