#pragma once

#include <QStringList>

namespace pilothouse {

/// `judge --vectors FILE [--solver kayenta|exact] [--json]`: judges the cases of a file of vectors,
/// by the compatible solver unless told otherwise, and prints one line of JSON for each, with or
/// without --json. `arguments` stand behind the command's name. Returns 0 if every case came out as
/// the file expects, 1 if one did not, 2 for wrong usage or a file that holds no vectors.
[[nodiscard]] int judgeCommand(const QStringList &arguments);

} // namespace pilothouse
