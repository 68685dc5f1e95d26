#include "logs/logmarks.h"

#include "logs/logline.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace pilothouse {
namespace {

/// A stamp, colours, and the longest marker.
constexpr qsizetype markerReach = 96;

} // namespace

void LogMarks::take(QByteArrayView bytes)
{
    countInvalid(bytes);
    const char *at = bytes.data();
    const char *const end = at + bytes.size();
    for (const char *zero = at;
         zero < end && (zero = static_cast<const char *>(std::memchr(zero, 0, size_t(end - zero))));
         ++zero)
        ++m_zeros;
    while (at < end) {
        if (!m_inside && m_lines % checkpointLines == 0
            && qint64(m_styles.size()) <= m_lines / checkpointLines)
            m_styles.push_back(m_style);
        const char *newline = static_cast<const char *>(std::memchr(at, '\n', size_t(end - at)));
        const char *stop = newline ? newline : end;
        const QByteArrayView part(at, stop - at);
        m_style = styleAfter(part, m_style);
        if (m_inside || !newline) {
            // The line comes in pieces: its begin is kept until the rest is there.
            if (m_begun.size() < markerReach)
                m_begun.append(part.data(), std::min(part.size(), markerReach));
            if (newline)
                readBegin(std::exchange(m_begun, {}));
        } else {
            readBegin(part);
        }
        m_inside = newline == nullptr;
        m_lines += newline ? 1 : 0;
        at = newline ? newline + 1 : end;
    }
}

void LogMarks::countInvalid(QByteArrayView bytes)
{
    if (!m_cut.isEmpty()) {
        qsizetype more = 0;
        while (more < bytes.size() && m_cut.size() + more < utf8Bytes(m_cut[0])
               && (uchar(bytes[more]) & 0xc0) == 0x80)
            ++more;
        m_cut.append(bytes.data(), more);
        bytes = bytes.sliced(more);
        if (bytes.isEmpty() && m_cut.size() < utf8Bytes(m_cut[0]))
            return;
        m_invalid += countInvalidUtf8(std::exchange(m_cut, {}));
    }
    const qsizetype cut = cutUtf8(bytes);
    m_cut = bytes.last(cut).toByteArray();
    bytes.chop(cut);
    m_invalid += countInvalidUtf8(bytes);
}

void LogMarks::readBegin(QByteArrayView line)
{
    const QByteArrayView reach = line.first(std::min(line.size(), markerReach));
    QByteArrayView rest = reach.sliced(stampLength(reach));
    while (rest.startsWith('\x1b'))
        rest = rest.sliced(escapeLength(rest));
    const bool opens = rest.startsWith("##[group]") || rest.startsWith("::group::");
    const bool closes = rest.startsWith("##[endgroup]") || rest.startsWith("::endgroup::");
    if (!opens && !closes)
        return readBuildMark(rest);
    if (!m_folds.empty() && m_folds.back().last < 0)
        m_folds.back().last = closes ? m_lines : m_lines - 1;
    if (opens)
        m_folds.push_back({m_lines, -1});
}

void LogMarks::readBuildMark(QByteArrayView line)
{
    constexpr QByteArrayView starting("Starting Step #");
    constexpr int mostSteps = 1000; // Cloud Build takes 300; anything else is no such line
    if (m_buildMarks.size() >= size_t(mostSteps) || line.isEmpty() || line[0] > 'S')
        return;
    if (line == QByteArrayView("BUILD") || line == QByteArrayView("BUILD\r")) {
        m_buildMarks.push_back({m_lines, BuildMark::whole});
    } else if (line.startsWith(starting)) {
        const QByteArrayView rest = line.sliced(starting.size());
        qsizetype digits = 0;
        while (digits < std::min<qsizetype>(3, rest.size()) && rest[digits] >= '0'
               && rest[digits] <= '9')
            ++digits;
        if (digits > 0)
            m_buildMarks.push_back({m_lines, rest.first(digits).toByteArray().toInt()});
    }
}

std::optional<Fold> LogMarks::foldAround(qint64 line) const
{
    auto fold = std::upper_bound(m_folds.begin(), m_folds.end(), line,
                                 [](qint64 value, const Fold &f) { return value < f.first; });
    if (fold == m_folds.begin())
        return {};
    --fold;
    if (fold->last >= 0 && line > fold->last)
        return {};
    return *fold;
}

std::optional<Fold> LogMarks::foldAt(qint64 line) const
{
    const std::optional<Fold> fold = foldAround(line);
    return fold && fold->first == line ? fold : std::nullopt;
}

LogMarks::Checkpoint LogMarks::before(qint64 line) const
{
    if (m_styles.empty() || line < 0)
        return {};
    const qint64 step = std::min(line / checkpointLines, qint64(m_styles.size()) - 1);
    return {step * checkpointLines, m_styles[size_t(step)]};
}

} // namespace pilothouse
