#include "logs/lineset.h"

#include <algorithm>
#include <bit>

namespace pilothouse {
namespace {

constexpr size_t groupWords = 64;

} // namespace

void LineSet::add(qint64 line)
{
    if (line <= m_last)
        return;
    const auto word = size_t(line / 64);
    while (m_words.size() <= word) {
        if (m_words.size() % groupWords == 0)
            m_before.push_back(m_count);
        m_words.push_back(0);
    }
    m_words[word] |= quint64(1) << (line % 64);
    ++m_count;
    m_last = line;
}

void LineSet::addRange(qint64 first, qint64 last)
{
    qint64 line = std::max(first, m_last + 1);
    while (line <= last) {
        add(line);
        // Whole words at once: a range may be the whole log.
        if (line % 64 == 0 && last - line >= 63) {
            m_words.back() = ~quint64(0);
            m_count += 63;
            m_last += 63;
        }
        line = m_last + 1;
    }
}

void LineSet::removeFrom(qint64 line)
{
    line = std::max<qint64>(0, line);
    if (line > m_last)
        return;
    m_count = before(line);
    m_last = previous(line);
    m_words.resize(size_t(m_last / 64) + (m_last < 0 ? 0 : 1));
    m_before.resize((m_words.size() + groupWords - 1) / groupWords);
    if (m_last >= 0 && m_last % 64 != 63)
        m_words.back() &= (quint64(1) << (m_last % 64 + 1)) - 1;
}

void LineSet::clear()
{
    *this = {};
}

bool LineSet::contains(qint64 line) const
{
    return line >= 0 && line <= m_last && (m_words[size_t(line / 64)] >> (line % 64) & 1) != 0;
}

qint64 LineSet::next(qint64 line) const
{
    line = std::max<qint64>(0, line + 1);
    if (line > m_last)
        return -1;
    auto word = size_t(line / 64);
    quint64 bits = m_words[word] >> (line % 64) << (line % 64);
    while (bits == 0)
        bits = m_words[++word];
    return qint64(word) * 64 + std::countr_zero(bits);
}

qint64 LineSet::previous(qint64 line) const
{
    if (line > m_last)
        return m_last;
    if (line <= 0)
        return -1;
    --line;
    auto word = size_t(line / 64);
    quint64 bits = m_words[word] << (63 - line % 64) >> (63 - line % 64);
    while (bits == 0) {
        if (word == 0)
            return -1;
        bits = m_words[--word];
    }
    return qint64(word) * 64 + 63 - std::countl_zero(bits);
}

qint64 LineSet::at(qint64 position) const
{
    if (position < 0 || position >= m_count)
        return -1;
    const auto group = std::upper_bound(m_before.begin(), m_before.end(), position) - 1;
    qint64 rest = position - *group;
    auto word = size_t(group - m_before.begin()) * groupWords;
    while (rest >= std::popcount(m_words[word]))
        rest -= std::popcount(m_words[word++]);
    quint64 bits = m_words[word];
    for (; rest > 0; --rest)
        bits &= bits - 1;
    return qint64(word) * 64 + std::countr_zero(bits);
}

qint64 LineSet::before(qint64 line) const
{
    if (line > m_last)
        return m_count;
    if (line <= 0)
        return 0;
    const auto word = size_t(line / 64);
    qint64 count = m_before[word / groupWords];
    for (size_t i = word / groupWords * groupWords; i < word; ++i)
        count += std::popcount(m_words[i]);
    return count + std::popcount(m_words[word] & ((quint64(1) << (line % 64)) - 1));
}

} // namespace pilothouse
