#include "logs/search/linescan.h"

#include "logs/ansi.h"
#include "logs/logline.h"
#include "logs/newlinescan.h"

#include <hs.h>

#include <algorithm>
#include <cstring>

namespace pilothouse {
namespace {

constexpr qsizetype scanPiece = 256 << 10;
constexpr qsizetype longestPiece = 16 << 20;
constexpr qsizetype overlap = 64 << 10;
/// So many matches in one line are waited for before the line is left behind.
constexpr int patience = 8;

/// Bytes without escapes, and where in them something was taken out.
struct Cleaned
{
    const char *bytes = nullptr;
    qsizetype size = 0;
    std::vector<std::pair<qsizetype, qsizetype>> gaps; ///< place in clean bytes, taken out so far

    /// The place in the original; places are asked in ascending order.
    qsizetype original(qsizetype place, size_t &gap) const
    {
        while (gap < gaps.size() && gaps[gap].first <= place)
            ++gap;
        return place + (gap == 0 ? 0 : gaps[gap - 1].second);
    }
};

/// Takes out escapes, and the carriage return before a newline.
void clean(const char *begin, qsizetype size, std::vector<char> &room, Cleaned &out)
{
    out.gaps.clear();
    const char *const end = begin + size;
    const char *control = findControl(begin, end);
    if (control == end) {
        out.bytes = begin;
        out.size = size;
        return;
    }
    if (qsizetype(room.size()) < size)
        room.resize(size_t(size));
    char *to = room.data();
    const char *from = begin;
    qsizetype removed = 0;
    while (control < end) {
        const bool ends = *control == '\r' && (control + 1 == end || control[1] == '\n');
        const qsizetype length = *control == '\x1b' ? escapeLength({control, end}) : ends ? 1 : 0;
        if (length > 0) {
            std::memcpy(to, from, size_t(control - from));
            to += control - from;
            from = control + length;
            removed += length;
            out.gaps.emplace_back(to - room.data(), removed);
        }
        control = findControl(control + std::max<qsizetype>(1, length), end);
    }
    std::memcpy(to, from, size_t(end - from));
    to += end - from;
    out.bytes = room.data();
    out.size = to - room.data();
}

bool isAscii(QByteArrayView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return uchar(c) < 0x80; });
}

/// Searches pieces of whole lines, one after the other.
class PieceScanner
{
public:
    PieceScanner(const LineMatcher &matcher, std::vector<qint64> &lines)
        : m_matcher(matcher), m_lines(lines)
    {
        if (matcher.usesFastPath() && hs_alloc_scratch(matcher.candidates(), &m_scratch) == HS_SUCCESS)
            m_fast = hs_alloc_scratch(matcher.decider(), &m_scratch) == HS_SUCCESS;
    }
    ~PieceScanner() { hs_free_scratch(m_scratch); }
    PieceScanner(const PieceScanner &) = delete;
    PieceScanner &operator=(const PieceScanner &) = delete;

    /// `place` is that of the piece in the file.
    void scan(const LineIndex &index, const char *bytes, qsizetype size, qint64 place)
    {
        clean(bytes, size, m_room, m_clean);
        m_gap = 0;
        const auto found = [&](qsizetype lineBegin) {
            const qint64 line = index.lineAt(place + m_clean.original(lineBegin, m_gap));
            if (m_lines.empty() || m_lines.back() < line)
                m_lines.push_back(line);
        };
        if (!m_fast) {
            eachLine(0, m_clean.size, found);
        } else if (m_matcher.countsCharacters() && !isAscii({m_clean.bytes, m_clean.size})) {
            eachLine(0, m_clean.size, found);
        } else {
            candidates(found);
        }
    }

private:
    [[nodiscard]] qsizetype lineEnd(qsizetype from) const
    {
        const auto *newline = static_cast<const char *>(
            std::memchr(m_clean.bytes + from, '\n', size_t(m_clean.size - from)));
        return newline ? newline - m_clean.bytes : m_clean.size;
    }
    [[nodiscard]] qsizetype lineBegin(qsizetype inside) const
    {
        const auto *newline
            = static_cast<const char *>(memrchr(m_clean.bytes, '\n', size_t(inside)));
        return newline ? newline - m_clean.bytes + 1 : 0;
    }

