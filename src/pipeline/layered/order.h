#pragma once

#include "pipeline/layered/level.h"

#include <array>
#include <vector>

namespace pilothouse {

/// The order of the ranks with what the reduction of crossings asks of it.
///
/// Pieces that meet a vertex at different heights (the border of a frame) cross like pieces of
/// different vertices, so they are counted by *slots*: a vertex has one slot a height and side.
class RankOrder
{
public:
    enum class Side { Before, After };
    enum class Start { Sources, Sinks };
    using Ranks = std::vector<std::vector<int>>;

    /// What a vertex does that crosses as little elsewhere as where it is. Moving opens ways out of
    /// a hollow that staying does not see.
    enum class Tie { Stays, Moves };

    explicit RankOrder(const Ranked &ranked);

    [[nodiscard]] const Ranks &ranks() const { return m_ranks; }
    void restore(const Ranks &ranks);

    /// Follows edges depth first from one end, in the order of the input, so that what belongs
    /// together begins together.
    void startByDepth(Start start);
    /// Sorts rank after rank by the mean of the neighbours in the rank just sorted.
    void sweep(Side towards);
    /// Moves each vertex to the place in its rank where it crosses least, the others standing
    /// still. Ends before its time when `work` reaches the limit. Returns how many crossings went.
    qint64 sift(Tie tie, qint64 workAtMost);
    [[nodiscard]] qint64 count() const;
    /// Steps done so far: a measure of time that is the same on every machine.
    [[nodiscard]] qint64 work() const { return m_work; }

private:
    /// One end of a piece as its vertex sees the other.
    struct Far
    {
        int vertex = 0;
        int local = 0;     ///< slot within that vertex
        int nearLocal = 0; ///< slot within the vertex that sees it
    };

    /// What one rank has at one side, gathered for sifting.
    struct Gathered
    {
        std::vector<int> slots;
        std::vector<int> begin; ///< by place in the rank; one more at the end
    };

    struct Neighbours
    {
        std::vector<int> begin; ///< by vertex; one more at the end
        std::vector<Far> far;
    };

    void numberLocals(const Ranked &ranked);
    void number(size_t rank);
    void sortRank(size_t rank, Side by);
    qint64 siftRank(size_t rank, Tie tie);
    void weigh(const Gathered &gathered, size_t mover);
    void weighOneByOne(const Gathered &gathered, size_t mover);
    void weighByTable(const Gathered &gathered, size_t mover);
    [[nodiscard]] int slotOf(Side side, const Far &far) const
    {
        return m_base[size_t(side)][size_t(far.vertex)] + far.local;
    }

    Ranks m_ranks;
    std::vector<int> m_rankOf;
    std::array<Neighbours, 2> m_neighbours;  ///< by Side
    std::array<std::vector<int>, 2> m_slots; ///< by the side they are seen from: a vertex's slots
    std::array<std::vector<int>, 2> m_base;  ///< likewise: a vertex's first slot within its rank
    mutable qint64 m_work = 0;

    // Kept from rank to rank to spare allocations.
    std::array<Gathered, 2> m_gathered;
    std::vector<int> m_weights; ///< crossings more if the mover and the one below it change places
    std::vector<int> m_table;
    std::vector<int> m_standing;
    mutable std::vector<int> m_tree;
};

} // namespace pilothouse
