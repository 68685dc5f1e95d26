#include "ui/rollout/plot/coverage.h"

#include <algorithm>
#include <bit>

namespace pilothouse {
namespace {

constexpr int wordRows = 64;

/// The rows from `first` to `last`, both within one word.
quint64 rowsOf(int first, int last)
{
    return ~quint64(0) >> (wordRows - 1 - (last - first)) << first;
}

} // namespace

Coverage::Coverage(const QRect &picture)
    : m_picture(picture), m_words((picture.height() + wordRows - 1) / wordRows),
      m_rows(size_t(m_words) * size_t(picture.width()))
{}

quint64 Coverage::coveredBy(int left, int right, int word) const
{
    quint64 covered = ~quint64(0);
    for (int column = left; column <= right; ++column)
        covered &= m_rows[size_t(column) * size_t(m_words) + size_t(word)];
    return covered;
}

QList<QRect> Coverage::uncovered(const QList<QRect> &filled)
{
    QList<QRect> parts;
    parts.reserve(filled.size());
    for (const QRect &whole : filled) {
        const QRect inside = (whole & m_picture).translated(-m_picture.topLeft());
        if (inside.isEmpty())
            continue;
        int last = -2; // row that the part before ended with
        for (int word = inside.top() / wordRows; word <= inside.bottom() / wordRows; ++word) {
            const int begin = word * wordRows;
            const quint64 wanted = rowsOf(std::max(inside.top() - begin, 0),
                                          std::min(inside.bottom() - begin, wordRows - 1));
            quint64 seen = wanted & ~coveredBy(inside.left(), inside.right(), word);
            while (seen != 0) {
                const int first = std::countr_zero(seen);
                const int count = std::countr_one(seen >> first);
                if (first + begin == last + 1)
                    parts.back().setBottom(m_picture.top() + begin + first + count - 1);
                else
                    parts.append(
                        QRect(whole.left(), m_picture.top() + begin + first, whole.width(), count));
                last = begin + first + count - 1;
                seen &= ~rowsOf(first, first + count - 1);
            }
            for (int column = inside.left(); column <= inside.right(); ++column)
                m_rows[size_t(column) * size_t(m_words) + size_t(word)] |= wanted;
        }
    }
    return parts;
}

} // namespace pilothouse