    bool decide(QByteArrayView line)
    {
        line = line.sliced(stampLength(line));
        if (!m_fast || (m_matcher.countsCharacters() && !isAscii(line)))
            return m_matcher.matchesText(QString::fromUtf8(line));
        bool hit = false;
        hs_scan(
            m_matcher.decider(), line.data(), unsigned(line.size()), 0, m_scratch,
            [](unsigned, unsigned long long, unsigned long long, unsigned, void *context) {
                *static_cast<bool *>(context) = true;
                return 1;
            },
            &hit);
        return hit;
    }

    template <typename Found>
    void eachLine(qsizetype from, qsizetype to, const Found &found)
    {
        while (from < to) {
            const qsizetype end = lineEnd(from);
            if (decide({m_clean.bytes + from, end - from}))
                found(from);
            from = end + 1;
        }
    }

    /// What the scan tells while it runs: lines whose end lies behind what was told before.
    struct Tell
    {
        const PieceScanner *scanner;
        std::vector<qsizetype> *begins;
        qsizetype from = 0;    ///< where the scan began
        qsizetype known = -1;  ///< end of the line told last
        int again = 0;         ///< matches in that line after the first
    };
    static int tell(unsigned, unsigned long long, unsigned long long to, unsigned, void *context)
    {
        auto &told = *static_cast<Tell *>(context);
        // The byte before the end of a match is in its line: none is empty.
        const qsizetype inside = told.from + qsizetype(to) - 1;
        if (inside <= told.known)
            return ++told.again > patience ? 1 : 0;
        const qsizetype begin = told.scanner->lineBegin(inside);
        told.begins->push_back(begin);
        told.known = told.scanner->lineEnd(inside);
        told.again = 0;
        return 0;
    }

    template <typename Found>
    void candidates(const Found &found)
    {
        m_begins.clear();
        Tell told{this, &m_begins};
        while (told.from < m_clean.size) {
            const auto outcome = hs_scan(m_matcher.candidates(), m_clean.bytes + told.from,
                                         unsigned(m_clean.size - told.from), 0, m_scratch,
                                         &PieceScanner::tell, &told);
            if (outcome != HS_SCAN_TERMINATED)
                break;
            told.from = told.known + 1; // the rest of a line that is known already is skipped
        }
        for (const qsizetype begin : m_begins) {
            if (decide({m_clean.bytes + begin, lineEnd(begin) - begin}))
                found(begin);
        }
    }

    const LineMatcher &m_matcher;
    std::vector<qint64> &m_lines;
    hs_scratch_t *m_scratch = nullptr;
    bool m_fast = false;
    std::vector<char> m_room;
    std::vector<qsizetype> m_begins;
    Cleaned m_clean;
    size_t m_gap = 0;
};

} // namespace

std::vector<qint64> matchingLines(const LogText &text, const LineMatcher &matcher, qint64 first,
                                  qint64 last, const std::atomic<bool> *cancelled)
{
    std::vector<qint64> lines;
    PieceScanner scanner(matcher, lines);
    qint64 at = text.index.start(first);
    const qint64 end = text.index.start(std::min(last, text.lineCount()));
    std::vector<char> piece(size_t(std::min<qint64>(scanPiece, std::max<qint64>(1, end - at))));
    qsizetype kept = 0; // bytes at the begin of the piece that were read before
    while (at + kept < end && !(cancelled && *cancelled)) {
        const qint64 read
            = text.file->read(at + kept, piece.data() + kept,
                              std::min<qint64>(qint64(piece.size()) - kept, end - at - kept));
        if (read <= 0)
            break;
        const qsizetype have = kept + read;
        qsizetype whole = have;
        qsizetype next = have; // where the next piece begins
        if (at + have < end) {
            const auto *newline
                = static_cast<const char *>(memrchr(piece.data(), '\n', size_t(have)));
            if (newline) {
                whole = next = newline - piece.data() + 1;
            } else if (have < longestPiece) {
                piece.resize(piece.size() * 2);
                kept = have;
                continue;
            } else {
                next = have - overlap;
            }
        }
        scanner.scan(text.index, piece.data(), whole, at);
        kept = have - next;
        std::memmove(piece.data(), piece.data() + next, size_t(kept));
        at += next;
    }
    return lines;
}

} // namespace pilothouse
