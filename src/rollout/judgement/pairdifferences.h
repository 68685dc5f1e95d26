#pragma once

#include <QtGlobal>

#include <span>
#include <utility>
#include <vector>

namespace pilothouse {

/// The differences x_i - y_j of all pairs, in ascending order, without making them: their matrix is
/// sorted by row and by column, so that counting those below a value takes m + n steps. Selection
/// as in Johnson and Mizoguchi, "Selecting the Kth element in X + Y and X1 + … + Xm" (1978), with
/// pivots from a sample as in Floyd and Rivest, "Expected time bounds for selection" (1975).
/// Expected time (m + n) log(mn) for one; the answers are exact, and the same in every run.
class PairDifferences
{
public:
    /// Both ascending, finite and not empty; they must outlive this.
    PairDifferences(std::span<const double> x, std::span<const double> y);

    [[nodiscard]] qint64 count() const;

    /// The one with `place` others before it, place from 0 to count() - 1.
    [[nodiscard]] double at(qint64 place) const;

    /// The middle one, or the mean of the two in the middle: the estimate of the shift by Hodges
    /// and Lehmann (1963).
    [[nodiscard]] double median() const;

private:
    /// Row by row, where the candidates begin and end.
    struct Candidates
    {
        std::vector<qint32> begin;
        std::vector<qint32> end;
        qint64 before = 0; ///< differences that are surely not above any candidate
        qint64 count = 0;
    };

    [[nodiscard]] double difference(size_t row, qint32 column) const
    {
        return m_x[row] - m_falling[size_t(column)];
    }
    qint64 countUpTo(double value, std::vector<qint32> &ends) const;
    qint64 countBelow(double value, std::vector<qint32> &ends) const;
    std::pair<double, double> pivots(const Candidates &all, qint64 place,
                                     std::vector<double> &room) const;
    /// The one at `place` and the one after it (the same again if there is none).
    [[nodiscard]] std::pair<double, double> pairAt(qint64 place) const;
    [[nodiscard]] std::pair<double, double> finish(const Candidates &all, qint64 place,
                                                   std::vector<double> &room) const;

    /// The least difference at or behind these places of the rows.
    [[nodiscard]] double leastFrom(const std::vector<qint32> &ends, double otherwise) const;

    std::span<const double> m_x;
    std::vector<double> m_falling; ///< y, descending: each row of the matrix then ascends
};

} // namespace pilothouse
