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
constexpr qsizetype copySlack = 32;
/// So many matches in one line are waited for before the line is left behind.
constexpr int patience = 8;

bool isAscii(QByteArrayView bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) { return uchar(c) < 0x80; });
}

} // namespace

/// Searches pieces of whole lines, one after the other.
class LineScanner::PieceScanner
{
    /// Memory that is not set to anything: pages that are not needed are never touched.
    template <typename T>
    class Room
    {
    public:
        T *atLeast(qsizetype size)
        {
            if (m_size < size) {
                m_memory.reset(new T[size_t(size)]);
                m_size = size;
            }
            return m_memory.get();
        }
        [[nodiscard]] T *get() const { return m_memory.get(); }

    private:
        std::unique_ptr<T[]> m_memory;
        qsizetype m_size = 0;
    };

    /// A line with something in it that is not searched, and where it stands without that.
    struct CleanedLine
    {
        qsizetype original; ///< its begin in the piece
        qsizetype begin;    ///< its begin among the cleaned lines
    };

public:
    explicit PieceScanner(const LineMatcher &matcher) : m_matcher(matcher)
    {
        if (matcher.usesFastPath()
            && hs_alloc_scratch(matcher.candidates(), &m_scratch) == HS_SUCCESS)
            m_fast = hs_alloc_scratch(matcher.decider(), &m_scratch) == HS_SUCCESS;
    }
    ~PieceScanner() { hs_free_scratch(m_scratch); }
    PieceScanner(const PieceScanner &) = delete;
    PieceScanner &operator=(const PieceScanner &) = delete;

    /// `place` is that of the piece in the file.
    void scan(const LineIndex &index, const char *bytes, qsizetype size, qint64 place,
              std::vector<qint64> &lines)
    {
        cleanLines(bytes, size);
        m_found.clear();
        const QByteArrayView cleaned(m_room.get(), m_cleanedSize);
        if (m_fast && !(m_matcher.countsCharacters() && !isAscii({bytes, size}))) {
            candidates({bytes, size}, [&](qsizetype begin, QByteArrayView line) {
                if (cleanedAt(begin) == m_lineCount && decideAsItIs(line))
                    m_found.push_back(begin);
            });
            candidates(cleaned, [&](qsizetype begin, QByteArrayView line) {
                if (decide(line))
                    m_found.push_back(originalOf(begin));
            });
        } else {
            size_t next = 0;
            eachLine({bytes, size}, [&](qsizetype begin, QByteArrayView line) {
                if (next < m_lineCount && m_cleaned.get()[next].original == begin) {
                    const qsizetype from = m_cleaned.get()[next].begin;
                    line = cleaned.sliced(from, lineEnd(cleaned, from) - from);
                    ++next;
                }
                if (decideAsItIs(line))
                    m_found.push_back(begin);
            });
        }
        std::sort(m_found.begin(), m_found.end());
        for (const qsizetype begin : m_found) {
            const qint64 line = lines.empty() ? index.lineAt(place + begin)
                                              : index.lineAt(place + begin, lines.back());
            if (lines.empty() || lines.back() < line)
                lines.push_back(line);
        }
    }

private:
    static qsizetype lineEnd(QByteArrayView text, qsizetype from)
    {
        const auto *newline = static_cast<const char *>(
            std::memchr(text.data() + from, '\n', size_t(text.size() - from)));
        return newline ? newline - text.data() : text.size();
    }
    static qsizetype lineBegin(QByteArrayView text, qsizetype inside)
    {
        const auto *newline = static_cast<const char *>(memrchr(text.data(), '\n', size_t(inside)));
        return newline ? newline - text.data() + 1 : 0;
    }

    /// The index of the cleaned line that stands for this one; `m_lineCount` if none does.
    [[nodiscard]] size_t cleanedAt(qsizetype original) const
    {
        const CleanedLine *const begin = m_cleaned.get();
        const CleanedLine *const end = begin + m_lineCount;
        const CleanedLine *const line
            = std::lower_bound(begin, end, original, [](const CleanedLine &c, qsizetype value) {
                  return c.original < value;
              });
        return line != end && line->original == original ? size_t(line - begin) : m_lineCount;
    }
    [[nodiscard]] qsizetype originalOf(qsizetype begin) const
    {
        const CleanedLine *const first = m_cleaned.get();
        return std::prev(std::upper_bound(
                             first, first + m_lineCount, begin,
                             [](qsizetype value, const CleanedLine &c) { return value < c.begin; }))
            ->original;
    }

