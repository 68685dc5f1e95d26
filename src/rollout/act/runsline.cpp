#include "rollout/act/runsline.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// That one host has nothing to stop says nothing beside another that has.
bool saysNothing(const RunsLine &line)
{
    return line.row.kind == PreviewRow::Kind::Plain && line.cancels == RunsLine::Cancels::Nothing;
}

} // namespace

RunsLine joined(const QList<RunsLine> &lines)
{
    const bool something = !std::all_of(lines.cbegin(), lines.cend(), saysNothing);
    RunsLine all;
    QStringList texts;
    for (const RunsLine &line : lines) {
        all.stillAble += line.stillAble;
        if (line.row.text.isEmpty() || texts.contains(line.row.text)
            || (something && saysNothing(line)))
            continue;
        texts.append(line.row.text);
        all.row.label = line.row.label;
        if (line.row.kind != PreviewRow::Kind::Plain)
            all.row.kind = line.row.kind;
        if (line.cancels != RunsLine::Cancels::Nothing)
            all.cancels = line.cancels;
    }
    all.row.text = texts.join(QStringLiteral("; "));
    return all;
}

} // namespace pilothouse
