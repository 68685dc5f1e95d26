#pragma once

#include <QString>
#include <QStringList>

namespace pilothouse {

/// The candidate that `word` was most likely meant to be: fewest insertions, deletions, changes and
/// swaps of neighbours, case ignored, `-` and `_` alike. Empty if none is near (more than a third
/// of the longer word differs); of equally near ones the first.
[[nodiscard]] QString nearestWord(const QString &word, const QStringList &candidates);

} // namespace pilothouse
