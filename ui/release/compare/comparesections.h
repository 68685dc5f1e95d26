#pragma once

#include "release/compare/comparison.h"
#include "ui/widgets/theme.h"

#include <QStringList>

namespace pilothouse {

/// Of every list in the comparison, in pixels.
inline constexpr int compareRowHeight = 28;

/// The parts of a comparison, in the order in which they are listed.
enum class CompareSection {
    Commits,
    TakenBack,
    Changes,
    Values,
    Dependencies,
    Workflows,
    Images,
    Files,
    Notes,
};

/// A line of a section's table.
struct DifferenceRow
{
    QString key; ///< tells it from its neighbours
    QStringList cells;
    QString toolTip;
    Tone tone = Tone::Neutral; ///< Warning: something about it could not be told
    CommitId commit{};         ///< what it is about; empty = no commit

    bool operator==(const DifferenceRow &) const = default;
};

/// What a section shows. Files and Notes have no rows: they are no tables.
struct SectionView
{
    CompareSection section = CompareSection::Commits;
    QString name;
    QString count; ///< "7", "+1"; empty = has none
    QStringList headings;
    QList<DifferenceRow> rows;
    int wide = 0;     ///< the column that takes what is left of the width
    QList<int> code;  ///< columns of hashes, paths and values
    QString whyEmpty; ///< said where rows would stand
};

/// Without commits on a side that has none by its nature: a newer one takes nothing back.
[[nodiscard]] QList<SectionView> sectionsOf(const Comparison &comparison);

} // namespace pilothouse
