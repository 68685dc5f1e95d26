#include "document/nearestword.h"

#include <algorithm>
#include <vector>

namespace pilothouse {

namespace {

QString folded(const QString &word)
{
    return word.left(64).toLower().replace(QLatin1Char('-'), QLatin1Char('_'));
}

/// Optimal string alignment distance (Damerau-Levenshtein without editing a swapped pair again).
int distance(const QString &a, const QString &b)
{
    const auto rows = size_t(a.size()) + 1;
    const auto columns = size_t(b.size()) + 1;
    std::vector<std::vector<int>> d(rows, std::vector<int>(columns));
    for (size_t i = 0; i < rows; ++i)
        d[i][0] = int(i);
    for (size_t j = 0; j < columns; ++j)
        d[0][j] = int(j);
    for (size_t i = 1; i < rows; ++i) {
        for (size_t j = 1; j < columns; ++j) {
            const QChar left = a[qsizetype(i) - 1];
            const QChar right = b[qsizetype(j) - 1];
            d[i][j] = std::min(
                {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (left == right ? 0 : 1)});
            if (i > 1 && j > 1 && left == b[qsizetype(j) - 2] && a[qsizetype(i) - 2] == right)
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[rows - 1][columns - 1];
}

} // namespace

QString nearestWord(const QString &word, const QStringList &candidates)
{
    const QString wanted = folded(word);
    QString nearest;
    int fewest = 0;
    for (const QString &candidate : candidates) {
        const QString other = folded(candidate);
        const int edits = distance(wanted, other);
        const auto longer = int(std::max(wanted.size(), other.size()));
        if (edits * 3 > std::max(longer, 3))
            continue;
        if (nearest.isEmpty() || edits < fewest) {
            nearest = candidate;
            fewest = edits;
        }
    }
    return nearest;
}

} // namespace pilothouse
