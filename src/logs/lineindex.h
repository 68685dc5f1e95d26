#pragma once

#include <QtGlobal>

#include <memory>
#include <vector>

namespace pilothouse {

/// Where the lines of a growing text begin: four bytes a line, in blocks that each know their own
/// base, so that neither the text nor one line has a limit.
///
/// A copy is a snapshot: it shares the blocks, costs next to nothing, may be read in any thread and
/// does not see what the original takes later. Only one of them may take more.
class LineIndex
{
public:
    /// An index of the bytes from `begin` on; the halves of a text are indexed apart and joined.
    explicit LineIndex(qint64 begin) : m_begin(begin), m_size(begin) {}
    LineIndex() = default;

    /// The next bytes, which begin at `size()`.
    void take(const char *bytes, qsizetype size);
    /// Goes on with an index that began where this one ended.
    void join(LineIndex &&next);

    /// The place after the last byte taken.
    [[nodiscard]] qint64 size() const { return m_size; }
    /// Whole lines, and one more if the last is not ended.
    [[nodiscard]] qint64 lineCount() const;
    /// Whole lines only.
    [[nodiscard]] qint64 endedLines() const { return m_ended; }
    /// First byte of a line; `size()` for the line after the last.
    [[nodiscard]] qint64 start(qint64 line) const;
    /// The line that holds a byte; the last line for places at or behind the end.
    [[nodiscard]] qint64 lineAt(qint64 place) const;
    /// The same, quickly for a place in the line `from` or not far behind it.
    [[nodiscard]] qint64 lineAt(qint64 place, qint64 from) const;

private:
    struct Block
    {
        qint64 base = 0;  ///< added to each entry
        qint64 first = 0; ///< lines ended before this block
        qsizetype used = 0;
        std::shared_ptr<quint32[]> ends; ///< place after the newline of each line
    };
    [[nodiscard]] qint64 end(qint64 ended) const;
    void addBlock(qint64 base);

    qint64 m_begin = 0;
    qint64 m_size = 0;
    qint64 m_ended = 0;
    std::vector<Block> m_blocks;
};

} // namespace pilothouse
