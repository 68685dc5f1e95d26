#pragma once

#include "logs/lineset.h"
#include "logs/logmarks.h"

#include <set>

namespace pilothouse {

/// Which lines of a log are shown, in order: all, or those with hits and some around them, without
/// what is folded.
class LogRows
{
public:
    struct Source
    {
        qint64 lineCount = 0;
        const LineSet *hits = nullptr; ///< null = no filter
        int context = 0;               ///< lines around a hit
        const std::vector<Fold> *folds = nullptr;
        const std::set<qint64> *folded = nullptr; ///< first lines of the groups that are folded
    };

    /// Computes everything anew.
    void rebuild(const Source &source);
    /// The same source has more lines or hits behind those that were there.
    void grow(const Source &source);

    [[nodiscard]] qint64 count() const { return m_plain ? m_lineCount : qint64(m_lines.size()); }
    /// The line of a row; -1 if there are fewer rows.
    [[nodiscard]] qint64 lineOf(qint64 row) const;
    /// The row of a line, of the last shown one before it if it is hidden; 0 if there is none.
    [[nodiscard]] qint64 rowOf(qint64 line) const;
    [[nodiscard]] bool isShown(qint64 line) const;

private:
    void add(qint64 first, qint64 last, const Source &source);

    bool m_plain = true; ///< all lines: nothing is stored
    qint64 m_lineCount = 0;
    LineSet m_lines;
};

} // namespace pilothouse
