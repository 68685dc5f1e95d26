#pragma once

#include <QtGlobal>

#include <compare>
#include <iterator>
#include <vector>

namespace pilothouse {

/// Ascending line numbers, one bit each: the hits of a search, the lines that a filter leaves.
/// Finding the n-th, or how many lie before one, takes a few steps however many there are.
class LineSet
{
public:
    class Iterator
    {
    public:
        using iterator_category = std::forward_iterator_tag;
        using value_type = qint64;
        using difference_type = qint64;
        using pointer = const qint64 *;
        using reference = qint64;

        Iterator() = default;
        Iterator(const LineSet *set, qint64 line) : m_set(set), m_line(line) {}
        qint64 operator*() const { return m_line; }
        Iterator &operator++()
        {
            m_line = m_set->next(m_line);
            return *this;
        }
        Iterator operator++(int)
        {
            const Iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const Iterator &) const = default;

    private:
        const LineSet *m_set = nullptr;
        qint64 m_line = -1;
    };

    /// Adds a line; only lines behind the last may come (one that is in already is no harm).
    void add(qint64 line);
    /// Adds `first` to `last`, as far as they lie behind the last.
    void addRange(qint64 first, qint64 last);
    /// Forgets the lines from this one on.
    void removeFrom(qint64 line);
    void clear();

    [[nodiscard]] bool empty() const { return m_count == 0; }
    [[nodiscard]] size_t size() const { return size_t(m_count); }
    [[nodiscard]] qint64 last() const { return m_last; }
    [[nodiscard]] bool contains(qint64 line) const;
    /// The first line behind (before) this one; -1 if there is none.
    [[nodiscard]] qint64 next(qint64 line) const;
    [[nodiscard]] qint64 previous(qint64 line) const;
    /// The line at a position counted from 0; -1 if there are fewer.
    [[nodiscard]] qint64 at(qint64 position) const;
    /// How many lines lie before this one.
    [[nodiscard]] qint64 before(qint64 line) const;

    [[nodiscard]] Iterator begin() const { return {this, next(-1)}; }
    [[nodiscard]] Iterator end() const { return {this, -1}; }

private:
    std::vector<quint64> m_words;
    std::vector<qint64> m_before; ///< lines before each group of words
    qint64 m_count = 0;
    qint64 m_last = -1;
};

} // namespace pilothouse
