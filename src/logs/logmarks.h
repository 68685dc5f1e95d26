#pragma once

#include "logs/ansi.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace pilothouse {

/// A group of lines: "##[group]" to "##[endgroup]".
struct Fold
{
    qint64 first = 0; ///< the line that names the group; stays visible
    qint64 last = -1; ///< the line that ends it; -1 while it is open

    bool operator==(const Fold &) const = default;
};

/// A line by which Cloud Build begins a step: "Starting Step #2".
struct BuildMark
{
    static constexpr int whole = -1; ///< "BUILD": the begin of a build that has a single step

    qint64 line = 0;
    int step = whole; ///< from 0

    bool operator==(const BuildMark &) const = default;
};

/// What one reading of a log notes about it: where groups are, which colour holds at every so many
/// lines, and what was wrong with its bytes.
class LogMarks
{
public:
    /// Lines from one checkpoint of the colour to the next.
    static constexpr qint64 checkpointLines = 512;
    struct Checkpoint
    {
        qint64 line = 0;
        AnsiStyle style;
    };

    /// The next bytes of the log; they may end inside a line.
    void take(QByteArrayView bytes);

    /// By first line. GitHub's groups do not nest: a new one ends the one before.
    [[nodiscard]] const std::vector<Fold> &folds() const { return m_folds; }
    /// The group that begins with this line, or that holds it.
    [[nodiscard]] std::optional<Fold> foldAt(qint64 line) const;
    [[nodiscard]] std::optional<Fold> foldAround(qint64 line) const;
    /// In the order of their lines; they mean something only in a log of Cloud Build.
    [[nodiscard]] const std::vector<BuildMark> &buildMarks() const { return m_buildMarks; }
    /// The nearest checkpoint at or before a line.
    [[nodiscard]] Checkpoint before(qint64 line) const;
    /// Sequences that are no UTF-8.
    [[nodiscard]] qint64 invalidSequences() const { return m_invalid + (m_cut.isEmpty() ? 0 : 1); }
    [[nodiscard]] qint64 zeroBytes() const { return m_zeros; }

private:
    void readBegin(QByteArrayView line);
    void readBuildMark(QByteArrayView line);
    void countInvalid(QByteArrayView bytes);

    std::vector<AnsiStyle> m_styles; ///< before the lines 0, 512, 1024 …
    std::vector<Fold> m_folds;
    std::vector<BuildMark> m_buildMarks;
    QByteArray m_begun; ///< the begin of a line that is not ended, as far as a marker may reach
    QByteArray m_cut;   ///< the begin of a character whose rest has not come
    AnsiStyle m_style;
    qint64 m_lines = 0; ///< ended so far
    qint64 m_invalid = 0;
    qint64 m_zeros = 0;
    bool m_inside = false; ///< of a line
};

} // namespace pilothouse
