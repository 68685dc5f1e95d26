#include "logs/reading/logrows.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// The last hidden line of a group that begins at `first`.
qint64 foldEnd(const LogRows::Source &source, qint64 first)
{
    const auto fold = std::lower_bound(source.folds->begin(), source.folds->end(), first,
                                       [](const Fold &f, qint64 value) { return f.first < value; });
    if (fold == source.folds->end() || fold->first != first)
        return first;
    return fold->last < 0 ? source.lineCount - 1 : fold->last;
}

} // namespace

void LogRows::rebuild(const Source &source)
{
    m_lines.clear();
    m_lineCount = 0;
    m_plain = !source.hits && (!source.folded || source.folded->empty());
    grow(source);
}

void LogRows::grow(const Source &source)
{
    const qint64 from = m_lineCount;
    m_lineCount = source.lineCount;
    if (m_plain)
        return;
    if (!source.hits) {
        add(from, source.lineCount - 1, source);
        return;
    }
    // A hit shortly before the end had no lines behind it then.
    const qint64 seen = std::min(from, m_lines.last() + 1);
    for (qint64 hit = source.hits->next(seen - 1 - qint64{2} * source.context - 1); hit >= 0;
         hit = source.hits->next(hit))
        add(std::max<qint64>(0, hit - source.context),
            std::min(hit + source.context, source.lineCount - 1), source);
}

void LogRows::add(qint64 first, qint64 last, const Source &source)
{
    if (!source.folded || source.folded->empty()) {
        m_lines.addRange(first, last);
        return;
    }
    auto fold = source.folded->upper_bound(first);
    if (fold != source.folded->begin()) {
        const qint64 begin = *std::prev(fold);
        if (begin < first)
            first = std::max(first, foldEnd(source, begin) + 1);
        else
            --fold;
    }
    for (; fold != source.folded->end() && *fold <= last; ++fold) {
        m_lines.addRange(first, *fold);
        first = foldEnd(source, *fold) + 1;
    }
    m_lines.addRange(first, last);
}

qint64 LogRows::lineOf(qint64 row) const
{
    if (row < 0 || row >= count())
        return -1;
    return m_plain ? row : m_lines.at(row);
}

qint64 LogRows::rowOf(qint64 line) const
{
    if (m_plain)
        return std::clamp<qint64>(line, 0, std::max<qint64>(0, m_lineCount - 1));
    return std::max<qint64>(0, m_lines.before(line + 1) - 1);
}

bool LogRows::isShown(qint64 line) const
{
    return m_plain ? line >= 0 && line < m_lineCount : m_lines.contains(line);
}

} // namespace pilothouse
