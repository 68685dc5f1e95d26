#include "logs/lineindex.h"

#include "logs/newlinescan.h"

#include <algorithm>
#include <limits>

#include <sys/mman.h>

namespace pilothouse {
namespace {

constexpr qsizetype blockLines = 1 << 16;
/// Bytes of a block's text: entries are 32 bits wide.
constexpr qint64 blockSpan = std::numeric_limits<quint32>::max();

/// From the system and back to it: pages that no line needs are never touched, and what a closed
/// log had is not kept by the heap of the thread that read it.
std::shared_ptr<quint32[]> newBlock()
{
    constexpr size_t bytes = size_t(blockLines) * sizeof(quint32);
    void *const memory
        = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        qBadAlloc();
    return {static_cast<quint32 *>(memory), [](quint32 *old) {
                ::munmap(old, bytes);
            }};
}

} // namespace

void LineIndex::addBlock(qint64 base)
{
    m_blocks.push_back({base, m_ended, 0, newBlock()});
}

void LineIndex::take(const char *bytes, qsizetype size)
{
    static const NewlineScan scan = fastestNewlineScan();
    while (size > 0) {
        const bool fits = !m_blocks.empty() && blockLines - m_blocks.back().used > newlineSlack
                          && m_size - m_blocks.back().base + size <= blockSpan;
        if (!fits)
            addBlock(m_size);
        Block &block = m_blocks.back();
        const auto part
            = scan(bytes, std::min<qsizetype>(size, 1 << 30), quint32(m_size - block.base),
                   block.ends.get() + block.used, blockLines - block.used);
        block.used += part.found;
        m_ended += part.found;
        m_size += part.bytes;
        bytes += part.bytes;
        size -= part.bytes;
    }
}

void LineIndex::join(LineIndex &&next)
{
    Q_ASSERT(next.m_begin == m_size);
    for (Block &block : next.m_blocks) {
        block.first += m_ended;
        if (block.used > 0)
            m_blocks.push_back(std::move(block));
    }
    m_ended += next.m_ended;
    m_size = next.m_size;
}

qint64 LineIndex::end(qint64 ended) const
{
    // All blocks but a few are full: the guess is nearly always right.
    auto block
        = m_blocks.begin() + std::min<qint64>(ended / blockLines, qint64(m_blocks.size()) - 1);
    while (ended >= block->first + block->used)
        ++block;
    while (ended < block->first)
        --block;
    return block->base + block->ends[ended - block->first];
}

qint64 LineIndex::lineCount() const
{
    const qint64 open = m_ended == 0 ? m_begin : end(m_ended - 1);
    return open < m_size ? m_ended + 1 : m_ended;
}

qint64 LineIndex::start(qint64 line) const
{
    if (line <= 0)
        return m_begin;
    return line <= m_ended ? end(line - 1) : m_size;
}

qint64 LineIndex::lineAt(qint64 place) const
{
    // The number of lines that end at or before the place. A block's lines end behind its base.
    auto block = std::upper_bound(m_blocks.begin(), m_blocks.end(), place,
                                  [](qint64 value, const Block &b) { return value < b.base; });
    if (block == m_blocks.begin())
        return 0;
    --block;
    const quint32 *begin = block->ends.get();
    const quint32 *last = begin + block->used;
    const qint64 inside = place - block->base;
    const auto *hit = std::upper_bound(
        begin, last, inside, [](qint64 value, quint32 entry) { return value < qint64(entry); });
    const qint64 line = block->first + (hit - begin);
    return std::min(line, std::max<qint64>(0, lineCount() - 1));
}

qint64 LineIndex::lineAt(qint64 place, qint64 from) const
{
    if (from < 0 || from >= m_ended || place < start(from))
        return lineAt(place);
    // A guess by the mean length of a line, then steps that double, then the half of what is left.
    const qint64 bytes = std::max<qint64>(1, m_size - m_begin);
    const double lines = double(place - start(from)) / double(bytes) * double(m_ended);
    qint64 ended = std::min(from + qint64(lines), m_ended); // so many lines end there
    qint64 last = m_ended + 1;                              // not so many do
    const auto endThere = [&](qint64 count) {
        return count <= from || end(count - 1) <= place;
    };
    qint64 step = 1;
    if (endThere(ended)) {
        for (; ended + step <= m_ended && endThere(ended + step); step *= 2)
            ended += step;
        last = std::min(ended + step, last);
    } else {
        for (; !endThere(ended); step *= 2) {
            last = ended;
            ended = std::max(from, ended - step);
        }
    }
    while (last - ended > 1) {
        const qint64 middle = ended + (last - ended) / 2;
        (endThere(middle) ? ended : last) = middle;
    }
    return std::min(ended, std::max<qint64>(0, lineCount() - 1));
}

} // namespace pilothouse
