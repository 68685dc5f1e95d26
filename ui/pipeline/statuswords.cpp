#include "ui/pipeline/statuswords.h"

#include "base/words.h"

namespace pilothouse {
StatusLook lookOf(const std::optional<RunStatus> &status)
{
    if (!status)
        return {Words::tr("to come"), QStringLiteral("circle-dashed"), Tone::Neutral};
    switch (*status) {
    case RunStatus::Queued:
        return {Words::tr("queued"), QStringLiteral("clock"), Tone::Neutral};
    case RunStatus::Waiting:
        return {Words::tr("waits for a person"), QStringLiteral("hand"), Tone::Waiting};
    case RunStatus::Running:
        return {Words::tr("running"), QStringLiteral("circle-dot"), Tone::Info};
    case RunStatus::Succeeded:
        return {Words::tr("ok"), QStringLiteral("circle-check"), Tone::Success};
    case RunStatus::Failed:
        return {Words::tr("failed"), QStringLiteral("circle-x"), Tone::Danger};
    case RunStatus::Cancelled:
        return {Words::tr("cancelled"), QStringLiteral("ban"), Tone::Neutral};
    case RunStatus::Skipped:
        return {Words::tr("skipped"), QStringLiteral("circle-slash"), Tone::Neutral};
    case RunStatus::TimedOut:
        return {Words::tr("timed out"), QStringLiteral("clock"), Tone::Danger};
    case RunStatus::Neutral:
        return {Words::tr("neutral"), QStringLiteral("minus"), Tone::Neutral};
    case RunStatus::Unknown:
        break;
    }
    return {Words::tr("unknown"), QStringLiteral("circle-question-mark"), Tone::Warning};
}

StatusLook lookOf(const NodeOverlay &node)
{
    if (node.willBeSkipped())
        return {Words::tr("skips"), QStringLiteral("circle-slash"), Tone::Neutral};
    if (node.unread)
        return {Words::tr("no data"), QStringLiteral("circle-question-mark"), Tone::Neutral};
    return lookOf(node.status);
}

QString silenceWords(const SourceState &source)
{
    return source.error ? source.error->message
                        : Words::tr("%1 has not answered since").arg(source.name);
}

} // namespace pilothouse
