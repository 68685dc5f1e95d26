#include "rollout/judgement/pairdifferences.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

constexpr qint64 fewEnough = 512; ///< candidates that are cheaper to make than to narrow down
constexpr qint64 mostSampled = 256;

/// Steps of a linear congruential generator (Knuth's MMIX): the sample is the same in every run.
quint64 nextRandom(quint64 &state)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33;
}

} // namespace

PairDifferences::PairDifferences(std::span<const double> x, std::span<const double> y)
    : m_x(x), m_falling(y.rbegin(), y.rend())
{}

qint64 PairDifferences::count() const
{
    return qint64(m_x.size()) * qint64(m_falling.size());
}

qint64 PairDifferences::countUpTo(double value, std::vector<qint32> &ends) const
{
    qint64 total = 0;
    auto column = qint32(m_falling.size());
    for (size_t row = 0; row < m_x.size(); ++row) {
        while (column > 0 && difference(row, column - 1) > value)
            --column;
        ends[row] = column;
        total += column;
    }
    return total;
}

qint64 PairDifferences::countBelow(double value, std::vector<qint32> &ends) const
{
    qint64 total = 0;
    auto column = qint32(m_falling.size());
    for (size_t row = 0; row < m_x.size(); ++row) {
        while (column > 0 && difference(row, column - 1) >= value)
            --column;
        ends[row] = column;
        total += column;
    }
    return total;
}

std::pair<double, double> PairDifferences::pivots(const Candidates &all, qint64 place,
                                                  std::vector<double> &room) const
{
    // One candidate from each of many strata of equal size.
    const qint64 sampled = std::clamp<qint64>(all.count / 16, 16, mostSampled);
    quint64 random = quint64(all.count);
    room.clear();
    size_t row = 0;
    qint64 passed = 0; // candidates in the rows before
    for (qint64 i = 0; i < sampled; ++i) {
        const qint64 from = all.count * i / sampled;
        const qint64 width = std::max<qint64>(1, all.count * (i + 1) / sampled - from);
        const qint64 chosen = from + qint64(nextRandom(random) % quint64(width));
        while (passed + all.end[row] - all.begin[row] <= chosen) {
            passed += all.end[row] - all.begin[row];
            ++row;
        }
        room.push_back(difference(row, all.begin[row] + qint32(chosen - passed)));
    }
    const double share = (double(place - all.before) + 0.5) / double(all.count);
    const double middle = share * double(sampled);
    const double spread = 1.5 * std::sqrt(double(sampled) * share * (1 - share)) + 1;
    const auto last = double(sampled - 1);
    const auto low = room.begin() + std::ptrdiff_t(std::clamp(middle - spread, 0.0, last));
    const auto high = room.begin() + std::ptrdiff_t(std::clamp(middle + spread, 0.0, last));
    std::nth_element(room.begin(), low, room.end());
    const double lower = *low;
    std::nth_element(low, high, room.end());
    return {lower, *high};
}

std::pair<double, double> PairDifferences::finish(const Candidates &all, qint64 place,
                                                  std::vector<double> &room) const
{
    room.clear();
    for (size_t row = 0; row < m_x.size(); ++row) {
        for (qint32 column = all.begin[row]; column < all.end[row]; ++column)
            room.push_back(difference(row, column));
    }
    const auto found = room.begin() + std::ptrdiff_t(place - all.before);
    std::nth_element(room.begin(), found, room.end());
    const double here = *found;
    if (found + 1 != room.end())
        return {here, *std::min_element(found + 1, room.end())};
    return {here, leastFrom(all.end, here)};
}

double PairDifferences::leastFrom(const std::vector<qint32> &ends, double otherwise) const
{
    double least = otherwise;
    bool any = false;
    for (size_t row = 0; row < m_x.size(); ++row) {
        if (ends[row] == qint32(m_falling.size()))
            continue;
        const double first = difference(row, ends[row]);
        least = any ? std::min(least, first) : first;
        any = true;
    }
    return least;
}

std::pair<double, double> PairDifferences::pairAt(qint64 place) const
{
    Candidates all;
    all.begin.assign(m_x.size(), 0);
    all.end.assign(m_x.size(), qint32(m_falling.size()));
    all.count = count();
    std::vector<qint32> ends(m_x.size());
    std::vector<double> room;
    const auto beginHere = [&](qint64 before) {
        all.begin.swap(ends);
        all.count -= before - all.before;
        all.before = before;
    };
    const auto endHere = [&](qint64 before) {
        all.end.swap(ends);
        all.count = before - all.before;
    };
    // Each turn takes a pivot, which is a candidate, off the candidates: it ends, ties or not.
    while (all.count > std::max(fewEnough, 2 * qint64(m_x.size() + m_falling.size()))) {
        const auto [low, high] = pivots(all, place, room);
        qint64 before = countBelow(low, ends);
        if (before > place) {
            endHere(before);
            continue;
        }
        if (before > all.before)
            beginHere(before);
        before = countBelow(high, ends);
        if (before > place) {
            endHere(before);
            continue;
        }
        // Not below the upper pivot: that one itself, or above it.
        const qint64 upTo = countUpTo(high, ends);
        if (upTo <= place) {
            beginHere(upTo);
            continue;
        }
        return {high, upTo > place + 1 ? high : leastFrom(ends, high)};
    }
    return finish(all, place, room);
}

double PairDifferences::at(qint64 place) const
{
    return pairAt(place).first;
}

double PairDifferences::median() const
{
    const qint64 all = count();
    const auto [first, second] = pairAt((all - 1) / 2);
    return all % 2 != 0 || first == second ? first : first + (second - first) / 2;
}

} // namespace pilothouse
