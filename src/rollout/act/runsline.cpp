#include "rollout/act/runsline.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// That one host has nothing to stop says nothing beside another that has.
bool saysNothing(const RunsLine &line)
{
    return line.row.kind == PreviewRow::Kind::Plain && line.cancels == RunsLine::Cancels::Nothing;
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
    const bool something = !std::all_of(lines.cbegin(), lines.cend(), saysNothing);
    RunsLine all;
    QList<PreviewRow> rows;
    QList<PreviewRow> beside;
    for (const RunsLine &line : lines) {
        all.stillAble += line.stillAble;
        if (something && saysNothing(line))
            continue;
        rows.append(line.row);
        beside.append(line.beside);
        if (line.cancels != RunsLine::Cancels::Nothing)
            all.cancels = line.cancels;
    }
    all.row = oneRow(rows);
    all.beside = oneRow(beside);
    return all;
}

} // namespace pilothouse