    /// The place behind an escape, quickly for most of them: "\x1b[0m" and "\x1b[32m".
    static qsizetype behindEscape(QByteArrayView text, qsizetype at)
    {
        if (text.size() - at > 4 && text[at + 1] == '[') {
            const auto isDigit = [](char c) {
                return uchar(c - '0') < 10;
            };
            if (text[at + 3] == 'm' && isDigit(text[at + 2]))
                return at + 4;
            if (text[at + 4] == 'm' && isDigit(text[at + 2]) && isDigit(text[at + 3]))
                return at + 5;
        }
        return at + escapeLength(text.sliced(at));
    }

    /// Keeps those of `escapes` across which a match may go on, by their index. Most stand between
    /// bytes that tell so, in no order that a branch could be guessed from: there is none.
    qsizetype keepJoints(QByteArrayView text, const quint32 *escapes, qsizetype count)
    {
        quint32 *const joints = m_joints.atLeast(count);
        qsizetype after = 0; // those with the right byte before them
        for (qsizetype i = count > 0 && escapes[0] == 0 ? 1 : 0; i < count; ++i) {
            joints[after] = quint32(i);
            after += qsizetype(m_matcher.mayJoin(text[qsizetype(escapes[i]) - 1]));
        }
        qsizetype both = 0;
        for (qsizetype i = 0; i < after; ++i) {
            const qsizetype behind = behindEscape(text, escapes[joints[i]]);
            const bool goesOn = behind < text.size()
                                && (text[behind] == '\x1b' || m_matcher.mayJoin(text[behind]));
            joints[both] = joints[i];
            both += qsizetype(goesOn);
        }
        return both;
    }

    /// Copies the lines that hold an escape or end with a carriage return, without them: a text
    /// may be found across an escape. The others are searched where they are.
    void cleanLines(const char *bytes, qsizetype size)
    {
        m_lineCount = 0;
        m_cleanedSize = 0;
        quint32 *const controls = m_controls.atLeast(size + newlineSlack);
        // A carriage return at the end of a line matters to expressions alone.
        const bool each = m_matcher.joinsAny();
        const qsizetype count
            = each ? findControls(bytes, size, controls) : findEscapes(bytes, size, controls);
        const qsizetype wanted = each ? count : keepJoints({bytes, size}, controls, count);
        if (wanted == 0)
            return;
        // One newline more than there was where the last line has none.
        char *const room = m_room.atLeast(size + 1 + copySlack);
        CleanedLine *const cleaned = m_cleaned.atLeast(wanted);
        char *to = room;
        qsizetype before = 0; // the end of the line before
        for (qsizetype i = 0; i < wanted; ++i) {
            qsizetype next = each ? i : m_joints.get()[i];
            const qsizetype control = controls[next];
            if (control < before)
                continue;
            const qsizetype begin
                = before + lineBegin({bytes + before, size - before}, control - before);
            qsizetype end = lineEnd({bytes, size}, control);
            before = end;
            cleaned[m_lineCount++] = {begin, to - room};
            while (end > begin && bytes[end - 1] == '\r')
                --end;
            // Those before it in the line were passed over.
            while (next > 0 && controls[next - 1] >= begin)
                --next;
            const char *const start = to;
            qsizetype from = begin;
            for (; next < count && controls[next] < before; ++next) {
                const qsizetype place = controls[next];
                if (place < from || place >= end || bytes[place] != '\x1b')
                    continue;
                to = copy(to, bytes + from, place - from);
                const qsizetype length = escapeLength({bytes + place, end - place});
                from = place + length;
                if (endsState({bytes + place, length}) && to != start && to[-1] != '\r'
                    && to - start > stampLength({start, to - start}))
                    *to++ = '\r';
            }
            to = copy(to, bytes + from, end - from);
            while (to != start && to[-1] == '\r')
                --to;
            *to++ = '\n';
        }
        m_cleanedSize = to - room;
    }

    /// Parts are short: a copy of a fixed size and a seldom loop are quicker than a call. May write
    /// `copySlack` too many; what is read too many lies in the piece or its slack.
    static char *copy(char *to, const char *from, qsizetype size)
    {
        std::memcpy(to, from, copySlack);
        for (qsizetype done = copySlack; done < size; done += copySlack)
            std::memcpy(to + done, from + done, copySlack);
        return to + size;
    }

