#include "logs/logdiff.h"

#include "logs/logline.h"
#include "logs/search/linematcher.h"

#include <QHash>

#include <deque>

namespace pilothouse {
namespace {

/// So many equal lines are no accident.
constexpr int alikeToGoOn = 3;
constexpr qint64 comparedBytes = 64 << 10;
constexpr qsizetype shortestHash = 7;

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool isWord(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Reads comparable lines of one log, each once however often it is looked at.
class ComparableLines
{
public:
    ComparableLines(const LogText &text, qint64 first)
        : m_text(text), m_count(text.lineCount()), m_first(first)
    {}

    [[nodiscard]] bool has(qint64 line) const { return line < m_count; }
    [[nodiscard]] qint64 count() const { return m_count; }
    const QByteArray &at(qint64 line)
    {
        while (m_first + qint64(m_lines.size()) <= line)
            m_lines.push_back(
                comparableLine(m_text.line(m_first + qint64(m_lines.size()), comparedBytes)));
        return m_lines[size_t(line - m_first)];
    }
    /// Lines before this one are not asked for again.
    void forgetBefore(qint64 line)
    {
        while (m_first < line && !m_lines.empty()) {
            m_lines.pop_front();
            ++m_first;
        }
        if (m_lines.empty())
            m_first = std::max(m_first, line);
    }

private:
    const LogText &m_text;
    qint64 m_count;
    qint64 m_first;
    std::deque<QByteArray> m_lines;
};

bool goesOnAlike(ComparableLines &left, qint64 a, ComparableLines &right, qint64 b)
{
    for (int i = 0; i < alikeToGoOn; ++i) {
        const bool ended = !left.has(a + i) && !right.has(b + i);
        if (ended)
            return i > 0;
        if (!left.has(a + i) || !right.has(b + i) || left.at(a + i) != right.at(b + i))
            return false;
    }
    return true;
}

/// Where a line stands among the next few; -1 if it stands there more than once.
QHash<QByteArray, qint64> placesOfRareLines(ComparableLines &lines, qint64 from, int reach)
{
    QHash<QByteArray, qint64> places;
    for (qint64 line = from; line <= from + reach && lines.has(line); ++line) {
        const auto known = places.constFind(lines.at(line));
        places.insert(lines.at(line), known == places.cend() ? line : -1);
    }
    return places;
}

/// The nearest line that stands once in each, and from which both go on alike: logs repeat
/// themselves, so that a few equal lines may be an accident, but not such a one.
std::optional<LogDifference> meetingAtRareLine(ComparableLines &left, ComparableLines &right,
                                               const LogDifference &difference, int reach)
{
    const auto here = placesOfRareLines(left, difference.left, reach);
    const auto there = placesOfRareLines(right, difference.right, reach);
    std::optional<LogDifference> nearest;
    for (qint64 line = difference.left; line <= difference.left + reach && left.has(line); ++line) {
        const qint64 other
            = here.value(left.at(line)) == line ? there.value(left.at(line), -1) : -1;
        if (other < 0 || !goesOnAlike(left, line, right, other))
            continue;
        if (!nearest || line + other < nearest->left + nearest->right)
            nearest = LogDifference{line, other, 0};
    }
    while (nearest && nearest->left > difference.left && nearest->right > difference.right
           && left.at(nearest->left - 1) == right.at(nearest->right - 1)) {
        --nearest->left;
        --nearest->right;
    }
    return nearest;
}

} // namespace

QByteArray comparableLine(QByteArrayView line)
{
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    line = line.sliced(stampLength(line));
    const LastState last = lastState(line);
    const QByteArray text = withoutEscapes(line.sliced(last.begin, last.end - last.begin));
    QByteArray out;
    out.reserve(text.size());
    for (qsizetype at = 0; at < text.size();) {
        if (!isWord(text[at])) {
            out += text[at++];
            continue;
        }
        // A whole word at a time: "4be81c0" is a hash, "decade" and "v8engine" are not.
        qsizetype end = at;
        qsizetype digits = 0;
        bool hex = true;
        while (end < text.size() && isWord(text[end])) {
            digits += isDigit(text[end]) ? 1 : 0;
            hex = hex && isHex(text[end]);
            ++end;
        }
        const bool prefixed = end - at > 2 && text[at] == '0' && (text[at + 1] | 0x20) == 'x';
        if (prefixed || (hex && digits > 0 && end - at >= shortestHash)) {
            out += '#';
            at = end;
            continue;
        }
        while (at < end) {
            if (!isDigit(text[at])) {
                out += text[at++];
                continue;
            }
            while (at < end && isDigit(text[at]))
                ++at;
            // "[  9%]", "[ 10%]" and "[100%]": what fills up to a width is no difference either.
            while (out.endsWith(' '))
                out.chop(1);
            out += '#';
        }
    }
    // "1.5 s" and "12 s" take the same time for this purpose.
    out.replace("#.#", "#");
    return out;
}

std::optional<LogDifference> firstDifference(const LogText &left, const LogText &right,
                                             LogDifference from, const std::atomic<bool> *cancelled)
{
    ComparableLines leftLines(left, from.left);
    ComparableLines rightLines(right, from.right);
    LogDifference at = from;
    while (!(cancelled && *cancelled)) {
        leftLines.forgetBefore(at.left);
        rightLines.forgetBefore(at.right);
        const bool leftHas = leftLines.has(at.left);
        const bool rightHas = rightLines.has(at.right);
        if (!leftHas && !rightHas)
            return {};
        if (!leftHas || !rightHas || leftLines.at(at.left) != rightLines.at(at.right))
            return at;
        ++at.left;
        ++at.right;
        ++at.alike;
    }
    return {};
}

std::optional<LogDifference> nextMeeting(const LogText &left, const LogText &right,
                                         const LogDifference &difference, int reach,
                                         const std::atomic<bool> *cancelled)
{
    ComparableLines leftLines(left, difference.left);
    ComparableLines rightLines(right, difference.right);
    if (const auto meeting = meetingAtRareLine(leftLines, rightLines, difference, reach))
        return meeting;
    // By the number of lines passed over in both together.
    for (int passed = 1; passed <= 2 * reach; ++passed) {
        if (cancelled && *cancelled)
            return {};
        for (int here = std::max(0, passed - reach); here <= std::min(passed, reach); ++here) {
            const LogDifference place{difference.left + here, difference.right + passed - here, 0};
            if (goesOnAlike(leftLines, place.left, rightLines, place.right))
                return place;
        }
    }
    return {};
}

} // namespace pilothouse
