#pragma once

#include <QList>
#include <QRect>

#include <vector>

namespace pilothouse {

/// Which pixels of a picture are filled. Asked from the topmost line down it tells what is left of
/// those below: of twenty lines over each other nine tenths of the pixels are never seen.
class Coverage
{
public:
    explicit Coverage(const QRect &picture);

    /// The parts of `filled` that are not wholly covered, each as wide as what it is a part of, and
    /// nothing beyond the picture's edges but what such a part has there. They cover from now on.
    [[nodiscard]] QList<QRect> uncovered(const QList<QRect> &filled);

private:
    [[nodiscard]] quint64 coveredBy(int left, int right, int word) const;

    QRect m_picture;
    int m_words;                 ///< of 64 rows each, in a column
    std::vector<quint64> m_rows; ///< column after column; a bit a row, the upper ones lower
};

} // namespace pilothouse
