#include "rollout/act/runsline.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Cancels = RunsLine::Cancels;

/// That one host has nothing to stop says nothing beside another that has.
bool saysNothing(const PreviewRow &row, Cancels cancels)
{
    return row.kind == PreviewRow::Kind::Plain && cancels == Cancels::Nothing;
}

/// One row of many: `row` and `cancels` of each line say the same of the same act.
void join(const QList<RunsLine> &lines, PreviewRow RunsLine::*row, Cancels RunsLine::*cancels,
          RunsLine &all)
{
    const bool something = !std::all_of(lines.cbegin(), lines.cend(), [&](const RunsLine &line) {
        return saysNothing(line.*row, line.*cancels);
    });
    QStringList texts;
    for (const RunsLine &line : lines) {
        const PreviewRow &each = line.*row;
        if (each.text.isEmpty() || texts.contains(each.text)
            || (something && saysNothing(each, line.*cancels)))
            continue;
        texts.append(each.text);
        (all.*row).label = each.label;
        if (each.kind != PreviewRow::Kind::Plain)
            (all.*row).kind = each.kind;
        if (line.*cancels != Cancels::Nothing)
            all.*cancels = line.*cancels;
    }
    (all.*row).text = texts.join(QStringLiteral("; "));
}

PreviewRow oneRow(const QList<PreviewRow> &rows)
{
    PreviewRow one;
    QStringList texts;
    for (const PreviewRow &row : rows) {
        if (row.text.isEmpty() || texts.contains(row.text))
            continue;
        texts.append(row.text);
        one.label = row.label;
        if (row.kind != PreviewRow::Kind::Plain)
            one.kind = row.kind;
    }
    one.text = texts.join(QStringLiteral("; "));
    return one;
}

} // namespace

RunsLine joined(const QList<RunsLine> &lines)
{
    RunsLine all;
    const bool something = !std::all_of(lines.cbegin(), lines.cend(), [](const RunsLine &line) {
        return saysNothing(line.row, line.cancels);
    });
    QList<PreviewRow> beside;
    for (const RunsLine &line : lines) {
        all.stillAble += line.stillAble;
        all.able += line.able;
        if (!something || !saysNothing(line.row, line.cancels))
            beside.append(line.beside);
    }
    join(lines, &RunsLine::row, &RunsLine::cancels, all);
    join(lines, &RunsLine::holdRow, &RunsLine::holdCancels, all);
    all.beside = oneRow(beside);
    return all;
}

} // namespace pilothouse