    /// A line that may still have escapes: where no match can go across one, it was not copied.
    bool decideAsItIs(QByteArrayView line)
    {
        if (line.endsWith('\r') || std::memchr(line.data(), '\x1b', size_t(line.size())))
            return decide(searchedBytes(line));
        return decide(line);
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

    template <typename Take>
    void eachLine(QByteArrayView text, const Take &take)
    {
        for (qsizetype from = 0; from < text.size();) {
            const qsizetype end = lineEnd(text, from);
            take(from, text.sliced(from, end - from));
            from = end + 1;
        }
    }

    /// What the scan tells while it runs: lines whose end lies behind what was told before.
    struct Tell
    {
        QByteArrayView text;
        std::vector<qsizetype> *begins;
        qsizetype from = 0;   ///< where the scan began
        qsizetype known = -1; ///< end of the line told last
        int again = 0;        ///< matches in that line after the first
    };
    static int tell(unsigned, unsigned long long, unsigned long long to, unsigned, void *context)
    {
        auto &told = *static_cast<Tell *>(context);
        // The byte before the end of a match is in its line: none is empty.
        const qsizetype inside = told.from + qsizetype(to) - 1;
        if (inside <= told.known)
            return ++told.again > patience ? 1 : 0;
        told.begins->push_back(lineBegin(told.text, inside));
        told.known = lineEnd(told.text, inside);
        told.again = 0;
        return 0;
    }

    /// Calls `take` for each line that may match, among them all that do.
    template <typename Take>
    void candidates(QByteArrayView text, const Take &take)
    {
        m_begins.clear();
        Tell told{text, &m_begins};
        while (told.from < text.size()) {
            const auto outcome = hs_scan(m_matcher.candidates(), text.data() + told.from,
                                         unsigned(text.size() - told.from), 0, m_scratch,
                                         &PieceScanner::tell, &told);
            if (outcome != HS_SCAN_TERMINATED)
                break;
            told.from = told.known + 1; // the rest of a line that is known already is skipped
        }
        for (const qsizetype begin : m_begins)
            take(begin, text.sliced(begin, lineEnd(text, begin) - begin));
    }

    const LineMatcher &m_matcher;
    hs_scratch_t *m_scratch = nullptr;
    bool m_fast = false;
    Room<quint32> m_controls;    ///< places in the piece
    Room<quint32> m_joints;      ///< indices of controls
    Room<char> m_room;           ///< the cleaned lines
    Room<CleanedLine> m_cleaned; ///< in order; the first `m_lineCount` count
    size_t m_lineCount = 0;
    qsizetype m_cleanedSize = 0;
    std::vector<qsizetype> m_begins;
    std::vector<qsizetype> m_found;
};

LineScanner::LineScanner(const LogText &text, const LineMatcher &matcher)
    : m_text(text), m_scanner(std::make_unique<PieceScanner>(matcher))
{}

LineScanner::~LineScanner() = default;

std::vector<qint64> LineScanner::matching(qint64 first, qint64 last,
                                          const std::atomic<bool> *cancelled)
{
    std::vector<qint64> lines;
    qint64 at = m_text.index.start(first);
    const qint64 end = m_text.index.start(std::min(last, m_text.lineCount()));
    const qint64 wanted = std::min<qint64>(scanPiece, std::max<qint64>(1, end - at));
    if (qint64(m_piece.size()) < wanted + copySlack)
        m_piece.resize(size_t(wanted + copySlack));
    qsizetype kept = 0; // bytes at the begin of the piece that were read before
    while (at + kept < end && !(cancelled && *cancelled)) {
        const qint64 read = m_text.file->read(
            at + kept, m_piece.data() + kept,
            std::min<qint64>(qint64(m_piece.size()) - copySlack - kept, end - at - kept));
        if (read <= 0)
            break;
        const qsizetype have = kept + read;
        qsizetype whole = have;
        qsizetype next = have; // where the next piece begins
        if (at + have < end) {
            const auto *newline
                = static_cast<const char *>(memrchr(m_piece.data(), '\n', size_t(have)));
            if (newline) {
                whole = next = newline - m_piece.data() + 1;
            } else if (have < longestPiece) {
                m_piece.resize(m_piece.size() * 2);
                kept = have;
                continue;
            } else {
                next = have - overlap;
            }
        }
        m_scanner->scan(m_text.index, m_piece.data(), whole, at, lines);
        kept = have - next;
        std::memmove(m_piece.data(), m_piece.data() + next, size_t(kept));
        at += next;
    }
    return lines;
}

std::vector<qint64> matchingLines(const LogText &text, const LineMatcher &matcher, qint64 first,
                                  qint64 last)
{
    return LineScanner(text, matcher).matching(first, last);
}

} // namespace pilothouse
