#include "pipeline/layered/level.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Longest path from the items that nothing leads to.
std::vector<int> longestPaths(const std::vector<LevelItem> &items,
                              const std::vector<LevelEdge> &edges)
{
    std::vector<std::vector<int>> next(items.size());
    std::vector<int> waiting(items.size(), 0);
    for (const LevelEdge &edge : edges) {
        next[size_t(edge.from)].push_back(edge.to);
        ++waiting[size_t(edge.to)];
    }
    const auto role = [&](size_t item) {
        return items[item].role;
    };
    const bool hasEntries = std::any_of(items.begin(), items.end(), [](const LevelItem &item) {
        return item.role == LevelItem::Role::Entry;
    });
    std::vector<int> rank(items.size(), 0);
    std::vector<int> open;
    for (size_t item = 0; item < items.size(); ++item) {
        if (hasEntries && role(item) != LevelItem::Role::Entry)
            rank[item] = 1;
        if (waiting[item] == 0)
            open.push_back(int(item));
    }
    for (size_t at = 0; at < open.size(); ++at) {
        const auto item = size_t(open[at]);
        for (const int target : next[item]) {
            rank[size_t(target)] = std::max(rank[size_t(target)], rank[item] + 1);
            if (--waiting[size_t(target)] == 0)
                open.push_back(target);
        }
    }

    int last = 0;
    for (size_t item = 0; item < items.size(); ++item) {
        if (role(item) != LevelItem::Role::Exit)
            last = std::max(last, rank[item]);
    }
    for (size_t item = 0; item < items.size(); ++item) {
        if (role(item) == LevelItem::Role::Exit)
            rank[item] = last + 1;
    }
    return rank;
}

} // namespace

Ranked rankItems(const std::vector<LevelItem> &items, const std::vector<LevelEdge> &edges)
{
    Ranked ranked;
    const std::vector<int> rank = longestPaths(items, edges);
    for (size_t item = 0; item < items.size(); ++item) {
        const bool passing = items[item].role == LevelItem::Role::Entry
                             || items[item].role == LevelItem::Role::Exit;
        ranked.vertices.push_back({int(item), rank[item], items[item].size.height(), passing});
    }
    for (const LevelEdge &edge : edges) {
        std::vector<int> chain;
        const auto centre = [&](int item) {
            return items[size_t(item)].size.height() / 2;
        };
        int from = edge.from;
        double fromOffset = edge.fromOffset - centre(edge.from);
        for (int at = rank[size_t(edge.from)] + 1; at <= rank[size_t(edge.to)]; ++at) {
            const bool arrives = at == rank[size_t(edge.to)];
            const int to = arrives ? edge.to : int(ranked.vertices.size());
            if (!arrives)
                ranked.vertices.push_back({-1, at, 0, true});
            chain.push_back(int(ranked.pieces.size()));
            ranked.pieces.push_back(
                {from, to, fromOffset, arrives ? edge.toOffset - centre(edge.to) : 0});
            from = to;
            fromOffset = 0;
        }
        ranked.chains.push_back(chain);
    }

    int count = 0;
    for (const Vertex &vertex : ranked.vertices)
        count = std::max(count, vertex.rank + 1);
    ranked.ranks.resize(size_t(count));
    for (size_t vertex = 0; vertex < ranked.vertices.size(); ++vertex)
        ranked.ranks[size_t(ranked.vertices[vertex].rank)].push_back(int(vertex));
    ranked.before.resize(ranked.vertices.size());
    ranked.after.resize(ranked.vertices.size());
    for (size_t piece = 0; piece < ranked.pieces.size(); ++piece) {
        ranked.after[size_t(ranked.pieces[piece].from)].push_back(int(piece));
        ranked.before[size_t(ranked.pieces[piece].to)].push_back(int(piece));
    }
    return ranked;
}

} // namespace pilothouse
